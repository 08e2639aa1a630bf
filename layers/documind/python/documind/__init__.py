"""What the five functions share: the protocol, the rules of the data, the stores and the clients."""
