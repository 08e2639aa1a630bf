"""From an uploaded PDF to passages that can be found: receive, read, split, index, with checkpoints."""
