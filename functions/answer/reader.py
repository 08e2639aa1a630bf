"""Reading what the model writes into a buffer, so that reading and publishing do not wait for each other."""

import json
import logging
import threading
from collections.abc import Collection, Generator

from answer.citations import MAY_BECOME_A_MARK, renumbered
from answer.prompt import told_apart
from documind.limits import MAX_ANSWER_BYTES

CLOSE_S = 1  # a model that says nothing for so long is left to its own time limit

logger = logging.getLogger(__name__)


class Reader:
    """Reads a stream of pieces in a thread of its own; `close` ends the model's request, and with it the cost.

    `known` are the numbers of passages that it may cite. `failed`: the stream broke, or would not end; what came before
    stands in `written`. `tokens`: how many were read and written, where the stream says so at its end. `refused`: it
    says that there is no answer.
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
        """All that has been read, but what may yet become NO_ANSWER."""
        with self._changed:
            shown, refused = told_apart(self._text)
            return self._text if self._finished and not refused else shown

    @property
    def text(self) -> str:
        """What of it can be shown: its citations are counted from 1, and what may yet become one waits."""
        with self._changed:
            written = self.written if self._finished else MAY_BECOME_A_MARK.sub("", self.written)
        return renumbered(written, self._known)[0]

    @property
    def refused(self) -> bool:
        with self._changed:
            return told_apart(self._text)[1]

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
        """Stop reading at the next piece. A frozen function would keep a stream open, so it is waited for."""
        with self._changed:
            self._closed = True
        self._thread.join(CLOSE_S)

    def _read(self) -> None:
        size = 0
        try:
            for piece in self._to_their_end():
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

    def _to_their_end(self) -> Generator[str, None, None]:
        self.tokens = yield from self._pieces
