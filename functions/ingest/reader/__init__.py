"""Reads a PDF in a process of its own: each page as text with the place of its lines and the kind of its blocks."""
