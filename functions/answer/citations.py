"""From the numbers in an answer's text to the passages they stand for."""

import re
from collections.abc import Mapping, Sequence

from answer.passages import Passage
from documind.pages import Rectangle
from documind.wire import Citation

WIDE = str.maketrans("[]", "［］")
MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\]")


def cite(
    text: str, passages: Sequence[Passage], rectangles: Mapping[int, list[Rectangle]]
) -> tuple[str, list[Citation]]:
    """Return the text without numbers that name no passage, and the citations in the order they first appear.

    `rectangles` are those under each passage, by its number; a passage without any is cited without.
    """
    by_number = {passage.number: passage for passage in passages}
    cited: dict[int, Passage] = {}

    def keep_known(mark: re.Match[str]) -> str:
        numbers = [int(number) for number in re.findall(r"\d+", mark[1])]
        known = [number for number in numbers if number in by_number]
        cited.update({number: by_number[number] for number in known})
        return " " + "".join(f"[{number}]" for number in known) if known else ""

    kept = MARK.sub(keep_known, text)
    return kept, [_citation(passage, rectangles.get(passage.number, [])) for passage in cited.values()]


def without_marks(text: str) -> str:
    """Return a passage's text with its own `[2]` as `［2］`: a model that repeats it cites nothing by it.

    What is quoted to people is the passage as it stands in the PDF.
    """
    return MARK.sub(lambda mark: mark[0].translate(WIDE), text)


def _citation(passage: Passage, rects: list[Rectangle]) -> Citation:
    return Citation(
        number=passage.number,
        document_id=passage.document_id,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        score=passage.score,
        rects=rects,
        quote=passage.text,
    )
