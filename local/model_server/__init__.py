"""The offline model server: OpenAI's protocol with a small embedding model and quotations, so that no key is needed."""
