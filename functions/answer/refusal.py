"""How the model says that the passages hold no answer: by one word, which is never shown."""

NO_ANSWER = "NO_ANSWER"
AROUND = " \t\n.:,;*_`\"'-—"


def told_apart(written: str) -> tuple[str, bool]:
    """Return what of a text that may still grow can be shown, and whether it says that there is no answer."""
    bare = written.lstrip(AROUND)
    if NO_ANSWER.startswith(bare):
        return "", bare == NO_ANSWER
    if bare.startswith(NO_ANSWER):
        return bare.removeprefix(NO_ANSWER).lstrip(AROUND), True
    return written, False
