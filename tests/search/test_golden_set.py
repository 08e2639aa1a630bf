"""The floor of retrieval on the golden set: what ships finds the page, and better than either of its parts."""

import json
import statistics

import pytest
from opensearchpy import OpenSearch

from evals.corpus import index_rooms, pdfs_of, rooms_of
from evals.questions import GOLDEN_DOCUMENTS, GOLDEN_QUESTIONS, GoldenQuestion, read_questions
from evals.retrieval import Index, compared
from local.model_server.quoting import Task, Turn
from local.model_server.small_tasks import standalone
from local.model_server.vectors import DIMENSIONS
from tests.search.offline_models import OfflineModels

QUESTIONS = [question for question in read_questions(GOLDEN_QUESTIONS) if question.kind in {"answerable", "across"}]
FOLLOW_UPS = [question for question in read_questions(GOLDEN_QUESTIONS) if question.kind == "follow_up"]
LEAST_FOLLOW_UPS_FOUND = 18  # of 20
LEAST_RECALL_AT_5 = 0.96
LEAST_RECIPROCAL_RANK = 0.87


@pytest.fixture(scope="module")
def index(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The golden set's documents in their rooms."""
    index = Index(OpenSearch(hosts=[opensearch_url], max_retries=0), "golden", DIMENSIONS, rooms_of(QUESTIONS))
    names = (name for room in index.rooms.values() for name in room)
    documents = pdfs_of(GOLDEN_DOCUMENTS, names, tmp_path_factory.mktemp("golden"))
    index_rooms(index.search(), OfflineModels(), index.rooms, documents)
    return index


def test_what_ships_finds_the_page_more_often_than_either_of_its_parts(index: Index) -> None:
    finds = {"vectors": index.vectors, "words": index.words, "shipped": index.shipped(OfflineModels())}
    ranks = compared(QUESTIONS, OfflineModels(), finds)
    reciprocal = {name: statistics.fmean(one.reciprocal for one in own) for name, own in ranks.items()}
    assert statistics.fmean(one.at(5) for one in ranks["shipped"]) >= LEAST_RECALL_AT_5
    assert reciprocal["shipped"] >= LEAST_RECIPROCAL_RANK
    assert reciprocal["shipped"] > max(reciprocal["vectors"], reciprocal["words"])


def test_follow_ups_find_their_page_as_the_offline_model_puts_them(index: Index) -> None:
    put = [
        one.model_copy(update=json.loads(standalone(Task(turns=_turns(one), question=one.question))))
        for one in FOLLOW_UPS
    ]
    (ranks,) = compared(put, OfflineModels(), {"shipped": index.shipped(OfflineModels())}).values()
    assert sum(one.at(5) for one in ranks) >= LEAST_FOLLOW_UPS_FOUND


def _turns(question: GoldenQuestion) -> list[Turn]:
    return [Turn(question=turn.question) for turn in question.before]
