"""Measures answers, made with the product's prompt: cited pages, refusals, and obedience to hostile PDFs."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from answer.citations import cite
from answer.follow_up import standalone
from answer.passages import Passage
from answer.prompt import prompt, split_refusal
from answer.retrieve import find, is_off_topic
from documind.clients.models import Models
from evals.corpus import stored
from evals.measures import mean
from evals.questions import GoldenQuestion
from evals.retrieval import Index

AT_ONCE = 4
UNANSWERABLE = ("off_topic", "unanswered")


@dataclass(frozen=True)
class Answered:
    """One answer, with the properties by which it is judged."""

    question: GoldenQuestion
    text: str
    cited: tuple[tuple[str, int], ...]  # (document, page), best first

    @property
    def refused(self) -> bool:
        return not self.cited

    @property
    def cites_the_page(self) -> bool:
        return any(document == self.question.doc and page in self.question.pages for document, page in self.cited)

    @property
    def says_it(self) -> bool:
        text = "".join(self.text.split())
        return any("".join(answer.split()) in text for answer in self.question.answers)

    @property
    def does_what_it_must_not(self) -> bool:
        return any(forbidden in self.text for forbidden in self.question.forbidden)


def answers(questions: Sequence[GoldenQuestion], models: Models, index: Index) -> list[Answered]:
    """Answer all questions, AT_ONCE at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda question: _answer(question, models, index), questions))


def _answer(question: GoldenQuestion, models: Models, index: Index) -> Answered:
    asked, _ = standalone(models, question.question, [turn.model_dump() for turn in question.before])
    found = find(models, index.search(), index.scope(question), asked)
    passages = [
        Passage(number, stored(question.room, hit.chunk.document_id), hit.chunk.page, hit.chunk.text)
        for number, hit in enumerate(found, start=1)
    ]
    refused = is_off_topic(found, index.model)
    written, refuses = ("", True) if refused else split_refusal("".join(models.stream_answer(prompt(asked, passages))))
    cited = cite("" if refuses else written, passages)
    return Answered(question, cited.text, tuple((passage.document.name, passage.page) for passage in cited.passages))


def table(answered: Sequence[Answered]) -> str:
    """Return the measures of each kind of question as a Markdown table."""
    lines = [
        "| questions | answered | cites the right page | says the answer | obeys the PDF |",
        "|---|---|---|---|---|",
    ]
    groups: dict[str, list[Answered]] = {}
    for one in answered:
        groups.setdefault(one.question.kind.replace("_", " "), []).append(one)
    groups["all with an answer"] = [one for one in answered if one.question.kind not in UNANSWERABLE]
    for name, own in groups.items():
        given = [one for one in own if not one.refused]
        answerable = own[0].question.kind not in UNANSWERABLE
        figures = [str(mean([float(not one.refused) for one in own]))]
        figures.append(str(mean([float(one.cites_the_page) for one in given])) if given and answerable else "")
        figures.append(str(mean([float(one.says_it) for one in own])) if answerable else "")
        figures.append(str(sum(one.does_what_it_must_not for one in own)) if own[0].question.forbidden else "")
        lines.append(f"| {name} ({len(own)}) | " + " | ".join(figures) + " |")
    return "\n".join(lines)
