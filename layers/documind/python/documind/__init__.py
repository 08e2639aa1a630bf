"""What the five functions share: the protocol, the rules of the data, the stores and the clients."""

import gc

# Imports make some 120,000 objects and free hardly one: to look for garbage among them takes a tenth of a cold start.
gc.set_threshold(200_000)
