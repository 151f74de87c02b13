"""Access to an emulated AWS (the sandbox, LocalStack, another one) with nothing of the user's in it."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from landform.aws.credentials import Access, emulated_environment
from landform.aws.failures import explained
from landform.aws.session import client
from landform.errors import SandboxFailed

_EXAMPLE = "It looks like http://localhost:4566."


def emulated_access(
    endpoint_url: str,
    account_id: str | None,
    region: str,
    environ: Mapping[str, str] | None = None,
) -> Access:
    """Access to the emulator at ``endpoint_url`` as ``account_id`` (None: the emulator's default account).

    Starts from ``environ`` (the process's own) with every ``AWS_*`` removed. Another account than the default
    one is reached with keys that the emulator's STS hands out: they end with a reset of the emulator, so make
    a new Access then. Raises SandboxFailed when the emulator does not answer or does not keep accounts apart.
    """
    endpoint = ip_endpoint(endpoint_url)
    base = _without_proxy(os.environ if environ is None else environ, endpoint_url, endpoint)
    access = Access(emulated_environment(base, endpoint, region, {}), region, endpoint)
    if account_id is None or _account(access) == account_id:
        return access
    inside = Access(
        emulated_environment(base, endpoint, region, _keys_for(access, account_id)), region, endpoint
    )
    found = _account(inside)
    if found != account_id:
        raise SandboxFailed(
            f"the emulator at {endpoint_url} does not keep accounts apart: "
            f"asked for account {account_id}, it is {found}",
            f"Use account_id {found} in this environment, or an emulator with several accounts.",
        )
    return inside


def ip_endpoint(endpoint_url: str) -> str:
    """The same endpoint with its host as an IP address; an https one is left as it is.

    All AWS SDKs put a bucket's name into the path, not into the host, when the endpoint is an IP address. So
    the S3 backend and the provider need no setting of their own, and roots stay what they are for real AWS.
    Under https the certificate holds the name, so the name has to stay. Raises SandboxFailed.
    """
    url = _parse(endpoint_url)
    if url.scheme == "https" or url.hostname is None or _is_ip(url.hostname):
        return endpoint_url.rstrip("/")
    address = _resolve(url.hostname, endpoint_url)
    host = f"[{address}]" if ":" in address else address
    netloc = host if url.port is None else f"{host}:{url.port}"
    return url._replace(netloc=netloc).geturl().rstrip("/")


def _parse(endpoint_url: str) -> SplitResult:
    try:
        url = urlsplit(endpoint_url)
        valid = url.scheme in ("http", "https") and url.hostname and (url.port is None or url.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise SandboxFailed(f"not an emulator's address: {endpoint_url!r}", _EXAMPLE)
    return url


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _resolve(host: str, endpoint_url: str) -> str:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SandboxFailed(
            f"the emulator's host {host!r} has no address ({error})",
            f"Check --endpoint-url {endpoint_url}.",
        ) from error
    # Emulators listen on IPv4 by default, where a name has both.
    return str(min(found, key=lambda entry: entry[0] != socket.AF_INET)[4][0])


def _without_proxy(environ: Mapping[str, str], *endpoints: str) -> dict[str, str]:
    """``environ`` with the emulator reached directly: a proxy would send loopback addresses to itself."""
    direct = {"127.0.0.1", "localhost"} | {urlsplit(endpoint).hostname or "" for endpoint in endpoints}
    env = dict(environ)
    for name in ("NO_PROXY", "no_proxy"):
        listed = [part.strip() for part in env.get(name, "").split(",") if part.strip()]
        env[name] = ",".join([*listed, *sorted(direct - {"", *listed})])
    return env


def _account(access: Access) -> str:
    with explained(f"reach the emulator at {access.endpoint_url}", SandboxFailed):
        return str(client(access, "sts").get_caller_identity()["Account"])


def _keys_for(access: Access, account_id: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account_id}:role/landform-sandbox"
    with explained(f"enter account {account_id} of the emulator", SandboxFailed):
        answer = client(access, "sts").assume_role(RoleArn=role, RoleSessionName="landform")
    keys = answer["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
