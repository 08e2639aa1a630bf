"""Handles every client frame: one module for each family of frames, chosen by one dispatch table."""
