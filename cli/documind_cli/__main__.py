"""The entry point of `documind`; its modules take a second to load, and Ctrl-C may come meanwhile."""

import sys


def main(given: list[str] | None = None) -> int:
    """Run the given arguments, or those of this process; return the exit status."""
    try:
        from documind_cli.running import run  # noqa: PLC0415
    except KeyboardInterrupt:
        return 130
    return run(given)


if __name__ == "__main__":
    sys.exit(main())
