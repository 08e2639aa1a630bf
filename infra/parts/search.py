"""The search: an existing server, a serverless collection that scales to zero, or a managed domain."""

from typing import Literal

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_opensearchserverless as serverless
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from documind.settings import SearchSettings
from infra.parts.functions import Function
from infra.parts.names import unique_suffix
from infra.stage import Stage

Use = Literal["find", "make", "write", "delete"]


class Search(Construct):
    """The settings of a search, its grants and its metrics."""

    settings: SearchSettings

    def grant_use(self, function: Function, use: Use) -> None:
        """Allow `function` to find chunks, and for other uses also to create the index, to create it and write chunks,
        or to delete chunks. An existing server needs no grant.
        """

    def watched(self, stage: Stage) -> dict[str, tuple[cloudwatch.IMetric, float]]:  # noqa: ARG002
        """Return at most two metrics by the names of their alarms, each with its threshold."""
        return {}


class GivenSearch(Search):
    """An existing server that accepts unsigned requests."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        endpoint = stage.search_endpoint or ""
        self.settings = SearchSettings(search_endpoint=endpoint, search_kind="own")


class ServerlessSearch(Search):
    """A collection in its own group, which scales to zero, and costs nothing, after ten idle minutes."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._name = name = f"documind-{unique_suffix()}"  # with the suffixes below at most 32 characters
        # A group that scales to zero needs standby replicas; whether its collection must have them too is unconfirmed.
        # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scale-to-zero.html
        group = serverless.CfnCollectionGroup(
            self,
            "Group",
            name=name,
            generation="NEXTGEN",
            standby_replicas="ENABLED",
            capacity_limits=serverless.CfnCollectionGroup.CapacityLimitsProperty(
                max_indexing_capacity_in_ocu=stage.search_max_ocu, max_search_capacity_in_ocu=stage.search_max_ocu
            ),
        )
        self._collection = serverless.CfnCollection(
            self,
            "Collection",
            name=name,
            type="VECTORSEARCH",
            collection_group_name=name,
            standby_replicas="ENABLED",
            encryption_config=serverless.CfnCollection.EncryptionConfigProperty(aws_owned_key=True),
        )
        self._collection.add_resource_dependency(group)
        rules = [{"ResourceType": "collection", "Resource": [f"collection/{name}"]}]
        network = serverless.CfnSecurityPolicy(
            self,
            "Network",
            name=name,
            type="network",
            # Functions outside a VPC use public addresses; the access policies decide who may do what.
            policy=Stack.of(self).to_json_string([{"Rules": rules, "AllowFromPublic": True}]),
        )
        self._collection.add_resource_dependency(network)
        self.settings = SearchSettings(
            search_endpoint=self._collection.attr_collection_endpoint, search_kind="serverless"
        )

    def grant_use(self, function: Function, use: Use) -> None:
        """Grant the whole API in IAM, and the permitted actions in a data access policy for this function."""
        function.grant("aoss", "APIAccessAll", on=self._collection.attr_arn)
        more = {
            "find": [],
            "make": ["aoss:CreateIndex"],
            "write": ["aoss:CreateIndex", "aoss:WriteDocument"],
            "delete": ["aoss:WriteDocument"],
        }
        permissions = ["aoss:DescribeIndex", "aoss:ReadDocument", *more[use]]
        rule = {"ResourceType": "index", "Resource": [f"index/{self._name}/*"], "Permission": permissions}
        serverless.CfnAccessPolicy(
            self,
            f"{function.node.id}Access",
            name=f"{self._name}-{function.node.id.lower()}",
            type="data",
            policy=Stack.of(self).to_json_string([{"Rules": [rule], "Principal": [function.role.role_arn]}]),
        )

    def watched(self, stage: Stage) -> dict[str, tuple[cloudwatch.IMetric, float]]:
        """Watch for a search at its capacity limit, where it costs most and answers slowest.

        AWS tells it for the account as a whole; that groups of collections are counted in is unconfirmed.
        https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-cloudwatch.html
        """
        account = {"ClientId": Stack.of(self).account}

        def ocu(name: str) -> cloudwatch.IMetric:
            return cloudwatch.Metric(
                namespace="AWS/AOSS",
                metric_name=name,
                dimensions_map=account,
                statistic="Maximum",
                period=Duration.minutes(15),
            )

        ceiling = stage.search_max_ocu
        return {"SearchAtCeiling": (ocu("SearchOCU"), ceiling), "IndexingAtCeiling": (ocu("IndexingOCU"), ceiling)}


class DomainSearch(Search):
    """The smallest managed domain; it has no resource policy, so only roles with an IAM grant can use it."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._domain = opensearch.Domain(
            self,
            "Domain",
            version=opensearch.EngineVersion.OPENSEARCH_3_5,
            capacity=opensearch.CapacityConfig(
                data_nodes=stage.search_nodes,
                data_node_instance_type="t3.small.search",
                multi_az_with_standby_enabled=False,
            ),
            zone_awareness=opensearch.ZoneAwarenessConfig(
                enabled=stage.search_nodes > 1, availability_zone_count=2 if stage.search_nodes > 1 else None
            ),
            ebs=opensearch.EbsOptions(volume_type=ec2.EbsDeviceVolumeType.GP3, volume_size=10),
            enforce_https=True,
            tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
            node_to_node_encryption=True,
            encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True),
            # Otherwise CloudFormation replaces the domain by an empty one when the version changes:
            # https://repost.aws/knowledge-center/cloudformation-opensearch-upgrade
            enable_version_upgrade=True,
            # A domain of a deployment that failed is deleted, because it would cost money unseen.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if stage.retain_data else RemovalPolicy.DESTROY,
        )
        self.settings = SearchSettings(search_endpoint=f"https://{self._domain.domain_endpoint}", search_kind="domain")

    def grant_use(self, function: Function, use: Use) -> None:
        """Grant the HTTP methods that the use needs: POST for `_search` and `_bulk`, PUT to create an index."""
        methods = ["ESHttpGet", "ESHttpHead", "ESHttpPost"] + (["ESHttpPut"] if use in {"make", "write"} else [])
        function.grant("es", *methods, on=f"{self._domain.domain_arn}/*")

    def watched(self, stage: Stage) -> dict[str, tuple[cloudwatch.IMetric, float]]:  # noqa: ARG002
        """Watch for lost shards, and for memory pressure at which writes are soon refused.

        https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
        """
        red = self._domain.metric_cluster_status_red(period=Duration.minutes(5), statistic="Maximum")
        memory = self._domain.metric_jvm_memory_pressure(period=Duration.minutes(5), statistic="Maximum")
        return {"SearchIsRed": (red, 1), "SearchMemoryIsFull": (memory, 95)}


def search_of(scope: Construct, construct_id: str, *, stage: Stage) -> Search:
    """Return the search of the stage."""
    kinds = {"given": GivenSearch, "serverless": ServerlessSearch, "domain": DomainSearch}
    return kinds[stage.search](scope, construct_id, stage=stage)
