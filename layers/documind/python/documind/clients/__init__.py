"""Clients of the services other than DynamoDB: sockets, S3, SQS, Step Functions, Cognito, search and models."""
