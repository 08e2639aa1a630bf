"""What the tutorial's application does, in small, to run beside ours."""
