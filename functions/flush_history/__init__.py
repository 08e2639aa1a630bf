"""What happens when a connection or a live message ends: history becomes durable."""
