"""The hosted website: private bucket, caching by content, headers, and the origins that trust it."""

import json
from typing import Any

import boto3
import pytest

from documind.clients.objects import SIGNED_LINKS, Objects
from infra import website_files
from infra.website_config import origin
from tests.infra.conftest import ROOT, Stack, synthesise

OWN_DOMAIN = {
    "website_domain": "documind.example.org",
    "website_certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/a1b2",
}


def distribution(stack: Stack) -> dict[str, Any]:
    (found,) = stack.of_type("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def website_client(stack: Stack) -> dict[str, Any]:
    clients = stack.of_type("AWS::Cognito::UserPoolClient").values()
    (found,) = [each for each in clients if "CallbackURLs" in each]
    return found


def test_only_the_distribution_reads_the_files(hosted: Stack) -> None:
    (bucket,) = [name for name in hosted.of_type("AWS::S3::Bucket") if name.startswith("PageFiles")]
    assert set(hosted.of_type("AWS::S3::Bucket")[bucket]["PublicAccessBlockConfiguration"].values()) == {True}
    (access,) = hosted.of_type("AWS::CloudFront::OriginAccessControl").values()
    assert access["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    (policy,) = [each for each in hosted.of_type("AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": bucket}]
    readers = [each for each in policy["PolicyDocument"]["Statement"] if each["Action"] == "s3:GetObject"]
    assert [each["Principal"] for each in readers] == [{"Service": "cloudfront.amazonaws.com"}]
    assert "AWS:SourceArn" in readers[0]["Condition"]["StringEquals"]


def test_the_page_is_compressed_over_tls_and_cached_as_each_file_says(hosted: Stack) -> None:
    behaviour = distribution(hosted)["DefaultCacheBehavior"]
    assert behaviour["Compress"] is True
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    # Managed-CachingOptimized: gzip and brotli, and Cache-Control between one second and one year.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
    assert behaviour["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"


def test_files_with_a_content_hash_are_cached_for_ever_and_deployed_before_the_entry(hosted: Stack) -> None:
    deployments = hosted.of_type("Custom::CDKBucketDeployment")
    versioned, entry = sorted(deployments, reverse=True)
    version = website_files.content_hash(ROOT / "web", ROOT / "node_modules")
    assert deployments[versioned]["DestinationBucketKeyPrefix"] == version
    assert deployments[versioned]["SystemMetadata"] == {"cache-control": website_files.CACHED_FOR_EVER}
    assert deployments[entry]["SystemMetadata"] == {"cache-control": website_files.ASKED_FOR_AGAIN}
    assert versioned in hosted.template["Resources"][entry]["DependsOn"]
    assert {each["Prune"] for each in deployments.values()} == {False}  # open pages still load the old files


def test_headers_let_the_page_connect_to_endpoints_of_the_stack_only(hosted: Stack) -> None:
    (policy,) = hosted.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000
    assert headers["ContentTypeOptions"]["Override"] is True
    parts = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else f"[{json.dumps(part)}]" for part in parts)
    directives = dict(part.split(" ", 1) for part in text.split("; "))
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "*" not in directives["connect-src"]
    for made in ("SocketsApi", "documind-documents-", "https://cognito-idp.", "IdentityLoginDomain"):
        assert made in directives["connect-src"]


def test_cors_and_sign_in_allow_the_distribution(hosted: Stack) -> None:
    (name,) = hosted.of_type("AWS::CloudFront::Distribution")
    origin = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [name, "DomainName"]}]]}
    authorizer = hosted.functions()["connect.authorizer.handler"]["Environment"]["Variables"]
    assert authorizer["ALLOWED_ORIGINS"] == origin
    (cors,) = [
        each["CorsConfiguration"] for each in hosted.of_type("AWS::S3::Bucket").values() if "CorsConfiguration" in each
    ]
    assert cors["CorsRules"][0]["AllowedOrigins"] == [origin]
    client = website_client(hosted)
    address = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [name, "DomainName"]}, "/"]]}
    assert address in client["CallbackURLs"]
    assert client["LogoutURLs"] == [address]
    assert hosted.template["Outputs"]["WebsiteUrl"]["Value"] == origin


def test_the_headers_contain_the_name_of_the_bucket(hosted: Stack) -> None:
    (bucket,) = [
        each for name, each in hosted.of_type("AWS::S3::Bucket").items() if name.startswith("StorageDocuments")
    ]
    (policy,) = hosted.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    suffix = bucket["BucketName"]["Fn::Join"][1][1]
    assert json.dumps(suffix) in json.dumps(policy)
    assert "AWS::StackId" in json.dumps(suffix)  # different for each stack, and hard to guess


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_links_to_pdfs_use_an_origin_that_the_headers_allow(hosted: Stack, region: str) -> None:
    """By default boto3 uses the global endpoint in us-east-1, which the page's headers do not allow.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-regional-endpoint.html
    """
    (policy,) = hosted.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    parts = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Join"][1]
    deployed = {"AWS::Region": region, "AWS::URLSuffix": "amazonaws.com"}
    allowed = "".join(each if isinstance(each, str) else deployed.get(each.get("Ref"), "x") for each in parts)
    s3 = boto3.Session("key", "secret", region_name=region).client("s3", config=SIGNED_LINKS)
    objects = Objects(s3, "documind-documents-x")
    links = [objects.upload_target("uploads/x", size_bytes=1)[0], objects.view_link("uploads/x", file_name="a.pdf")]
    assert all(f" {origin(link)} " in allowed for link in links)


def test_a_custom_domain_replaces_that_of_the_distribution() -> None:
    stack = Stack("dev", **OWN_DOMAIN)
    assert distribution(stack)["Aliases"] == ["documind.example.org"]
    assert distribution(stack)["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert stack.template["Outputs"]["WebsiteUrl"]["Value"] == "https://documind.example.org"
    assert "DnsTarget" in stack.template["Outputs"]
    client = website_client(stack)
    assert "https://documind.example.org/" in client["CallbackURLs"]


def test_a_second_stack_of_a_stage_shares_no_name_with_the_first(dev: Stack) -> None:
    second = synthesise("dev", stack_name="DocuMind-trial")
    assert "/DocuMind-trial/model-key" in json.dumps(second)
    assert "DocuMind-dev" not in json.dumps(second)
    for resource in dev.template["Resources"].values():
        names = [value for key, value in resource.get("Properties", {}).items() if key in {"Name", "BucketName"}]
        if resource["Type"].startswith("AWS::OpenSearchServerless::") or resource["Type"] == "AWS::S3::Bucket":
            assert all("AWS::StackId" in json.dumps(name) for name in names), resource


def test_local_stages_host_nothing(local: Stack) -> None:
    assert not local.of_type("AWS::CloudFront::Distribution")
    assert local.template["Outputs"]["WebsiteUrl"]["Value"] == "http://127.0.0.1:8300"
