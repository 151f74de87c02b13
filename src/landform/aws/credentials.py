"""Which AWS is reached, as the environment variables that Terraform and boto3 both obey."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landform.project import AssumeRole, Environment, Purpose

DUMMY_KEY = "testing"
"""Access key id and secret for an emulator: text that cannot be mistaken for a credential."""

# Not AWS_ENDPOINT_URL_S3: given that one, Terraform's S3 backend puts the bucket's name in front of any host.
# Given the general one it follows the SDK's rules, which use the path where the host is an IP address.
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_DYNAMODB")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach one AWS. ``env`` is the whole environment for a process; it holds secrets: never shown.

    ``region`` is where clients go by default; ``endpoint_url`` is None for real AWS; ``role_arn`` is what
    clients assume, as ``assume_role`` says (the generated roots do so by themselves, so ``env`` stays as it
    was).
    """

    env: Mapping[str, str] = field(repr=False)
    region: str
    endpoint_url: str | None = None
    role_arn: str | None = None
    assume_role: AssumeRole = field(default_factory=AssumeRole)

    @property
    def is_emulated(self) -> bool:
        """Whether this reaches an emulator, whose answers cost nothing and prove nothing about an account."""
        return self.endpoint_url is not None


def real_access(
    environ: Mapping[str, str], environment: Environment, purpose: Purpose = Purpose.APPLY
) -> Access:
    """The ordinary AWS chain of ``environ`` (the process's own), then the role for ``purpose``."""
    return Access(
        real_environment(environ, environment.region, environment.profile),
        environment.region,
        role_arn=environment.role_arn(purpose),
        assume_role=environment.assume_role or AssumeRole(),
    )


def real_environment(environ: Mapping[str, str], region: str, profile: str | None = None) -> dict[str, str]:
    """``environ`` in ``region``, so that Terraform and botocore find the same credentials in it.

    Keys come first, then a web identity, then ``profile``, then the shell's own profile, then what the
    machine has. ``AWS_PROFILE`` is only there where it decides: the two do not agree on its rank.
    """
    env = {name: value for name, value in environ.items() if not _names_no_file(name, value)}
    own = env.pop("AWS_PROFILE", "") or env.get("AWS_DEFAULT_PROFILE", "")
    env.pop("AWS_DEFAULT_PROFILE", None)
    decided = env.get("AWS_ACCESS_KEY_ID") or env.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not decided and (profile or own):
        env["AWS_PROFILE"] = profile or own
    return env | _in_region(region)


def emulated_environment(
    environ: Mapping[str, str], endpoint_url: str, region: str, keys: Mapping[str, str]
) -> dict[str, str]:
    """``environ`` without any AWS setting of the user, pointed at an emulator; ``keys`` are added last."""
    env = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
    env |= dict.fromkeys(_ENDPOINTS, endpoint_url)
    env |= _in_region(region)
    env |= {
        "AWS_ACCESS_KEY_ID": DUMMY_KEY,
        "AWS_SECRET_ACCESS_KEY": DUMMY_KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    bundle = environ.get("AWS_CA_BUNDLE", "")
    if endpoint_url.startswith("https:") and Path(bundle).is_file():
        env["AWS_CA_BUNDLE"] = bundle  # an emulator behind TLS may well have a private authority
    return env | dict(keys)


def _in_region(region: str) -> dict[str, str]:
    """The one place that says where the AWS programs of a child go: a region of the shell never counts."""
    return {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}


def _names_no_file(name: str, value: str) -> bool:
    # Terraform's provider does not start when this variable names a file that is not there.
    return name == "AWS_CA_BUNDLE" and not Path(value).is_file()
