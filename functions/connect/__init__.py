"""Who is connecting: the authorizer and the registration of connections."""
