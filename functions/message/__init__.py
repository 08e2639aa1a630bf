"""Every frame a client can send: one file a family of frames behind one dispatch table."""
