"""The layer shared by all functions: protocol, settings, errors, stores and clients."""

import gc

# Imports allocate some 120,000 objects and free almost none; garbage collection of them takes 10 % of a cold start.
gc.set_threshold(200_000)
