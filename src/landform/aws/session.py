"""AWS clients made from an ``Access`` and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from landform.aws.credentials import Access
from landform.aws.failures import explained

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.credentials import RefreshableCredentials
    from botocore.session import Session

    from landform.project import AssumeRole

AwsClient: TypeAlias = Any
"""A botocore client; its methods are made at run time from AWS's service models."""

_CONNECT_SECONDS = 5
_READ_SECONDS = 30


def client(access: Access, service: str, region: str | None = None) -> AwsClient:
    """A client of one service (boto3's name of it), in ``region`` or the access's own.

    Waits 5 s for a connection and 30 s for an answer; retries in botocore's standard mode. Raises
    LandformError when the settings of this shell cannot be used (a profile that does not exist).
    """
    return clients(access)(service, region)


def clients(access: Access) -> Callable[[str, str | None], AwsClient]:
    """Makes clients as ``client`` does, which share what a session has read: for who needs many of them.

    They are made by one thread at a time.
    """
    made: list[Session] = []

    def make(service: str, region: str | None = None) -> AwsClient:
        with explained(f"set up {service}"):
            if not made:
                made.append(_session(access))
            return made[0].create_client(
                service,
                region_name=region or access.region,
                endpoint_url=access.endpoint_url,
                verify=_verify(access),
                config=_config(access),
            )

    return make


def caller_account(access: Access) -> str:
    """The account id these credentials belong to. Raises LandformError when AWS does not accept them."""
    with explained("ask AWS which account this is"):
        return str(client(access, "sts").get_caller_identity()["Account"])


def caller_arn(access: Access) -> str:
    """Whose credentials these are, before any role is assumed. Raises LandformError as ``caller_account``."""
    with explained("ask AWS who this is"):
        return str(client(replace(access, role_arn=None), "sts").get_caller_identity()["Arn"])


class _AssumedRole:
    """What a botocore session asks for credentials, when they are those of a role."""

    def __init__(self, credentials: RefreshableCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> RefreshableCredentials:
        return self._credentials


def _session(access: Access) -> Session:
    if access.is_emulated:
        return _emulated_session(access)
    own = _own_session(access)
    return _as_role(own, access, access.role_arn) if access.role_arn else own


def _own_session(access: Access) -> Session:
    """A session with botocore's ordinary chain; it ends where Terraform's does (``real_environment``)."""
    from botocore.session import Session

    profile = access.env.get("AWS_PROFILE")
    session = Session(session_vars={"profile": (None, None, None, None)})  # not the shell's
    session.set_config_variable("region", access.region)
    if profile:
        session.set_config_variable("profile", profile)
    elif access.env.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        # To Terraform a web identity goes before a role in the default profile.
        session.get_component("credential_provider").remove("assume-role")
    return session


def _emulated_session(access: Access) -> Session:
    """A session that reads no variable, no file and no metadata service of the user."""
    from botocore.session import Session
    from botocore.tokens import TokenProviderChain

    known = Session.SESSION_VARIABLES.items()
    session = Session(session_vars={name: (None, None, *rest) for name, (_, _, *rest) in known})
    for variable in ("config_file", "credentials_file"):
        session.set_config_variable(variable, os.devnull)
    session.register_component("token_provider", TokenProviderChain(providers=[]))
    session.set_credentials(
        access.env["AWS_ACCESS_KEY_ID"],
        access.env["AWS_SECRET_ACCESS_KEY"],
        access.env.get("AWS_SESSION_TOKEN"),
    )
    return session


def _as_role(own: Session, access: Access, role_arn: str) -> Session:
    """A session that works as a role; its temporary keys are renewed before they run out."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.exceptions import NoCredentialsError
    from botocore.session import Session

    source = own.get_credentials()
    if source is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=lambda service, **keys: own.create_client(
            service, **{"region_name": access.region} | keys
        ),
        source_credentials=source,
        role_arn=role_arn,
        extra_args=_assume_role_arguments(access.assume_role),
    )
    session = Session()
    assumed = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    session.register_component("credential_provider", _AssumedRole(assumed))
    return session


def _assume_role_arguments(options: AssumeRole) -> dict[str, str | int]:
    """``sts:AssumeRole``'s names of the options that are given."""
    given: dict[str, str | int | None] = {
        "RoleSessionName": options.session_name,
        "ExternalId": options.external_id,
        "DurationSeconds": options.duration,
    }
    return {name: value for name, value in given.items() if value is not None}


def _config(access: Access) -> Config:
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 2 if access.is_emulated else 4},
        user_agent_extra="landform",
    )
    if not access.is_emulated:
        return config
    # A bucket's name in front of an emulator's host has no address; a proxy cannot see this loopback.
    return config.merge(Config(s3={"addressing_style": "path"}, proxies={}))


def _verify(access: Access) -> bool | str | None:
    """What checks a server's certificate; None leaves it to the user's settings."""
    bundle = access.env.get("AWS_CA_BUNDLE")
    if access.is_emulated:
        return bundle or True
    return None if bundle or "AWS_CA_BUNDLE" not in os.environ else True
