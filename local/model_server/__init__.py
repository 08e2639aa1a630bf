"""The offline model server: OpenAI's protocol with a small embedding model and quotations, so that no key is needed."""

import os

# Before NumPy is imported, which reads it. Requests run beside each other; more threads triple their cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
