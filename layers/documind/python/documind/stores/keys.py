"""The single-table design: builds and parses the keys of all items of both tables."""

import re
from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as KeyAttribute

Key = dict[str, str]


class ItemKey:
    """Partition and sort key of one kind of item in the table `rooms`; `{id}` stands for an id.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/data-modeling-foundations.html
    """

    def __init__(self, pk: str, sk: str) -> None:
        self._pk, self._sk = pk, sk
        self._prefix = sk.partition("{")[0]
        self._pattern = re.compile(f"{_named(pk)}\n{_named(sk)}")

    def __call__(self, **ids: str) -> Key:
        """Return the key of one item."""
        return {"pk": self._pk.format(**ids), "sk": self._sk.format(**ids)}

    def all_of(self, **ids: str) -> ConditionBase:
        """Return the key condition for the items of this kind in one partition."""
        return self.partition(**ids) & KeyAttribute("sk").begins_with(self._prefix)

    def all_before(self, end: str, **ids: str) -> ConditionBase:
        """Return the key condition for the items of this kind whose sort key begins with an id before `end`."""
        return self.partition(**ids) & KeyAttribute("sk").between(self._prefix, self._prefix + end)

    def anywhere(self) -> ConditionBase:
        """Return the filter of a scan for the items of this kind in all partitions."""
        return Attr("sk").begins_with(self._prefix)

    def partition(self, **ids: str) -> ConditionBase:
        """Return the key condition for all items of one partition."""
        return KeyAttribute("pk").eq(self._pk.format(**ids))

    def ids_in(self, item: Mapping[str, Any]) -> dict[str, str]:
        """Return the ids in the partition key and sort key of an item; empty for another kind of item."""
        match = self._pattern.fullmatch(f"{item['pk']}\n{item['sk']}")
        return match.groupdict() if match else {}


def _named(template: str) -> str:
    """Return the regular expression that matches keys of a template, with a named group for each id."""
    return re.sub(r"{(\w+)}", r"(?P<\1>.+)", template)


LOGIN = ItemKey("LOGIN#{name}", "USER")  # normalised name
CLOSED_ACCOUNT = ItemKey("USER#{user_id}", "CLOSED")
ROOM_NAME = ItemKey("USER#{user_id}", "NAME#{name}")  # normalised name
MEMBERSHIP = ItemKey("USER#{user_id}", "ROOM#{chat_id}")
USER_DECISION = ItemKey("USER#{user_id}", "GRANT#{chat_id}")  # a copy, by which an account's erasure finds them
USER_CONNECTION = ItemKey("USER#{user_id}", "CONN#{connection_id}")
RECEIPT = ItemKey("USER#{user_id}", "RECEIPT#{receipt_id}")

ROOM = ItemKey("ROOM#{chat_id}", "META")
MEMBER = ItemKey("ROOM#{chat_id}", "MEMBER#{user_id}")
OWNER_DECISION = ItemKey("ROOM#{chat_id}", "GRANT#{user_id}")  # the role that the owner last gave, or `removed`
ROOM_INVITATION = ItemKey("ROOM#{chat_id}", "INVITE#{token}")
ROOM_CONNECTION = ItemKey("ROOM#{chat_id}", "CONN#{connection_id}")
DOCUMENT = ItemKey("ROOM#{chat_id}", "DOC#{document_id}")
DOCUMENTS = ItemKey("ROOM#{chat_id}", "DOCUMENTS")  # its revision is raised by each registration
QUESTION = ItemKey("ROOM#{chat_id}", "Q#{question_id}")
OPEN_QUESTION = ItemKey("ROOM#{chat_id}", "OPEN#{question_id}")  # exists until the question has ended
SEGMENT = ItemKey("ROOM#{chat_id}", "SEG#{first}#{last}")

INVITATION = ItemKey("INVITE#{token}", "ROOM")
CONNECTION = ItemKey("CONN#{connection_id}", "CONN")
USER_BUDGET = ItemKey("BUDGET#USER#{user_id}", "DAY#{day}")
ROOM_BUDGET = ItemKey("BUDGET#ROOM#{chat_id}", "DAY#{day}")


def message(chat_id: str, message_id: str) -> Key:
    """Return the key of a live message in the table `messages`."""
    return {"chat_id": chat_id, "message_id": message_id}


def messages_of(chat_id: str) -> ConditionBase:
    """Return the key condition for the live messages of a room."""
    return KeyAttribute("chat_id").eq(chat_id)


def messages_before(chat_id: str, message_id: str) -> ConditionBase:
    """Return the key condition for the live messages of a room with an id before `message_id`."""
    return messages_of(chat_id) & KeyAttribute("message_id").lt(message_id)
