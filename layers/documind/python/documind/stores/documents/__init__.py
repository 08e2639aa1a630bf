"""The documents of a room: registered, uploaded, read, ready or failed."""

from documind.stores.documents.document import StoredDocument, Summary, SummarySource
from documind.stores.documents.documents import DocumentStore
