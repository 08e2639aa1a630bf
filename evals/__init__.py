"""Quality of retrieval and answers, measured on a golden set of our own or on any other."""

import sys
from pathlib import Path

# The functions are no installed package; with this, `python -m evals` finds them as their tests do.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "functions"))
