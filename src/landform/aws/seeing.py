"""Describes objects by id or ARN, many at once, and says of each whether it is still there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from landform.aws.describer import ARN, Describer, Fate, Seen, filled, is_missing, judged, values_at, words_of
from landform.aws.describers import DESCRIBERS
from landform.aws.failures import error_code
from landform.aws.session import AwsClient

ClientOf: TypeAlias = Callable[[str, str], AwsClient]
"""From a service and a region to a client."""

_AT_ONCE = 8
_RECORD = re.compile(r"([^_]+)_(.*)_([A-Z]+)(?:_.*)?\Z")
_NO_DESCRIBER = Seen(Fate.NOT_LOOKED_AT, "nobody here knows how to describe this type")
_NO_ID = Seen(Fate.NOT_LOOKED_AT, "its state has no id of it")


@dataclass(frozen=True, slots=True)
class Thing:
    """One object to look at, by Terraform's type and what names it."""

    type: str
    id: str
    arn: str
    region: str


def look_at(client_of: ClientOf, things: Iterable[Thing]) -> Mapping[Thing, Seen]:
    """What became of each of these. What AWS does not say is not looked at, with its reason, never gone."""
    wanted = list(dict.fromkeys(things))
    found = {each: _unseen(each) for each in wanted}
    batches = list(_batches(each for each in wanted if found[each] is None))
    clients: dict[tuple[str, str], AwsClient] = {}
    for describer, some in batches:
        key = (describer.service, some[0].region)
        if key not in clients:
            clients[key] = client_of(*key)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = [
            pool.submit(_ask, clients[describer.service, some[0].region], describer, some)
            for describer, some in batches
        ]
        for each in asked:
            found |= each.result()
    return {thing: seen or _NO_DESCRIBER for thing, seen in found.items()}


def _unseen(thing: Thing) -> Seen | None:
    """Why a thing can't be looked at; None where it can."""
    if _describer(thing) is None:
        return _NO_DESCRIBER
    return None if thing.id or thing.arn else _NO_ID


def _describer(thing: Thing) -> Describer | None:
    return _RECORDS if thing.type == "aws_route53_record" else DESCRIBERS.get(thing.type)


_RECORDS = Describer("route53", "list_resource_record_sets", {}, "ResourceRecordSets")
"""Records are listed from a name on; whether the first one is it, ``_ask_record`` sees."""


def _batches(things: Iterable[Thing]) -> Iterator[tuple[Describer, list[Thing]]]:
    groups: dict[tuple[str, str], list[Thing]] = {}
    for each in things:
        groups.setdefault((each.type, each.region), []).append(each)
    for some in groups.values():
        describer = _describer(some[0])
        if describer is not None:
            for start in range(0, len(some), describer.most):
                yield describer, some[start : start + describer.most]


def _ask(client: AwsClient, describer: Describer, things: Sequence[Thing]) -> dict[Thing, Seen]:
    """One question; where AWS refuses it for one of several objects, one for each."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if describer is _RECORDS:
            return {each: _ask_record(client, each) for each in things}
        answers = list(_answers(client, describer, things))
    except ClientError as error:
        if len(things) > 1:
            return {key: value for each in things for key, value in _ask(client, describer, [each]).items()}
        code = error_code(error)
        why = str(error.response.get("Error", {}).get("Message") or error)
        seen = Seen(Fate.GONE, code) if is_missing(code) else Seen(Fate.NOT_LOOKED_AT, f"{code}: {why}")
        return {things[0]: seen}
    except BotoCoreError as error:
        return dict.fromkeys(things, Seen(Fate.NOT_LOOKED_AT, str(error)))
    return {each: _seen(describer, answers, each) for each in things}


def _answers(client: AwsClient, describer: Describer, things: Sequence[Thing]) -> Iterator[Mapping[str, Any]]:
    request = filled(describer.request, [words_of(_identity(describer, each), each.arn) for each in things])
    if describer.most > 1 and client.can_paginate(describer.operation):
        pages: Iterable[Any] = client.get_paginator(describer.operation).paginate(**request)
    else:
        pages = [getattr(client, describer.operation)(**request)]
    for page in pages:
        yield from values_at(page, describer.found)


def _identity(describer: Describer, thing: Thing) -> str:
    return (thing.arn or thing.id) if describer.by == ARN else (thing.id or thing.arn)


def _seen(describer: Describer, answers: Sequence[Mapping[str, Any]], thing: Thing) -> Seen:
    name = _identity(describer, thing)
    mine = (each for each in answers if not describer.key or each.get(describer.key) == name)
    facts = next(mine, None)
    return Seen(Fate.GONE, "AWS does not list it") if facts is None else judged(describer, facts)


def _ask_record(client: AwsClient, thing: Thing) -> Seen:
    found = _RECORD.match(thing.id)
    if found is None:
        return Seen(Fate.NOT_LOOKED_AT, "its id is not that of a record")
    zone, name, kind = found.groups()
    answer = client.list_resource_record_sets(
        HostedZoneId=zone, StartRecordName=name, StartRecordType=kind, MaxItems="1"
    )
    for each in answer["ResourceRecordSets"]:
        if each["Type"] == kind and _plain(each["Name"]) == _plain(name):
            return Seen(Fate.THERE, facts=each)
    return Seen(Fate.GONE, "AWS does not list it")


def _plain(name: str) -> str:
    """A name of the DNS as Terraform has it: Route 53 ends it with a dot, and writes ``*`` as ``\\052``."""
    return name.rstrip(".").replace("\\052", "*").casefold()
