"""What is kept in the two tables; every read that decides something is consistent."""
