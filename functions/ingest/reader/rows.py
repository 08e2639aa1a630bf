"""Putting together what stands on one row of a page: superscripts, and bullets with their items."""

from collections.abc import Iterator, Sequence

from ingest.reader.visual_line import VisualLine, coordinates

# Of the size: how far apart two pieces of a row may stand, and after a bullet or a number.
NEAR, NEAR_A_MARK = 1.0, 2.0
MARK_CHARACTERS = 3
SPACE = 0.12


def rows_of(lines: Sequence[VisualLine]) -> Iterator[VisualLine]:
    """Yield the lines of a page, those that stand on one row and follow each other as one."""
    row: list[VisualLine] = []
    for line in lines:
        if row and not _continues(row[-1], line):
            yield _whole(row)
            row = []
        row.append(line)
    if row:
        yield _whole(row)


def _continues(line: VisualLine, following: VisualLine) -> bool:
    if following.continues:
        return line.axis == following.axis
    size = max(line.size, following.size)
    near = NEAR_A_MARK if len(line.text) <= MARK_CHARACTERS else NEAR
    return (
        line.direction == following.direction
        and not line.hyphenated
        and abs(following.depth - line.depth) < size / 2
        and -size / 3 < following.begin - line.end < near * size
    )


def _whole(row: list[VisualLine]) -> VisualLine:
    """Return one line of several; the largest of them says where it stands."""
    if len(row) == 1:
        return row[0]
    largest = max(row, key=lambda line: (line.size, len(line.text)))
    text, lows, highs, end = "", coordinates(()), coordinates(()), row[0].begin
    for line in row:
        if text and line.begin - end > SPACE * largest.size:
            text += " "
            has_room = line.lows[0] >= highs[-1]
            lows.append(highs[-1] if has_room else lows[-1])
            highs.append(line.lows[0] if has_room else highs[-1])
        text += line.text
        lows += line.lows
        highs += line.highs
        end = line.end
    return VisualLine(
        text=text,
        lows=lows,
        highs=highs,
        across=(min(line.across[0] for line in row), max(line.across[1] for line in row)),
        direction=largest.direction,
        begin=min(line.begin for line in row),
        end=max(line.end for line in row),
        depth=largest.depth,
        size=largest.size,
        first_width=row[0].first_width,
        bold=all(line.bold for line in row),
        letter_width=largest.letter_width if all(line.letter_width for line in row) else 0.0,
        various=any(line.various for line in row),
        hyphenated=row[-1].hyphenated,
        gaps=[gap for line in row for gap in line.gaps],
    )
