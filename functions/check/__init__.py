"""What an operator asks a stage: whether its models and its search work."""
