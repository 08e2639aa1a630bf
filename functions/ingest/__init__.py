"""From an uploaded PDF to passages that can be found: receive, read, clean, split, index."""
