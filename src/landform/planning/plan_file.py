"""Reads what ``terraform show -json`` wrote. Any other file is refused with what it is and what to do."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landform.errors import LandformError
from landform.planning.marks import any_true

STANDARD_INPUT = Path("-")
LARGEST = 2**30
"""Bytes. A review takes about five times as much memory."""

_WAY_OUT = "Write it with: terraform show -json FILE.tfplan > FILE.json"
_PLAN_FIRST = "Make a plan first: terraform plan -out=FILE.tfplan; then: terraform show -json FILE.tfplan"
_ZIP = b"PK\x03\x04"
_SPACE = re.compile(r"[ \t\n\r]*")
_FOR_PEOPLE = re.compile(r"(Terraform|OpenTofu) (used the selected providers|will perform the following)")
_BEGINNING = 4096
_KEPT = frozenset({"address", "depends_on"})
_SECRET = frozenset({"values", "sensitive_values"})


def plan_name(path: Path) -> str:
    """What to call a plan's file in messages."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan's document, what to call its file, and the sha256 of that."""

    name: str
    document: Mapping[str, Any]
    digest: str = ""


def read_plan_file(path: Path) -> PlanFile:
    """The plan in a file; in standard input where it is ``-``.

    Of ``planned_values`` and ``prior_state``, which make a large plan twice as large, only what is read is
    kept: addresses, dependencies, and values marked as secret. Raises LandformError for a file that is no
    plan, not all of one, or a damaged one.
    """
    name = plan_name(path)
    content = _content(path, name)
    digest = hashlib.sha256(content).hexdigest()
    return PlanFile(name, _document(_text(content, name), name), digest)


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        document = dict(_members(text))
    except (ValueError, RecursionError) as error:
        raise _no_json(text[:_BEGINNING], name, error) from None
    _check_kind(document, name)
    version = str(document.get("format_version", ""))
    if not version.startswith("1."):
        what = f"{name}: plan JSON of format {version[:20] or 'unknown'} can't be read; format 1 can"
        raise LandformError(what, "It is of another Terraform than this landform knows: update landform.")
    wrong = next(_damage(document), None)
    if wrong is not None:
        raise damaged(name, wrong)
    return document


def damaged(name: str, why: str) -> LandformError:
    """The error for a document that has the shape of a plan, but not all through."""
    return LandformError(f"{name}: the plan is damaged: {why}", f"Don't edit it. {_WAY_OUT}")


def _content(path: Path, name: str) -> bytes:
    try:
        if path == STANDARD_INPUT:
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with path.open("rb") as stream:
                size = path.stat().st_size  # 0 for a pipe, such as <(terraform show -json FILE.tfplan)
                content = stream.read(LARGEST + 1) if size <= LARGEST else b""
            if size > LARGEST:
                raise _too_large(name)
    except OSError as error:
        raise LandformError(f"{name} can't be read: {error.strerror}", _WAY_OUT) from None
    if len(content) > LARGEST:
        raise _too_large(name)
    return content


def _too_large(name: str) -> LandformError:
    what = f"{name} is larger than {LARGEST // 2**20:,} MiB, which is more than a review can hold"
    return LandformError(what, "Plan parts of it, with one root each, and review those.")


def _text(content: bytes, name: str) -> str:
    """Windows PowerShell writes UTF-16 where it is asked for a file."""
    if not content[:_BEGINNING].strip():
        raise LandformError(f"{name} is empty: it is not JSON", f"Did terraform fail? {_WAY_OUT}")
    if content.startswith(_ZIP):
        what = f"{name} is a saved plan as Terraform keeps it, not its JSON"
        file = "FILE.tfplan" if name == plan_name(STANDARD_INPUT) else name
        raise LandformError(what, f"Run: terraform show -json {file} | landform review -")
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        what = f"{name} is not JSON, or not all of it: byte {error.start:,} is not text"
        raise LandformError(what, _WAY_OUT) from None


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """The members of the document one by one, so that those left out never lie beside the others."""
    decode = json.JSONDecoder().raw_decode
    at = _after(text, 0, "{")
    while not text.startswith("}", at):
        key, at = decode(text, at)
        value, at = decode(text, _after(text, at, ":"))
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches anywhere
        yield key, _slim(key, value)
        del value
        if not text.startswith("}", at):
            at = _after(text, at, ",")
    rest = _SPACE.match(text, at + 1)
    if rest is not None and rest.end() < len(text):
        raise json.JSONDecodeError("Extra data", text, rest.end())


def _after(text: str, at: int, sign: str) -> int:
    """The position of what follows ``sign``, which has to come next."""
    found = re.compile(rf"[ \t\n\r]*{re.escape(sign)}[ \t\n\r]*").match(text, at)
    if found is None:
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, at)
    return found.end()


def _slim(key: Any, value: Any) -> Any:
    """Without the values of a state that repeat the changes; those that are marked as secret are kept."""
    if key in ("planned_values", "prior_state") and isinstance(value, dict):
        state = value.get("values", value)
        waiting = [state.get("root_module")] if isinstance(state, dict) else []
        while waiting:
            module = waiting.pop()
            if isinstance(module, dict):
                for resource in filter(_is_object, module.get("resources") or ()):
                    _drop_values(resource)
                waiting += module.get("child_modules") or ()
    return value


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _drop_values(resource: dict[str, Any]) -> None:
    kept = _KEPT | _SECRET if any_true(resource.get("sensitive_values")) else _KEPT
    for name in resource.keys() - kept:
        del resource[name]


def _no_json(beginning: str, name: str, error: Exception) -> LandformError:
    """What a text may be that is no JSON document."""
    if _is_log(_first_line(beginning)):
        return _log(name)
    if _FOR_PEOPLE.search(beginning):
        return LandformError(f"{name} is not JSON: it is what terraform plan prints for people", _PLAN_FIRST)
    if beginning.lstrip().startswith("["):
        return LandformError(f"{name} is no plan: it begins as a list", _WAY_OUT)
    why = str(error) if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
    return LandformError(f"{name} is not JSON, or not all of it: {why}", _WAY_OUT)


def _first_line(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n").partition("\n")[0])
    except (ValueError, RecursionError):
        return None


def _is_log(line: Any) -> bool:
    return isinstance(line, dict) and "@level" in line


def _log(name: str) -> LandformError:
    return LandformError(f"{name} is the log of terraform plan -json, not the plan", _PLAN_FIRST)


def _check_kind(document: Mapping[str, Any], name: str) -> None:
    """Raise LandformError for the JSON of something else. A plan without resources has no changes of any."""
    if _is_log(document):
        raise _log(name)
    if {"resource_changes", "planned_values"} & document.keys():
        return
    if "version" in document and "lineage" in document:
        raise LandformError(f"{name} is a state file, not a plan", _PLAN_FIRST)
    if "values" in document or set(document) == {"format_version"}:
        raise LandformError(f"{name} is no plan, but the JSON of a state", _PLAN_FIRST)
    raise LandformError(f"{name} is no plan: it has no 'resource_changes'", _WAY_OUT)


def _damage(document: Mapping[str, Any]) -> Iterator[str]:
    """What is not as it has to be, the places first that everything else hangs on."""
    for key in ("configuration", "output_changes", "variables", "prior_state"):
        if not isinstance(document.get(key, {}), dict):
            yield f"{key} is no object"
    for key in ("resource_changes", "resource_drift"):
        rows = document.get(key, [])
        if not isinstance(rows, list):
            yield f"{key} is no list"
            continue
        for index, row in enumerate(rows):
            wrong = _damage_of_row(row)
            if wrong:
                yield f"{key}[{index}] {wrong}"
    for name, change in document.get("output_changes", {}).items():
        if not isinstance(change, dict) or not isinstance(change.get("actions"), list):
            yield f"output_changes.{name} has no list of actions"


def _damage_of_row(row: Any) -> str:
    if not isinstance(row, dict) or not isinstance(row.get("address"), str):
        return "has no address"
    change = row.get("change")
    if not isinstance(change, dict):
        return f"({row['address']}) has no change"
    actions = change.get("actions")
    if not isinstance(actions, list) or not all(isinstance(each, str) for each in actions):
        return f"({row['address']}) has no list of actions"
    return ""
