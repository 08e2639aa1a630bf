"""The services outside the tables: sockets, objects, workflow, search and models."""
