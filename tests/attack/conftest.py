"""The attacks on handlers use the same tables and the same people as the functional tests."""

from tests.functional.conftest import (  # noqa: F401
    ann,
    chat_id,
    document,
    dynamodb,
    made_messages_table,
    made_rooms_table,
    messages_table,
    objects,
    rooms_table,
    s3,
    world,
)
