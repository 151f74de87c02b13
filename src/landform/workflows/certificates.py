"""Certificates of teardowns, kept beside the states: written once, verified whenever they are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from landform.errors import Refused
from landform.review.certificate import Certificate, to_document, verify
from landform.workflows.records import Records, read_all

_FOLDER = "certificates"


def certify(records: Records, certificate: Certificate) -> Certificate:
    """Seal a certificate and keep it. Raises Refused where the run has another one."""
    document = to_document(certificate)
    sealed = replace(certificate, digest=document["digest"])
    content = json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")
    name = _name(certificate.run)
    # A write that was repeated because its answer got lost finds itself.
    if not records.put(name, content) and records.get(name) != content:
        raise Refused(f"the run {certificate.run} has a certificate already", "It is never written again.")
    return sealed


def certificate_of(records: Records, run: str) -> Certificate:
    """The certificate of a run. Raises Refused where there is none, or where it was changed."""
    return _checked(run, records.get(_name(run)) if run in certified_runs(records) else None)


def newest_certificate(records: Records) -> Certificate:
    """The certificate of the last teardown that has one. Raises Refused where none has."""
    runs = certified_runs(records)
    if not runs:
        raise Refused(
            "no teardown of this environment has a certificate yet", "See: landform teardown status"
        )
    return certificate_of(records, runs[-1])


def check_certificate(records: Records, content: bytes) -> Certificate:
    """The certificate that a file holds, if it is the one that is kept. Raises Refused where it is not.

    Its digest alone would prove little: who changes a file can work that out anew.
    """
    given = verify(content)
    if certificate_of(records, given.run).digest != given.digest:
        raise Refused(
            f"the file is not the certificate of {given.run}: its digest fits it, and another one is kept",
            f"What was written first: landform teardown certificate ENV {given.run}",
        )
    return given


def all_certificates(records: Records) -> tuple[Certificate, ...]:
    """Every certificate, the oldest first. Raises Refused where one was changed."""
    runs = certified_runs(records)
    contents = read_all(records, [_name(run) for run in runs])
    found = (_checked(run, content) for run, content in zip(runs, contents, strict=True))
    return tuple(sorted(found, key=lambda each: (each.started, each.run)))


def certified_runs(records: Records) -> Sequence[str]:
    """The runs that have a certificate, the oldest first."""
    names = records.names(f"{_FOLDER}/")
    return [name.removeprefix(f"{_FOLDER}/").removesuffix(".json") for name in names]


def _checked(run: str, content: bytes | None) -> Certificate:
    if content is None:
        raise Refused(f"the run {run!r} has no certificate")
    found = verify(content)
    if found.run != run:
        raise Refused(f"the certificate of {run} is one of {found.run}")
    return found


def _name(run: str) -> str:
    return f"{_FOLDER}/{run}.json"
