"""Reads a PDF in a separate process: each page as text, with the position of its lines and the kind of its blocks."""
