"""The static-site module: who reads the files, what CloudFront answers, what it refuses, what stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from landform.testing import PlannedModule, Stack, TestedModule
from modules.refusals import refuses_each

_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/11111111-2222-3333-4444-555555555555"
_HOSTS = ["*.shop.example.com", "www.example.com"]
_DAY, _YEAR = 86400, 31536000

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/static-site", vars={"name": "shop"}),
]


# --- planned ----------------------------------------------------------------------------------------------


def test_what_is_to_stay_is_private_encrypted_versioned_and_logged(tf_plan: PlannedModule) -> None:
    assert tf_plan["aws_s3_bucket.site"].force_destroy is False
    assert tf_plan['aws_s3_bucket.logs["logs"]'].force_destroy is False
    for bucket in ("site", 'logs["logs"]'):
        block = tf_plan[f"aws_s3_bucket_public_access_block.{bucket}"]
        assert [block.block_public_acls, block.block_public_policy] == [True, True]
        assert [block.ignore_public_acls, block.restrict_public_buckets] == [True, True]
        encryption = tf_plan[f"aws_s3_bucket_server_side_encryption_configuration.{bucket}"]
        assert _only(encryption.rule, "apply_server_side_encryption_by_default")["sse_algorithm"] == "AES256"
    assert _only(tf_plan["aws_s3_bucket_versioning.site"].versioning_configuration)["status"] == "Enabled"
    owners = {
        name: _only(tf_plan[f"aws_s3_bucket_ownership_controls.{name}"].rule)["object_ownership"]
        for name in ("site", 'logs["logs"]')
    }
    assert owners == {"site": "BucketOwnerEnforced", 'logs["logs"]': "BucketOwnerPreferred"}
    site = tf_plan["aws_cloudfront_distribution.this"]
    assert (site.http_version, site.is_ipv6_enabled) == ("http2and3", True)
    assert _only(site.viewer_certificate)["cloudfront_default_certificate"] is True
    assert _only(site.logging_config)["prefix"] == "cloudfront/"
    assert site.custom_error_response == []


@pytest.mark.tf(vars={"logging": {"enabled": False}, "bucket": {"name": "shop-files"}})
def test_without_a_log_there_is_no_bucket_for_it(tf_plan: PlannedModule) -> None:
    assert tf_plan.counts["aws_s3_bucket"] == 1
    assert tf_plan.outputs.log_bucket_name is None
    assert tf_plan["aws_s3_bucket.site"].bucket == "shop-files"
    assert tf_plan["aws_cloudfront_distribution.this"].logging_config == []


def test_every_answer_has_security_headers(tf_plan: PlannedModule) -> None:
    for ttl in (60, _YEAR):
        policy = tf_plan[f'aws_cloudfront_response_headers_policy.this["{ttl}"]']
        headers = _only(policy.security_headers_config)
        assert _only(headers["strict_transport_security"])["access_control_max_age_sec"] == _YEAR
        assert "frame-ancestors 'none'" in str(_only(headers["content_security_policy"]))
        assert _only(headers["frame_options"])["frame_option"] == "DENY"
        assert _only(headers["referrer_policy"])["referrer_policy"] == "strict-origin-when-cross-origin"
        assert _only(headers["content_type_options"])["override"] is True
        assert _only(policy.custom_headers_config, "items")["value"] == f"public, max-age={ttl}"


@pytest.mark.tf(
    vars={
        "security_headers": {"content_security_policy": "", "frame_options": "SAMEORIGIN"},
        "caching": {"ttl": 0, "paths": {"/a/*": _DAY, "/a/live/*": 0, "/fonts/*": _DAY}},
    }
)
def test_the_longest_pattern_comes_first_and_equal_times_share_a_policy(tf_plan: PlannedModule) -> None:
    behaviors = tf_plan["aws_cloudfront_distribution.this"].ordered_cache_behavior
    assert [each["path_pattern"] for each in behaviors] == ["/a/live/*", "/fonts/*", "/a/*"]
    assert all(
        each["viewer_protocol_policy"] == "redirect-to-https" and each["compress"] for each in behaviors
    )
    policies = {address for address in tf_plan.creates if "cache_policy" in address}
    assert policies == {f'aws_cloudfront_cache_policy.this["{ttl}"]' for ttl in (0, _DAY)}
    assert tf_plan[f'aws_cloudfront_cache_policy.this["{_DAY}"]'].default_ttl == _DAY
    headers = _only(tf_plan['aws_cloudfront_response_headers_policy.this["0"]'].security_headers_config)
    assert (headers["content_security_policy"], _only(headers["frame_options"])["frame_option"]) == (
        [],
        "SAMEORIGIN",
    )


@pytest.mark.tf(vars={"documents": {"spa": True}})
def test_an_application_answers_missing_files_itself(tf_plan: PlannedModule) -> None:
    assert _errors(tf_plan) == {403: (200, "/index.html"), 404: (200, "/index.html")}


@pytest.mark.tf(vars={"documents": {"error_page": "errors/404.html"}})
def test_an_error_page_answers_with_404(tf_plan: PlannedModule) -> None:
    assert _errors(tf_plan) == {403: (404, "/errors/404.html"), 404: (404, "/errors/404.html")}


@pytest.mark.tf(
    vars={
        "domain": {"aliases": _HOSTS, "certificate_arn": _CERTIFICATE, "zone_ids": {"www.example.com": "Z1"}},
        "web_acl_arn": _ACL,
        "geo_restriction": {"type": "whitelist", "countries": ["DE", "FR"]},
        "price_class": "PriceClass_All",
    }
)
def test_host_names_have_tls_and_records(tf_plan: PlannedModule) -> None:
    site = tf_plan["aws_cloudfront_distribution.this"]
    assert sorted(site.aliases) == _HOSTS
    certificate = _only(site.viewer_certificate)
    assert certificate["acm_certificate_arn"] == _CERTIFICATE
    assert (certificate["minimum_protocol_version"], certificate["ssl_support_method"]) == (
        "TLSv1.2_2021",
        "sni-only",
    )
    assert (site.web_acl_id, site.price_class) == (_ACL, "PriceClass_All")
    countries = _only(site.restrictions, "geo_restriction")
    assert (countries["restriction_type"], sorted(countries["locations"])) == ("whitelist", ["DE", "FR"])
    assert {address for address in tf_plan.creates if "route53" in address} == {
        f'aws_route53_record.alias["{kind}/www.example.com"]' for kind in ("A", "AAAA")
    }
    assert tf_plan.outputs.url == "https://www.example.com"


# --- refused ----------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 28 characters"]),
    "bucket": (
        {"name": "www.shop", "keep_old_versions_days": 0},
        ["The bucket.name must have 3 to 63", "The bucket.keep_old_versions_days must be"],
    ),
    "domain": (
        {
            "aliases": ["https://www.example.com"],
            "certificate_arn": _CERTIFICATE.replace("us-east-1", "eu-west-1"),
            "zone_ids": {"example.com": "Z1"},
        },
        ["must be a host name", "CloudFront reads no other region", "must be one of domain.aliases"],
    ),
    "documents": (
        {"index": "/index.html", "spa": True, "error_page": "/404.html", "error_ttl": -1},
        [
            "The documents.index must be",
            "The documents.error_page must be",
            "is never shown with documents.spa",
            "The documents.error_ttl must not be negative",
        ],
    ),
    "caching": (
        {"ttl": -1, "paths": {"assets": 1, **{f"/{each}/*": each for each in range(2, 12)}}},
        ["must be whole seconds", "must be a path pattern", "at most 10 different times"],
    ),
    "security_headers": (
        {
            "hsts_max_age": -1,
            "hsts_preload": True,
            "content_security_policy": "a\nb",
            "frame_options": "ALLOW",
            "referrer_policy": "none",
        },
        [
            "hsts_max_age must not be negative",
            "browsers' lists take nothing else",
            "must be one line",
            "must be DENY or SAMEORIGIN",
            "a value of the Referrer-Policy header",
        ],
    ),
    "logging": (
        {"bucket_name": "Logs", "retention_days": 0},
        ["The logging.bucket_name must have", "The logging.retention_days must be"],
    ),
    "web_acl_arn": (_ACL.replace("global", "regional"), ["with the scope CLOUDFRONT"]),
    "price_class": ("PriceClass_300", ["The price_class must be"]),
    "geo_restriction": (
        {"type": "none", "countries": ["Germany"]},
        ["belong to a whitelist or a blacklist", "two capital letters"],
    ),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


@pytest.mark.tf(level="mock")
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"domain": {"aliases": ["www.example.com"]}}, "certificate_arn is missing"),
        ({"domain": {"certificate_arn": _CERTIFICATE}}, "aliases are missing"),
        ({"geo_restriction": {"type": "unknown", "countries": ["DE"]}}, "The geo_restriction.type must be"),
    ],
    ids=["no certificate", "no host name", "no such restriction"],
)
def test_what_belongs_together_is_asked_for(
    tf_module: TestedModule, values: Mapping[str, Any], told: str
) -> None:
    with tf_module.fails(match=told):
        tf_module.plan(**values)


# --- applied ----------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"ephemeral": True, "managed_policies": True, "documents": {"spa": True}})
def test_only_its_distribution_reads_it_and_nothing_is_planned_again(tf_module: TestedModule) -> None:
    stack = tf_module.apply()
    assert stack.plan().is_noop
    s3, bucket = stack.client("s3"), stack.outputs.bucket_name
    statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    (reader,) = (each for each in statements if each["Effect"] == "Allow")
    assert (reader["Principal"], reader["Action"]) == (
        {"Service": "cloudfront.amazonaws.com"},
        "s3:GetObject",
    )
    assert reader["Condition"] == {"StringEquals": {"aws:SourceArn": stack.outputs.distribution_arn}}
    (denied,) = (each for each in statements if each["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    _serves(stack)
    _deploys(stack)
    more = stack.plan(caching={"paths": {"/assets/*": _YEAR, "/fonts/*": _YEAR}})
    assert more.updates == {"aws_cloudfront_distribution.this"}
    assert not more.creates | more.replaces | more.deletes
    stack.destroy()
    assert stack.client("cloudfront").list_distributions()["DistributionList"]["Quantity"] == 0
    assert s3.list_buckets()["Buckets"] == []


def _serves(stack: Stack) -> None:
    """The distribution as CloudFront has it: the bucket behind an access control, AWS's own policies."""
    front = stack.client("cloudfront")
    config = front.get_distribution(Id=stack.outputs.distribution_id)["Distribution"]["DistributionConfig"]
    (origin,) = config["Origins"]["Items"]
    assert origin["OriginAccessControlId"] == stack["aws_cloudfront_origin_access_control.this"].id
    assert origin["DomainName"].startswith(f"{stack.outputs.bucket_name}.s3.")
    (assets,) = config["CacheBehaviors"]["Items"]
    assert assets["CachePolicyId"] != config["DefaultCacheBehavior"]["CachePolicyId"]
    assert {each["ResponsePagePath"] for each in config["CustomErrorResponses"]["Items"]} == {"/index.html"}
    assert stack.outputs.url == f"https://{stack.outputs.distribution_domain_name}"


def _deploys(stack: Stack) -> None:
    """The deployer may do what a deployment takes, and no more, to this site only."""
    allowed = {
        each["Sid"]: (each["Action"], each["Resource"])
        for each in json.loads(stack.outputs.deployer_policy_json)["Statement"]
    }
    assert allowed == {
        "CompareFiles": ("s3:ListBucket", stack.outputs.bucket_arn),
        "PutFiles": ("s3:PutObject", f"{stack.outputs.bucket_arn}/*"),
        "Invalidate": (
            ["cloudfront:GetInvalidation", "cloudfront:CreateInvalidation"],
            stack.outputs.distribution_arn,
        ),
    }


def _errors(plan: PlannedModule) -> dict[int, tuple[int, str]]:
    responses = plan["aws_cloudfront_distribution.this"].custom_error_response
    return {each["error_code"]: (each["response_code"], each["response_page_path"]) for each in responses}


def _only(blocks: Any, *names: str) -> Any:
    """The one block of ``blocks``, and the one named within."""
    (found,) = blocks
    for name in names:
        (found,) = found[name]
    return found
