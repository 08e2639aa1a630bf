"""The local run: what installs the tools, starts the services, deploys onto them and serves the page."""
