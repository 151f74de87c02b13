"""Which AWS is reached, as the environment variables that Terraform and boto3 both obey."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landform.project import Environment

DUMMY_KEY = "testing"
"""Access key id and secret for an emulator: text that cannot be mistaken for a credential."""

# Not AWS_ENDPOINT_URL_S3: given that one, Terraform's S3 backend puts the bucket's name in front of any host.
# Given the general one it follows the SDK's rules, which use the path where the host is an IP address.
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_DYNAMODB")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach one AWS. ``env`` is the whole environment for a process; it holds secrets: never shown.

    ``region`` is where clients go by default; ``endpoint_url`` is None for real AWS; ``role_arn`` is what
    clients assume (the generated roots assume it by themselves, so ``env`` stays as it was).
    """

    env: Mapping[str, str] = field(repr=False)
    region: str
    endpoint_url: str | None = None
    role_arn: str | None = None

    @property
    def is_emulated(self) -> bool:
        """Whether this reaches an emulator, whose answers cost nothing and prove nothing about an account."""
        return self.endpoint_url is not None


def real_access(environ: Mapping[str, str], environment: Environment) -> Access:
    """The ordinary AWS chain of ``environ`` (the process's own): profile, SSO, keys, instance role.

    The environment's region is added where no region is set.
    """
    env = {name: value for name, value in environ.items() if not _names_no_file(name, value)}
    env.setdefault("AWS_REGION", environment.region)
    env.setdefault("AWS_DEFAULT_REGION", env["AWS_REGION"])
    return Access(env, environment.region, role_arn=environment.assume_role_arn)


def emulated_environment(
    environ: Mapping[str, str], endpoint_url: str, region: str, keys: Mapping[str, str]
) -> dict[str, str]:
    """``environ`` without any AWS setting of the user, pointed at an emulator; ``keys`` are added last."""
    env = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
    env |= dict.fromkeys(_ENDPOINTS, endpoint_url)
    env |= {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
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


def _names_no_file(name: str, value: str) -> bool:
    # Terraform's provider does not start when this variable names a file that is not there.
    return name == "AWS_CA_BUNDLE" and not Path(value).is_file()
