"""The stack of the product and what differs between its stages."""
