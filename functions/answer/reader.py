"""Reads the model's stream into a buffer, so that reading and publishing do not wait for each other."""

import json
import logging
import threading
from collections.abc import Collection, Generator

from answer.citations import MAY_BECOME_A_MARK, renumbered
from answer.prompt import split_refusal
from documind.limits import MAX_ANSWER_BYTES

CLOSE_S = 1  # a stream that stays silent for longer ends by its own timeout

logger = logging.getLogger(__name__)


class Reader:
    """Reads a stream of pieces in a thread of its own; `close` ends the model's request, and with it the cost.

    `known` are the numbers of passages that may be cited. `failed`: the stream broke off or exceeded the maximal
    length; the text before that is in `written`. `tokens`: read and written, if the stream reports it at its end.
    `refused`: the text begins with NO_ANSWER.
    """

    def __init__(self, pieces: Generator[str, None, int | None], known: Collection[int] = ()) -> None:
        self._pieces = pieces
        self._known = known
        self._changed = threading.Condition()
        self._text = ""
        self._finished = False
        self._closed = False
        self.failed = False
        self.tokens: int | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def written(self) -> str:
        """All text that has been read, without a beginning that may still become NO_ANSWER."""
        with self._changed:
            shown, refused = split_refusal(self._text)
            return self._text if self._finished and not refused else shown

    @property
    def text(self) -> str:
        """The part of `written` to show, with citations numbered from 1 and without an incomplete one at its end."""
        with self._changed:
            written = self.written if self._finished else MAY_BECOME_A_MARK.sub("", self.written)
        return renumbered(written, self._known)[0]

    @property
    def refused(self) -> bool:
        with self._changed:
            return split_refusal(self._text)[1]

    def wait(self, longer_than: int, timeout_s: float) -> tuple[str, bool]:
        """Wait until the text is longer, or finished, or the time is up; return it and whether it is finished."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.text) > longer_than or self._finished, max(timeout_s, 0))
            return self.text, self._finished

    def wait_finished(self, timeout_s: float) -> None:
        """Wait until all has been read, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._finished, max(timeout_s, 0))

    def close(self) -> None:
        """Stop reading at the next piece, and wait for it, because a frozen process would keep the stream open."""
        with self._changed:
            self._closed = True
        self._thread.join(CLOSE_S)

    def _read(self) -> None:
        size = 0
        try:
            for piece in self._all_pieces():
                size += len(json.dumps(piece, ensure_ascii=False).encode()) - len('""')
                if size > MAX_ANSWER_BYTES:
                    self.failed = True
                    break
                with self._changed:
                    if self._closed:
                        break
                    self._text += piece
                    self._changed.notify_all()
        except Exception:
            logger.exception("the model's stream failed")
            self.failed = True
        finally:
            self._pieces.close()
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _all_pieces(self) -> Generator[str, None, None]:
        """Yield the pieces; at the end of the stream set `tokens` to what the generator returns."""
        self.tokens = yield from self._pieces
