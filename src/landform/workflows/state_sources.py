"""``--from``: where the states of an environment were, as the user writes it.

``local``, ``local:FOLDER`` or ``s3://BUCKET/PREFIX?region=REGION``: below folder and prefix, stacks lie as
landform lays them. With ``{stack}`` in it, it is the whole path or key of each state. ``{environment}``,
``{project}``, ``{account_id}`` and ``{region}`` stand for the environment's, as in ``backend:``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from landform.errors import LandformError
from landform.workflows.place import Place
from landform.workflows.records import Records, bucket_records, local_records
from landform.workflows.state_homes import StateHome, bucket_home, local_home

FORMS = "local, local:FOLDER or s3://BUCKET/PREFIX?region=REGION"
_HINT = "Correct --from: its bucket, its region, or who may read it."
_STACK = "{stack}"
_FIELD = re.compile(r"\{([^{}]*)\}")
_S3 = "{environment}/{stack}/terraform.tfstate"
_LOCAL = "{stack}/{environment}/terraform.tfstate"


@dataclass(frozen=True, slots=True)
class Source:
    """Where states were, and the records beside them; None where those can't be known."""

    home: StateHome
    records: Records | None


def read_source(place: Place, text: str) -> Source:
    """What ``--from`` means in a place. Raises LandformError with all that is wrong with it."""
    kind, _, rest = text.partition(":")
    if kind == "local":
        return _local(place, rest)
    if text.startswith("s3://"):
        return _bucket(place, text)
    raise LandformError(f"--from {text!r} names no place of states", f"It is one of: {FORMS}.")


def _local(place: Place, folder: str) -> Source:
    base = str(Path(folder).expanduser())
    pattern = base if _STACK in base else f"{base.rstrip('/')}/{_LOCAL}"
    pattern = pattern if folder else _own(place)
    found, own = local_home(place, _filled(place, pattern)), local_home(place, _filled(place, _own(place)))
    return Source(found, local_records(place) if found == own else None)


def _own(place: Place) -> str:
    return f"{place.state_dir}/{_LOCAL}"


def _bucket(place: Place, text: str) -> Source:
    url = urlsplit(text)
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    region = options.pop("region", "") or place.environment.region
    bucket, path = _filled(place, url.netloc), url.path.strip("/")
    if not bucket or options or url.fragment:
        what = "names no bucket" if not bucket else "may have region=REGION after the '?', and nothing else"
        raise LandformError(f"--from {text!r} {what}", f"It is one of: {FORMS}.")
    pattern = path if _STACK in path else "/".join(filter(None, (path, _S3)))
    pattern = _filled(place, pattern)
    home = bucket_home(place.client, bucket, region, pattern, _HINT)
    return Source(home, _bucket_records(place, bucket, region, pattern))


def _bucket_records(place: Place, bucket: str, region: str, pattern: str) -> Records | None:
    """Beside states that lie as landform lays them: below ``key_prefix``, if any, and the project's name."""
    laid = _filled(place, f"{{project}}/{_S3}")
    if f"/{pattern}".endswith(f"/{laid}"):
        return bucket_records(place, bucket, region, pattern.removesuffix(laid).rstrip("/"))
    return None


def _filled(place: Place, pattern: str) -> str:
    environment = place.environment
    known = {
        "stack": _STACK,
        "environment": environment.name,
        "project": place.project.name,
        "account_id": environment.account_id or "",
        "region": environment.region,
    }
    unknown = [name for name in _FIELD.findall(pattern) if name not in known]
    if unknown:
        named = ", ".join(f"{{{name}}}" for name in unknown)
        raise LandformError(
            f"--from holds {named}", f"It may hold: {', '.join(f'{{{each}}}' for each in known)}."
        )
    return _FIELD.sub(lambda found: known[found.group(1)], pattern)
