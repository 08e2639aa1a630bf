"""The grants of each function: exactly the actions that its stores and clients call."""

import re

from tests.infra.conftest import Stack, as_list

# AWS has no resources for these actions: delivery of workflow logs, and finding streams.
WITHOUT_A_RESOURCE = {
    "dynamodb:ListStreams",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
READ_QUEUE = "ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage"
CHANGE = "GetItem Query UpdateItem DeleteItem"
POST = "ManageConnections"
# The actions of each function by kind of resource, except writing its log; those on the search are below.
GRANTS: dict[str, dict[str, str]] = {
    "connect.authorizer.handler": {},
    "connect.handler.handler": {
        "rooms": "GetItem Query PutItem DeleteItem ConditionCheckItem",
        "connections": POST,
        "connections to close": POST,
    },
    "message.handler.handler": {
        "rooms": f"{CHANGE} BatchGetItem PutItem ConditionCheckItem",
        "messages": "Query PutItem",
        "uploads": "PutObject GetObject GetObjectVersion",
        "pages": "GetObject",
        "bucket": "ListBucket",
        "workflow": "StartExecution",
        "answering": "InvokeFunction",
        "queue": "SendMessage",
        "erasures": "SendMessage",
        "people": "AdminDeleteUser",
        "connections": POST,
    },
    "flush_history.handler.handler": {
        "rooms": f"{CHANGE} BatchGetItem PutItem ConditionCheckItem",
        "messages": "Query PutItem BatchWriteItem",
        "connections": POST,
    },
    "flush_history.expiry.handler": {
        "rooms": "GetItem PutItem ConditionCheckItem",
        "stream": "DescribeStream GetRecords GetShardIterator",
        "any stream": "ListStreams",
        "failures": "GetQueueAttributes GetQueueUrl SendMessage",
    },
    "ingest.handler.handler": {
        "rooms": f"{CHANGE} ConditionCheckItem",
        "uploads": "GetObject GetObjectVersion DeleteObject DeleteObjectVersion",
        "pages": "PutObject",
        "bucket": "ListBucket",
        "queue": f"{READ_QUEUE} SendMessage",
        "answering": "InvokeFunction",
        "key": "GetParameter",
        "connections": POST,
    },
    "check.handler.handler": {"key": "GetParameter"},
    "ingest.dead_letter.handler": {
        "rooms": CHANGE,
        "dead letters": READ_QUEUE,
        "connections": POST,
    },
    "erase.handler.handler": {
        "rooms": f"{CHANGE} BatchGetItem BatchWriteItem",
        "messages": "Query BatchWriteItem",
        "uploads": "DeleteObject DeleteObjectVersion",
        "pages": "DeleteObject DeleteObjectVersion",
        "bucket": "ListBucketVersions",
        "erasures": f"{READ_QUEUE} SendMessage",
        "connections": POST,
    },
    "erase.dead_letter.handler": {"erasures": "SendMessage", "dead erasures": READ_QUEUE},
    "answer.handler.handler": {
        "rooms": f"{CHANGE} ConditionCheckItem",
        "messages": "Query PutItem",
        "pages": "GetObject",
        "key": "GetParameter",
        "connections": POST,
    },
}
SEARCH_ACTIONS = {
    "dev": dict.fromkeys(
        (
            "ingest.handler.handler",
            "check.handler.handler",
            "erase.handler.handler",
            "answer.handler.handler",
        ),
        "APIAccessAll",
    ),
    "prod": {
        "ingest.handler.handler": "ESHttpGet ESHttpHead ESHttpPost ESHttpPut",
        "check.handler.handler": "ESHttpGet ESHttpHead ESHttpPost ESHttpPut",
        "erase.handler.handler": "ESHttpGet ESHttpHead ESHttpPost",
        "answer.handler.handler": "ESHttpGet ESHttpHead ESHttpPost",
    },
}
KIND_OF = {  # by a pattern that matches the resource in the template
    '"StorageRooms': "rooms",
    r'StorageMessages\w+", "Arn"': "messages",
    r'StorageMessages\w+", "StreamArn"': "stream",
    r'^"\*"$': "any stream",
    "/uploads/": "uploads",
    "/pages/": "pages",
    r'^\{"Fn::GetAtt": \["StorageDocuments': "bucket",
    '"AnsweringWorkflow': "workflow",
    "/POST/@connections/": "connections",
    "/DELETE/@connections/": "connections to close",
    '"AnsweringAnswerFunction': "answering",
    '"IngestionUploads': "queue",
    '"IngestionDeadLetters': "dead letters",
    '"ErasureRooms': "erasures",
    '"ErasureDeadLetters': "dead erasures",
    '"ConversationExpiryFailures': "failures",
    "/model-key": "key",
    '"StoragePeople': "people",
    '"Search': "search",
    r'Log\w+", "Arn"': "log",
}


def test_no_role_may_do_everything(stack: Stack) -> None:
    for _roles, statement in stack.statements():
        actions = set(as_list(statement["Action"]))
        assert not any("*" in action for action in actions)
        if "*" in as_list(statement["Resource"]):
            assert actions <= WITHOUT_A_RESOURCE


def test_a_function_may_do_exactly_what_its_stores_and_clients_do(stack: Stack) -> None:
    for handler, grants in GRANTS.items():
        allowed: dict[str, set[str]] = {}
        for resource, actions in stack.actions(handler).items():
            (kind,) = [kind for pattern, kind in KIND_OF.items() if re.search(pattern, resource)] or [resource]
            allowed.setdefault(kind, set()).update(action.partition(":")[2] for action in actions)
        search = SEARCH_ACTIONS.get(stack.stage, {}).get(handler, "")
        expected = {**grants, "log": "CreateLogStream PutLogEvents", "search": search}
        assert allowed == {kind: set(actions.split()) for kind, actions in expected.items() if actions}, handler
