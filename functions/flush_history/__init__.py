"""`$disconnect` and expiry: moves live messages into segments."""
