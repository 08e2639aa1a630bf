"""`$connect`: the authorizer, and the registration of connections."""
