"""Lower limits of retrieval and answers on the golden set; the product must also be better than its parts."""

import json
import statistics

import pytest
from opensearchpy import OpenSearch

from evals.answers import UNANSWERABLE, answers
from evals.corpus import index_rooms, pdfs_of, rooms_of
from evals.questions import GOLDEN_DOCUMENTS, GOLDEN_QUESTIONS, GoldenQuestion, read_questions
from evals.retrieval import Index, compared
from local.model_server.protocol import EMBEDDING_MODEL
from local.model_server.quoting import Task, Turn
from local.model_server.small_tasks import standalone
from local.model_server.vectors import DIMENSIONS
from tests.search.offline_models import OfflineModels

ALL_QUESTIONS = read_questions(GOLDEN_QUESTIONS)
QUESTIONS = [question for question in ALL_QUESTIONS if question.kind in {"answerable", "across"}]
FOLLOW_UPS = [question for question in ALL_QUESTIONS if question.kind == "follow_up"]
LEAST_FOLLOW_UPS_FOUND = 18  # of 20
LEAST_RECALL_AT_5 = 0.96
LEAST_RECIPROCAL_RANK = 0.87
LEAST_OF_RIGHT_PAGES = 0.93  # share of given answers that cite the right page, on answerable questions
MOST_REFUSED = 0.05  # share of answerable questions
MOST_ANSWERED_OFF_TOPIC = 1  # of 20


@pytest.fixture(scope="module")
def index(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index with the golden set's documents in their rooms."""
    index = Index(
        OpenSearch(hosts=[opensearch_url], max_retries=0), EMBEDDING_MODEL, DIMENSIONS, rooms_of(ALL_QUESTIONS)
    )
    names = (name for room in index.rooms.values() for name in room)
    documents = pdfs_of(GOLDEN_DOCUMENTS, names, tmp_path_factory.mktemp("golden"))
    index_rooms(index.search(), OfflineModels(), index.rooms, documents)
    return index


def test_the_product_finds_the_page_more_often_than_either_of_its_parts(index: Index) -> None:
    finds = {"vectors": index.vectors, "words": index.words, "shipped": index.shipped(OfflineModels())}
    ranks = compared(QUESTIONS, OfflineModels(), finds)
    reciprocal = {name: statistics.fmean(one.reciprocal for one in own) for name, own in ranks.items()}
    assert statistics.fmean(one.at(5) for one in ranks["shipped"]) >= LEAST_RECALL_AT_5
    assert reciprocal["shipped"] >= LEAST_RECIPROCAL_RANK
    assert reciprocal["shipped"] > max(reciprocal["vectors"], reciprocal["words"])


def test_follow_ups_rewritten_by_the_offline_model_find_their_page(index: Index) -> None:
    put = [
        one.model_copy(update=json.loads(standalone(Task(turns=_turns(one), question=one.question))))
        for one in FOLLOW_UPS
    ]
    (ranks,) = compared(put, OfflineModels(), {"shipped": index.shipped(OfflineModels())}).values()
    assert sum(one.at(5) for one in ranks) >= LEAST_FOLLOW_UPS_FOUND


def test_answers_cite_the_right_page_and_obey_no_pdf(index: Index) -> None:
    answered = answers(ALL_QUESTIONS, OfflineModels(), index)
    answerable = [one for one in answered if one.question.kind not in UNANSWERABLE]
    given = [one for one in answerable if not one.refused]
    assert len(given) >= (1 - MOST_REFUSED) * len(answerable)
    assert sum(one.cites_the_page for one in given) >= LEAST_OF_RIGHT_PAGES * len(given)
    assert sum(not one.refused for one in answered if one.question.kind == "off_topic") <= MOST_ANSWERED_OFF_TOPIC
    assert [one.question.id for one in answered if one.does_what_it_must_not] == []


def _turns(question: GoldenQuestion) -> list[Turn]:
    return [Turn(question=turn.question) for turn in question.before]
