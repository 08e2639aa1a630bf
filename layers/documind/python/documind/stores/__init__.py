"""The two tables, one class for each kind of item."""
