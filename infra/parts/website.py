"""Hosting of the website: a private bucket behind CloudFront, filled at each deployment."""

from pathlib import Path

from aws_cdk import AssetHashType, Aws, BundlingOptions, Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra import website_files
from infra.parts.functions import log
from infra.parts.names import unique_suffix
from infra.parts.packaging import AWS, ROOT, LocalBundling
from infra.stage import Stage
from infra.website_config import WebsiteConfig, security_headers

_SOURCES, _PACKAGES = ROOT / "web", ROOT / "node_modules"
_TLS = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
_HSTS_AGE = Duration.days(365)
_FILLING_MEMORY_MB = 512  # the CDK's function copies a few hundred files with the AWS command line


class Website(Construct):
    """The distribution and its `url`; `fill` deploys the files once the content of `config.json` is known."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, addresses: list[str]) -> None:
        super().__init__(scope, construct_id)
        self._files = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,  # on every stage, because a deployment fills it again
            auto_delete_objects=True,
        )
        self._log = log(self, stage)
        self._role = self._filler()
        certificate = stage.website_certificate_arn
        access = cloudfront.S3OriginAccessControl(self, "Access", origin_access_control_name=_unique_name())
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{stage.stack} page",
            default_root_object=website_files.INDEX,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self._files, origin_access_control=access),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,  # by each file's Cache-Control
                compress=True,
                response_headers_policy=self._headers(security_headers(addresses)),
            ),
            # Without a custom certificate CloudFront decides the TLS versions.
            minimum_protocol_version=_TLS if certificate else None,
            domain_names=[stage.website_domain] if stage.website_domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate) if certificate else None,
        )
        self.url = f"https://{stage.website_domain or distribution.distribution_domain_name}"
        self.dns_target = distribution.distribution_domain_name if stage.website_domain else None

    def fill(self, config: WebsiteConfig) -> None:
        """Deploy the files into the bucket; files of earlier deployments stay, for web pages that are still open."""
        version = website_files.content_hash(_SOURCES, _PACKAGES)
        files = self._deployment(
            "Versioned", [_files(version)], cache_control=website_files.CACHED_FOR_EVER, folder=version
        )
        entry = [
            deployment.Source.data(website_files.INDEX, website_files.index(_SOURCES, version)),
            deployment.Source.json_data("config.json", config.document()),
        ]
        self._deployment("Entry", entry, cache_control=website_files.ASKED_FOR_AGAIN).node.add_dependency(files)

    def _headers(self, headers: dict[str, str]) -> cloudfront.ResponseHeadersPolicy:
        always = [
            cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
            for name, value in headers.items()
            if name == "Cross-Origin-Opener-Policy"  # CloudFront has separate properties for the others
        ]
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=_unique_name(),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=headers["Content-Security-Policy"], override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=_HSTS_AGE, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=always),
        )

    def _filler(self) -> iam.IRole:
        """Return the role that fills the bucket; the CDK's own grants would have wildcards in their actions."""
        qualifier = Stack.of(self).synthesizer.bootstrap_qualifier
        assets = f"arn:{Aws.PARTITION}:s3:::cdk-{qualifier}-assets-{Aws.ACCOUNT_ID}-{Aws.REGION}"
        allowed = [
            (["s3:GetObject"], f"{assets}/*"),
            (["s3:GetObject", "s3:PutObject"], self._files.arn_for_objects("*")),
            (["s3:ListBucket"], self._files.bucket_arn),
            (["logs:CreateLogStream", "logs:PutLogEvents"], self._log.log_group_arn),
        ]
        statements = [iam.PolicyStatement(actions=actions, resources=[on]) for actions, on in allowed]
        role = iam.Role(
            self,
            "Filler",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Fill": iam.PolicyDocument(statements=statements)},
        )
        return role.without_policy_updates()

    def _deployment(
        self, name: str, sources: list[deployment.ISource], *, cache_control: str, folder: str | None = None
    ) -> deployment.BucketDeployment:
        return deployment.BucketDeployment(
            self,
            name,
            sources=sources,
            destination_bucket=self._files,
            destination_key_prefix=folder,
            cache_control=[deployment.CacheControl.from_string(cache_control)],
            prune=False,
            memory_limit=_FILLING_MEMORY_MB,
            role=self._role,
            log_group=self._log,
        )


def _unique_name() -> str:
    """Return a name for CloudFront resources, whose names must be unique in the account, not the region."""
    return f"documind-{unique_suffix()}"


def _files(version: str) -> deployment.ISource:
    """Return all files but `index.html` and `config.json`, collected at synthesis."""

    def collect(folder: Path) -> None:
        website_files.collect(_SOURCES, _PACKAGES, folder)

    return deployment.Source.asset(
        str(_SOURCES),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=version,
        bundling=BundlingOptions(image=AWS.runtime.bundling_image, local=LocalBundling(collect)),
    )
