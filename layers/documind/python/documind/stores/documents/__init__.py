"""The documents of a room: announced, uploaded, read, ready or failed."""

from documind.stores.documents.document import StoredDocument
from documind.stores.documents.documents import Documents
