"""Quality of retrieval and answers, measured on a golden set of our own or on any other."""

import sys
from pathlib import Path

# The functions are not an installed package: this lets `python -m evals` import them, as their tests do.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "functions"))
