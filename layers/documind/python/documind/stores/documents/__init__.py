"""The documents of a room and their states."""

from documind.stores.documents.document import StoredDocument, Summary, SummarySource
from documind.stores.documents.documents import DocumentStore
