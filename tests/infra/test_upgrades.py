"""A redeploy never replaces data: logical ids and properties whose change replaces a resource stay as listed here.

The documentation of such a property says "Update requires: Replacement".
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from typing import Any

from tests.infra.conftest import Stack

ROOMS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
MESSAGES = [{"AttributeName": "chat_id", "KeyType": "HASH"}, {"AttributeName": "message_id", "KeyType": "RANGE"}]
SUFFIX = {"Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]}
BUCKET = {"Fn::Join": ["", ["documind-documents-", SUFFIX]]}
KEPT: dict[str, dict[str, Any]] = {
    "StorageRoomsF4ABD1B4": {"KeySchema": ROOMS, "TableName": None, "LocalSecondaryIndexes": None},
    "StorageMessagesEB8091F1": {"KeySchema": MESSAGES, "TableName": None, "LocalSecondaryIndexes": None},
    "StorageDocumentsCD3FCE94": {"BucketName": BUCKET},
    "StoragePeople45A47207": {
        "AliasAttributes": ["email"],
        "UsernameAttributes": None,
        "UsernameConfiguration": {"CaseSensitive": False},
    },
}
KEPT_IN_PROD: dict[str, dict[str, Any]] = {
    "SearchDomain62FD613E": {
        "DomainName": None,
        "EncryptionAtRestOptions": {"Enabled": True},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
    }
}


def kept(stack: Stack, expected: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {name: stack.template["Resources"][name]["Properties"] for name in expected}
    return {name: {each: found[name].get(each) for each in properties} for name, properties in expected.items()}


def test_stateful_resources_keep_their_logical_ids_and_immutable_properties(dev: Stack, prod: Stack) -> None:
    assert kept(dev, KEPT) == KEPT
    assert kept(prod, KEPT | KEPT_IN_PROD) == KEPT | KEPT_IN_PROD


def test_the_data_of_a_local_run_outlive_an_upgrade(local: Stack) -> None:
    expected = KEPT | {"StorageDocumentsCD3FCE94": {"BucketName": None}}
    assert kept(local, expected) == expected
