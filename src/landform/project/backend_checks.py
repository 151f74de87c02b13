"""What can be wrong with ``backend:``: names of buckets and tables, and states that nothing would lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from landform.errors import Fault, Location
from landform.project.model import BackendKind, Environment, Project
from landform.project.names import did_you_mean
from landform.project.state_keys import state_store

_BUCKET_FIELDS = frozenset({"account_id", "region", "project", "environment"})
_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}\Z")


def backend_faults(project: Project) -> Iterator[Fault]:
    """What is wrong with ``backend:``, the project's and those of its environments."""
    backend = project.backend
    yield from _bucket_template(backend.bucket, backend.location("bucket"))
    yield from _table_name(backend.dynamodb_table, backend.location("dynamodb_table"))
    for environment in project.environment_by_name.values():
        own = environment.backend
        yield from _bucket_template(own.bucket or "", own.location("bucket"))
        yield from _table_name(own.dynamodb_table, own.location("dynamodb_table"))
        if backend.kind is BackendKind.LOCAL and own.given:
            what = f"backend.{own.given[0]}: the project's backend is local, there is no state bucket."
            yield Fault(own.location(own.given[0]), what, "Say 'backend: {s3: …}' in landform.yaml.")
        elif backend.kind is BackendKind.S3 and environment.complete:
            yield from _state_bucket(project, environment)
    yield from _locking(project)


def _bucket_fields(template: str) -> set[str]:
    """The fields in a bucket's name. Raises ValueError."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _bucket_template(template: str, where: Location) -> Iterator[Fault]:
    try:
        fields = _bucket_fields(template)
    except ValueError as error:
        yield Fault(where, f"backend bucket {template!r}: {error}.")
        return
    for name in sorted(fields - _BUCKET_FIELDS):
        hint = did_you_mean(name, _BUCKET_FIELDS)
        yield Fault(where, f"backend bucket holds the unknown field {{{name}}}.", hint)


def _state_bucket(project: Project, environment: Environment) -> Iterator[Fault]:
    """The bucket that one environment ends up with."""
    own = environment.backend.bucket is not None
    template = environment.backend.bucket or project.backend.bucket
    try:
        fields = _bucket_fields(template)
    except ValueError:
        return
    if "account_id" in fields and environment.account_id is None:
        yield Fault(environment.where, "account_id is missing: the state bucket's name needs it.")
    elif fields <= _BUCKET_FIELDS and not 3 <= len(state_store(project, environment).bucket) <= 63:
        name = state_store(project, environment).bucket
        where = environment.backend.location("bucket") if own else project.backend.location("bucket")
        what = f"the state bucket of {environment.name!r} would be {name!r}, with {len(name)} characters."
        yield Fault(where, what, "S3 takes names of 3 to 63.")


def _table_name(name: str | None, where: Location) -> Iterator[Fault]:
    if name is not None and not _TABLE.match(name):
        what = f"backend dynamodb_table {name!r} is no name of a DynamoDB table."
        yield Fault(where, what, "3 to 255 letters, digits, dots, hyphens and underscores.")


def _locking(project: Project) -> Iterator[Fault]:
    """Two applies at once would lose one of their states."""
    backend = project.backend
    if backend.kind is BackendKind.LOCAL or backend.use_lockfile or backend.dynamodb_table is not None:
        return
    environments = project.environment_by_name.values()
    bare = [each.name for each in environments if each.backend.dynamodb_table is None]
    if bare or not environments:
        of = f" of {', '.join(map(repr, bare))}" if bare else ""
        what = f"use_lockfile: false without a dynamodb_table: nothing would lock the states{of}."
        yield Fault(backend.location("use_lockfile"), what, "Name a dynamodb_table, or remove use_lockfile.")
