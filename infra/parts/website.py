"""The page, hosted: a private bucket behind CloudFront, filled by the deployment itself."""

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
_FILLING_MEMORY_MB = 512  # it copies a few hundred files with the AWS command line


class Website(Construct):
    """The distribution and its `url`; `fill` puts the files there once what `config.json` names is known."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, addresses: list[str]) -> None:
        super().__init__(scope, construct_id)
        self._files = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,  # on every stage: the next deployment fills another one
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
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,  # as each file's Cache-Control says
                compress=True,
                response_headers_policy=self._headers(security_headers(addresses)),
            ),
            # Without a certificate of one's own CloudFront fixes the versions of TLS by itself.
            minimum_protocol_version=_TLS if certificate else None,
            domain_names=[stage.website_domain] if stage.website_domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate) if certificate else None,
        )
        self.url = f"https://{stage.website_domain or distribution.distribution_domain_name}"
        self.dns_target = distribution.distribution_domain_name if stage.website_domain else None

    def fill(self, config: WebsiteConfig) -> None:
        """Put the files into the bucket at each deployment: those of earlier ones stay, for pages that are open."""
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
            if name == "Cross-Origin-Opener-Policy"  # the others CloudFront takes in a place of their own only
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
        """Return the role that fills the bucket: what the CDK would grant by itself has wildcards in its actions."""
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
    """Return a name for what CloudFront, which has no regions, names in the account as a whole."""
    return f"documind-{unique_suffix()}"


def _files(version: str) -> deployment.ISource:
    """Return all files but the entry, put together when the stack is synthesised."""

    def collect(folder: Path) -> None:
        website_files.collect(_SOURCES, _PACKAGES, folder)

    return deployment.Source.asset(
        str(_SOURCES),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=version,
        bundling=BundlingOptions(image=AWS.runtime.bundling_image, local=LocalBundling(collect)),
    )
