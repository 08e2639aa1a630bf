"""Measure retrieval and answers: python -m evals [--questions FILE --documents DIR] (make eval).

FILE holds JSON lines: id, lang, room, question, answers[], doc, pages[]; DIR the PDFs that `doc` names. A room holds
the documents that its questions name. With OPENAI_API_KEY (and related settings, as for `make run`) a real one is used.
"""

import argparse
import io
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

from opensearchpy import OpenSearch

from documind.clients import model_server
from documind.clients.models import Models, ServerEmbeddings
from evals import answers, retrieval
from evals.corpus import pdfs_of, rooms_of
from evals.plot import plot
from evals.questions import GOLDEN_DOCUMENTS, GOLDEN_QUESTIONS, BadSetError, GoldenQuestion, read_questions
from local.model_server.server import ModelServer
from local.models import ModelChoice, asked, choose
from local.ports import claimed_ports
from local.services import ROOT
from local.system import LocalSystem


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=Path, default=GOLDEN_QUESTIONS)
    parser.add_argument("--documents", type=Path, default=GOLDEN_DOCUMENTS)
    parser.add_argument("--plot", type=Path, help="the SVG to write")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            questions = read_questions(arguments.questions)
            documents = pdfs_of(arguments.documents, filter(None, (one.doc for one in questions)), Path(folder))
        except (BadSetError, OSError) as error:
            parser.exit(2, f"{error}\n")
        with claimed_ports() as ports, ModelServer(port=0) as server:
            system = LocalSystem(Path(folder) / "system", ports)
            try:
                system.start_search()
                choice = asked(choose(os.environ, ROOT / ".env", f"{server.url}/v1"), print)
                measure(questions, documents, f"http://127.0.0.1:{ports.search}", choice, arguments.plot)
            finally:
                system.stop()


def measure(
    questions: list[GoldenQuestion],
    documents: Mapping[str, Path],
    search_url: str,
    choice: ModelChoice,
    plot_path: Path | None = None,
) -> None:
    """Print the tables of retrieval and of answers; plot the first if `plot_path` is given."""
    started = time.monotonic()
    rooms = rooms_of(questions)
    models = models_of(choice)
    index = retrieval.Index(
        OpenSearch(hosts=[search_url], max_retries=3),
        choice.embedding_model,
        choice.dimensions,
        rooms,
    )
    finds = retrieval.pipelines(index, models, documents)
    print(f"{len(questions)} questions, {len(documents)} documents; {choice.embedding_model}, {choice.chat_model}\n")
    found = [question for question in questions if question.doc and question.kind != "follow_up"]
    groups = retrieval.grouped(found)
    with redirect_stdout(io.StringIO()):  # the product writes metrics to stdout
        ranks = retrieval.compared(found, models, finds)
    print(retrieval.table(groups, ranks), flush=True)
    if plot_path:
        plot_path.write_text(plot(groups, ranks), "utf-8")
    with redirect_stdout(io.StringIO()):
        answered = answers.answers(questions, models, index)
    print("\n" + answers.table(answered))
    print(f"\n{time.monotonic() - started:.0f} s")


def models_of(choice: ModelChoice) -> Models:
    """Return the product's client of the chosen models."""
    chat = model_server.ModelServer(choice.base_url, lambda: choice.key)
    embedding_key = choice.embedding_key or choice.key
    own = choice.embedding_base_url and model_server.ModelServer(choice.embedding_base_url, lambda: embedding_key)
    asked = choice.dimensions if choice.asks_for_dimensions else None
    return Models(
        chat,
        ServerEmbeddings(own or chat, choice.embedding_model, asked_dimensions=asked),
        dimensions=choice.dimensions,
        chat_model=choice.chat_model,
    )


if __name__ == "__main__":
    main()
