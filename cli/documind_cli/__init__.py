"""The protocol from the other side: a small typed client that others can import."""
