"""Assembles an answer from its deltas by the rule of the protocol; no input or output."""

from typing import Literal

from documind.wire import Delta


class Answer:
    """The text of one answer so far: its first `seq` code points, in the `epoch` that wrote them."""

    def __init__(self) -> None:
        self.epoch = 0
        self.text = ""

    @property
    def seq(self) -> int:
        return len(self.text)

    def add(self, delta: Delta) -> Literal["applied", "old", "gap"]:
        """Append a delta that continues the text; ignore an older one; after a gap the caller sends `resume`."""
        if delta.epoch > self.epoch and delta.after == 0:
            self.epoch, self.text = delta.epoch, ""
        if (delta.epoch, delta.after) == (self.epoch, self.seq):
            self.text += delta.text
            return "applied"
        return "gap" if delta.epoch > self.epoch or (delta.epoch == self.epoch and delta.seq > self.seq) else "old"
