"""The operator's check of a stage's models and search."""
