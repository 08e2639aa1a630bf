"""`python -m bench [NAME...]` (make bench ONLY=NAME): run the named benchmarks, or all, and print their tables."""

import importlib
import sys

BENCHMARKS = ("start", "cold", "first_text", "history", "opening", "load", "page", "reading", "search", "upload")
BY_NAME_ONLY = ("soak",)  # takes SOAK_MINUTES


def main(names: list[str]) -> int:
    """Run the benchmarks; each is a module of this package with a `run()` that prints Markdown."""
    known = (*BENCHMARKS, *BY_NAME_ONLY)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are: {' '.join(known)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        importlib.import_module(f"bench.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
