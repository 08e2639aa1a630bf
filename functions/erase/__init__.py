"""Erasure: rooms, documents and accounts go from the search, from S3 and from DynamoDB, until a receipt can say so."""
