"""The offline model server: OpenAI's protocol without a neural network, so that everything runs without a key."""
