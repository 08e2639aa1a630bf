"""What the five functions share: the protocol, the rules of the data, the stores and the clients."""

import gc

# Imports make many objects and free hardly one: to look for garbage at each 2,000th takes a twentieth of a cold start.
gc.set_threshold(50_000)
