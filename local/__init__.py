"""The local run: installs the tools, starts the services, deploys the stack onto them, serves the website."""
