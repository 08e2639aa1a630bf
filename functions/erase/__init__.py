"""Erases rooms, documents and accounts from OpenSearch, S3 and DynamoDB, and completes their receipts."""
