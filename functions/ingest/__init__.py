"""Makes the passages of an uploaded PDF searchable: receives, reads, splits and indexes it, with checkpoints."""
