"""The offline model server: OpenAI's protocol with a small embedding model and quotations, so that no key is needed."""

import os

# Set before NumPy is imported, which reads it: with more threads, parallel requests take three times the CPU time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
