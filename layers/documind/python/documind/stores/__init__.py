"""Stores of the two DynamoDB tables; every read is strongly consistent."""
