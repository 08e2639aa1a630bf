"""The tables and users of the functional tests, for several threads at a time."""

from tests.functional.conftest import (  # noqa: F401
    dynamodb,
    made_messages_table,
    made_rooms_table,
    messages_table,
    objects,
    rooms_table,
    s3,
    world,
)
