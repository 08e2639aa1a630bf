"""Quality of retrieval and answers, measured on a golden set of our own or on any other."""
