"""What moto lacks, or does otherwise than AWS, and a whole apply would fail at: mended in its process.

Each is in ``docs/explanation/sandbox.md``. All else that moto cannot do stays as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.core.responses import ActionResult

_TRANSPORT = "aws:securetransport"
_NEWER = "NewerNoncurrentVersions"


def mend_moto() -> None:
    """Have moto do what an emulator of landform needs; takes a while, and is done once in a process."""
    _load_managed_policies_once()
    _count_requests_as_tls()
    _keep_counts_of_versions()
    _let_delete_markers_go()


def _load_managed_policies_once() -> None:
    """Load AWS's managed policies for the partition ``aws`` only.

    moto would do so for all nine partitions of each account, which takes most of a second per account.
    """
    from moto.iam.models import IAMBackend

    load = IAMBackend._init_aws_policies  # noqa: SLF001

    def load_for_aws(backend: IAMBackend) -> list[Any]:
        return list(load(backend)) if backend.region_name == "aws" else []

    IAMBackend._init_aws_policies = load_for_aws  # type: ignore[method-assign, assignment]  # noqa: SLF001


def _count_requests_as_tls() -> None:
    """Have policies judge each request as one that came over TLS: nobody reaches AWS otherwise.

    moto takes a condition that it has no value for as not met, and then denies, whatever the effect: a bucket
    whose policy denies what comes without TLS would be closed to everybody.
    """
    from moto.iam.access_control import IAMPolicy

    read = IAMPolicy.__init__

    def read_over_tls(policy: IAMPolicy, text: Any) -> None:
        read(policy, text)
        document = policy._policy_json  # noqa: SLF001
        if _TRANSPORT in json.dumps(document).lower():
            statements = document["Statement"]
            listed = statements if isinstance(statements, list) else [statements]
            document["Statement"] = [each for each in map(_over_tls, listed) if each is not None]

    IAMPolicy.__init__ = read_over_tls  # type: ignore[method-assign, assignment]


def _over_tls(statement: dict[str, Any]) -> dict[str, Any] | None:
    """The statement without its conditions on the transport; None where they do not hold over TLS."""
    left: dict[str, Any] = {}
    for operator, keys in statement.get("Condition", {}).items():
        others = dict(keys)
        for key, value in keys.items():
            if operator in ("Bool", "BoolIfExists") and key.lower() == _TRANSPORT:
                wanted = value if isinstance(value, list) else [value]
                if "true" not in [str(each).lower() for each in wanted]:
                    return None
                del others[key]
        left |= {operator: others} if others else {}
    return statement | {"Condition": left}


def _keep_counts_of_versions() -> None:
    """Have a bucket's lifecycle tell ``NewerNoncurrentVersions``: the provider waits until it does."""
    from moto.s3.models import FakeBucket
    from moto.s3.responses import S3Response

    take, tell = FakeBucket.set_lifecycle, S3Response.get_bucket_lifecycle

    def take_counts(bucket: Any, rules: list[dict[str, Any]]) -> None:
        take(bucket, rules)
        for rule, given in zip(bucket.rules, rules, strict=True):
            rule.newer_noncurrent = (given.get("NoncurrentVersionExpiration") or {}).get(_NEWER)

    def tell_counts(response: Any) -> Any:
        bucket, serialized = response.backend.get_bucket(response.bucket_name), response.serialized

        def with_counts(answer: ActionResult) -> Any:
            told: Any = answer.result
            for rule, shown in zip(bucket.rules, told["Rules"], strict=True):
                if rule.newer_noncurrent:
                    shown["NoncurrentVersionExpiration"][_NEWER] = rule.newer_noncurrent
            return serialized(answer)

        response.serialized = with_counts
        try:
            return tell(response)
        finally:
            response.serialized = serialized  # an error is answered with it as well

    FakeBucket.set_lifecycle = take_counts  # type: ignore[method-assign, assignment]
    S3Response.get_bucket_lifecycle = tell_counts  # type: ignore[method-assign, assignment]


def _let_delete_markers_go() -> None:
    """Have a delete marker be removed like a version of an object, where versioning has been suspended."""
    from moto.s3.models import FakeDeleteMarker

    FakeDeleteMarker.dispose = lambda _marker: None  # type: ignore[attr-defined]
