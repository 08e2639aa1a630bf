"""The CDK stack of the product and its stages."""
