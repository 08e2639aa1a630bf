"""The services that all functions of rooms share: the stores of both tables, and the sockets to connections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from documind.clients import aws
from documind.clients.sockets import Sockets
from documind.settings import RoomsSettings
from documind.stores.accounts import AccountStore
from documind.stores.connections import Connection, ConnectionStore
from documind.stores.conversation import HistoryStore, Question, QuestionStore
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.erasures import ErasureStore
from documind.stores.items import ItemTable
from documind.stores.members import MemberStore
from documind.stores.receipts import ReceiptStore
from documind.stores.rooms import RoomStore
from documind.wire import Closed, DocumentFrame, Members, Message


@dataclass(frozen=True)
class RoomServices:
    """The stores and sockets; functions that need more services subclass it."""

    rooms_table: ItemTable
    accounts: AccountStore
    connections: ConnectionStore
    documents: DocumentStore
    erasures: ErasureStore
    history: HistoryStore
    members: MemberStore
    questions: QuestionStore
    receipts: ReceiptStore
    rooms: RoomStore
    sockets: Sockets

    def close_connections(
        self,
        chat_id: str,
        reason: Literal["removed", "deleted"],
        *,
        user_id: str | None = None,
        but: str | None = None,
    ) -> None:
        """Delete the fan-out entries of a user's connections, or of all, and post `closed` to them, `but` one."""
        for connection_id in self.connections.expel(chat_id, user_id):
            if connection_id != but:
                self.sockets.post(connection_id, Closed(chat_id=chat_id, reason=reason))

    def broadcast_document(self, document: StoredDocument, *, but: str | None = None) -> None:
        """Broadcast the state of a document, `but` to one connection; nothing of a ready one that is read again."""
        if not document.is_read_again:
            frame = DocumentFrame(chat_id=document.chat_id, document=document.to_wire())
            self.sockets.post_to_room(document.chat_id, frame, but=but)

    def broadcast_end(self, question: Question, message: Message | None) -> None:
        """Broadcast the message that ended a question; if no text was streamed, the question first.

        The run that broadcasts the question may not have started.
        """
        if message and not question.text:
            self.sockets.post_message(question.chat_id, question.message)
        self.sockets.post_message(question.chat_id, message)

    def broadcast_members(self, chat_id: str) -> None:
        """Broadcast the room's members and their presence."""
        self.post_members(*self.members.read(chat_id))

    def post_members(self, members: Members, connections: Sequence[Connection], *, but: str | None = None) -> None:
        """Post the members to the connections that were read together with them, `but` one."""
        listed = [each.connection_id for each in connections if each.connection_id != but]
        self.sockets.post_to_listed(members.chat_id, listed, members)

    def broadcast_departure(self, chat_id: str, user_id: str) -> None:
        """Broadcast the members after a user's connection has left, unless the user has another connection in the room.

        The connection's fan-out entry is deleted before the list is read here, so if several connections of a user
        leave at the same time, the last one to read the list broadcasts.
        """
        members, connections = self.members.read(chat_id)
        if not any(member.here for member in members.members if member.user_id == user_id):
            self.post_members(members, connections)

    @staticmethod
    def from_settings(settings: RoomsSettings) -> "RoomServices":
        """Return the services of these settings, without opening a network connection."""
        tables = aws.tables()
        rooms, messages = (ItemTable(tables.Table(name)) for name in (settings.rooms_table, settings.messages_table))
        connections = ConnectionStore(rooms)
        return RoomServices(
            rooms_table=rooms,
            accounts=AccountStore(rooms),
            connections=connections,
            documents=DocumentStore(rooms),
            erasures=ErasureStore(rooms, messages),
            history=HistoryStore(rooms, messages),
            members=MemberStore(rooms),
            questions=QuestionStore(rooms, messages),
            receipts=ReceiptStore(rooms),
            rooms=RoomStore(rooms),
            sockets=Sockets.from_settings(settings, connections),
        )
