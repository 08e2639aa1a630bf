"""A plot of the pipelines: MRR@10 of each group of questions, with its bootstrap interval."""

from collections.abc import Mapping, Sequence
from html import escape

from evals.measures import Ranked, mean

COLOURS = ("#9aa0a6", "#7baaf7", "#fbbc04", "#188038")
WIDTH, LEFT, BAR, GAP, TOP = 720, 250, 14, 12, 40
SCALE = WIDTH - LEFT - 60  # pixels for a value of 1


def plot(groups: Mapping[str, Sequence[int]], ranks: Mapping[str, Sequence[Ranked]]) -> str:
    """Return an SVG; each group lists the indices of its questions in `ranks`."""
    shown, y = [_text(LEFT, 20, "MRR@10, with 95 % bootstrap intervals", anchor="start")], TOP
    for group, positions in groups.items():
        for (name, own), colour in zip(ranks.items(), COLOURS, strict=False):
            value = mean([own[position].reciprocal for position in positions])
            low, high = (LEFT + SCALE * bound for bound in (value.low, value.high))
            middle = y + BAR / 2
            shown += [
                _text(LEFT - 8, y + BAR - 3, f"{group}, {name}"),
                f'<rect x="{LEFT}" y="{y}" width="{SCALE * value.value:.1f}" height="{BAR}" fill="{colour}"/>',
                f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#202124"/>',
                _text(high + 6, y + BAR - 3, f"{value.value:.3f}", anchor="start"),
            ]
            y += BAR + 2
        y += GAP
    size = f'width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}"'
    style = 'font-family="sans-serif" font-size="12"'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>', background, *shown, "</svg>\n"])


def _text(x: float, y: float, words: str, anchor: str = "end") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="#202124">{escape(words)}</text>'
