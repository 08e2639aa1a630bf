"""A passage that was found, as it travels from `retrieve` to `generate`."""

from pydantic import BaseModel, ConfigDict


class Passage(BaseModel):
    """Code points `start` to `end` of a page's text (pages count from 1), numbered for the model."""

    model_config = ConfigDict(frozen=True)

    number: int
    document_id: str
    ingest_id: str  # under which the texts of the document's pages are kept
    document: str  # its name
    page: int
    start: int
    end: int
    text: str
    score: float
