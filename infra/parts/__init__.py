"""The parts of the stack: one construct for each concern."""
