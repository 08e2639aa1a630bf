"""A reduced form of the tutorial's application, for comparison."""
