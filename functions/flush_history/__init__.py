"""`$disconnect` and expiry: live messages are moved into durable history."""
