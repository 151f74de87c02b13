"""What moto forgets or invents of a CloudFront distribution, so that it answers with what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

_Settings = dict[str, Any]


class _Model(Protocol):
    """One of moto's models, which is made from the settings of a request."""

    def __init__(self, config: _Settings) -> None: ...


def answer_for_cloudfront() -> None:
    """Let moto's models hold what the request said."""
    from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate

    _after(Origin, _keep_access_control)
    _after(DefaultCacheBehaviour, _keep_policy_only)
    _after(ViewerCertificate, _keep_certificate)


def _keep_access_control(origin: Any, given: _Settings) -> None:
    """moto forgets which origin access control an origin has."""
    origin.origin_access_control_id = given.get("OriginAccessControlId", "")


def _keep_policy_only(behavior: Any, given: _Settings) -> None:
    """moto invents ForwardedValues, which AWS refuses beside a cache policy."""
    if "CachePolicyId" in given and "ForwardedValues" not in given:
        behavior.forwarded_values = None


def _keep_certificate(certificate: Any, given: _Settings) -> None:
    """moto invents empty names of certificates; the provider then reads SSLSupportMethod, too."""
    certificate.acm_certificate_arn = given.get("ACMCertificateArn")
    certificate.iam_certificate_id = given.get("IAMCertificateId")


def _after(model: type[_Model], keep: Callable[[Any, _Settings], None]) -> None:
    """Do that each time one is made."""
    make = model.__init__

    def make_and_keep(self: _Model, config: _Settings) -> None:
        make(self, config)
        keep(self, config)

    model.__init__ = make_and_keep  # type: ignore[method-assign]
