"""A typed Python client of the protocol, and the command `documind`."""
