"""What a recorded request asks of IAM: the action, and the resource where the request names it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import botocore.session

from e2e.recorders import Request

_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
"""Where IAM's prefix of a service is not the name that requests are signed with."""

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_S3_ACTIONS = {
    "HeadObject": "GetObject",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
}


@dataclass(frozen=True, order=True)
class Call:
    """One IAM action on a resource; ``*`` where the request does not say which by name."""

    action: str
    resource: str = "*"


def call_of(request: Request) -> Call:
    """The permission that a signed request needs."""
    signed = _SIGNED_FOR.search(request.headers.get("authorization", ""))
    assert signed, f"not signed: {request}"
    service = signed[1]
    if service == "s3":
        return _of_s3(request)
    form = _first(parse_qs(request.body.decode(errors="replace")))
    target = request.headers.get("x-amz-target", "")
    name = form.get("Action") or target.rpartition(".")[2] or _operation(service, request)
    resource = form.get("TopicArn", "*")
    if service in ("iam", "ssm"):
        resource = _of_iam(form) if service == "iam" else _parameter(request)
    return Call(f"{_PREFIXES.get(service, service)}:{name}", resource)


def _of_iam(form: Mapping[str, str]) -> str:
    kinds = {"InstanceProfileName": "instance-profile", "RoleName": "role"}
    named = [f"arn:aws:iam::123456789012:{kinds[key]}/{form[key]}" for key in kinds if key in form]
    return named[0] if named else "*"


def _parameter(request: Request) -> str:
    """One of AWS's own is in no account."""
    name = str(json.loads(request.body)["Name"])
    account = "" if name.startswith("/aws/service/") else "123456789012"
    return f"arn:aws:ssm:us-east-1:{account}:parameter{name}"


def _of_s3(request: Request) -> Call:
    name = _operation("s3", request)
    return Call(f"s3:{_S3_ACTIONS.get(name, name)}", f"arn:aws:s3:::{request.path.lstrip('/')}")


def _operation(service: str, request: Request) -> str:
    """The operation of a REST service, by method, path, and the most of what the query must hold."""
    given = _first(parse_qs(request.query, keep_blank_values=True)).items()
    fitting = [
        (len(wanted), name)
        for name, method, path, wanted in _operations(service)
        if method == request.method and path.fullmatch(request.path) and wanted.items() <= given
    ]
    assert fitting, f"no operation of {service} is like {request}"
    return max(fitting, key=lambda each: (each[0], -len(each[1])))[1]


def _first(query: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in query.items()}


@cache
def _operations(service: str) -> list[tuple[str, str, re.Pattern[str], dict[str, str]]]:
    model: Any = botocore.session.Session().get_service_model(service)
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = "".join(_part(text) for text in re.split(r"(\{[^}]+\})", path))
        wanted = _first(parse_qs(query, keep_blank_values=True))
        found.append((name, http["method"], re.compile(pattern), wanted))
    return found


def _part(text: str) -> str:
    if not text.startswith("{"):
        return re.escape(text)
    return ".+" if text.endswith("+}") else "[^/]+"
