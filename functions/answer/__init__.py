"""The steps of the workflow that answers a question: retrieve, generate, or apologise."""
