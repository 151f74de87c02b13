"""Which terraform or tofu runs, and whether its version is one the project accepts."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from landform import processes
from landform.engine.environment import cache_folder, clean_environment
from landform.engine.versions import Constraint, Version, parse_constraint, parse_version
from landform.errors import EngineNotFound, EngineVersion

INSTALL = "Run `landform engine install` to fetch a pinned Terraform, or name one with LANDFORM_TERRAFORM."

# The engines are far larger than this; version managers (tfenv, asdf, tenv) put a small program of the same
# name on PATH whose answer depends on the folder, so theirs is never remembered.
_SHIM = 30 * 1024 * 1024


class Product(Enum):
    """The two engines; values are the names of their binaries."""

    TERRAFORM = "terraform"
    TOFU = "tofu"


@dataclass(frozen=True, slots=True)
class Engine:
    """A binary that answered ``version``."""

    path: Path
    product: Product
    version: Version

    def __str__(self) -> str:
        return f"{self.product.value} {self.version} ({self.path})"


def find_engine(
    explicit: str | None = None,
    *,
    constraint: str = "",
    environ: Mapping[str, str] | None = None,
    cache_dir: Path | None = None,
) -> Engine:
    """The engine to use: ``explicit``, ``LANDFORM_TERRAFORM``, PATH (terraform, tofu), then the user's cache.

    One that was named is taken or refused; of the others the first that meets ``constraint`` is taken.
    Raises ``EngineNotFound`` when there is none, ``EngineVersion`` when none meets the constraint, and
    ``ValueError`` for a malformed constraint.
    """
    environ = os.environ if environ is None else environ
    cache = cache_dir or cache_folder(environ)
    accepted = parse_constraint(constraint)
    named = explicit or environ.get("LANDFORM_TERRAFORM")
    if named:
        return check_version(_named(named, environ, cache), accepted)
    found = []
    for path in _candidates(environ, cache):
        with suppress(OSError, ValueError):
            engine = identify_engine(path, environ=environ, cache_dir=cache)
            if accepted.allows(engine.version):
                return engine
            found.append(engine)
    if not found:
        raise EngineNotFound("neither terraform nor tofu was found on PATH or in landform's cache", INSTALL)
    names = ", ".join(map(str, found))
    raise EngineVersion(f"the project needs Terraform {accepted}, found only {names}", INSTALL)


def check_version(engine: Engine, constraint: str | Constraint) -> Engine:
    """``engine`` itself if it meets the constraint. Raises ``EngineVersion``; ``ValueError`` if malformed."""
    accepted = parse_constraint(constraint) if isinstance(constraint, str) else constraint
    if not accepted.allows(engine.version):
        raise EngineVersion(f"the project needs Terraform {accepted}, but this is {engine}", INSTALL)
    return engine


def identify_engine(path: Path, *, environ: Mapping[str, str], cache_dir: Path) -> Engine:
    """Ask a binary what it is; the answer is remembered until the file changes.

    Raises ``OSError`` if it does not run and ``ValueError`` if its answer is no version.
    """
    memory = cache_dir / "versions.json"
    stat = path.stat()
    key = f"{path.absolute()}|{stat.st_mtime_ns}|{stat.st_size}"
    known = _read(memory)
    if key in known:
        with suppress(ValueError, TypeError, AttributeError):
            return _engine(path, known[key])
    answer = processes.ask([str(path), "version", "-json"], env=clean_environment(environ))
    # OpenTofu answers with the same key: only the name of its binary tells it apart.
    product = Product.TOFU if path.name.startswith("tofu") else Product.TERRAFORM
    answered = f"{product.value} {_answered_version(answer)}"
    engine = _engine(path, answered)
    if stat.st_size >= _SHIM:
        _remember(memory, known | {key: answered})
    return engine


def _answered_version(answer: processes.Completed) -> str:
    try:
        return str(json.loads(answer.stdout)["terraform_version"])
    except (ValueError, KeyError, TypeError) as fault:
        said = answer.stderr_tail.strip() or answer.stdout.decode("utf-8", "replace")[:200]
        raise ValueError(f"exit code {answer.returncode}, {said!r}") from fault


def _engine(path: Path, remembered: str) -> Engine:
    product, _, version = remembered.partition(" ")
    return Engine(path, Product(product), parse_version(version))


def _named(name: str, environ: Mapping[str, str], cache: Path) -> Engine:
    found = shutil.which(Path(name).expanduser(), path=environ.get("PATH", os.defpath))
    if not found:
        raise EngineNotFound(f"{name} is not a program that can be run", INSTALL)
    try:
        return identify_engine(Path(found).absolute(), environ=environ, cache_dir=cache)
    except (OSError, ValueError) as fault:
        raise EngineNotFound(f"{name} does not answer `version -json`: {fault}", INSTALL) from fault


def _candidates(environ: Mapping[str, str], cache: Path) -> Iterator[Path]:
    for product in Product:
        found = shutil.which(product.value, path=environ.get("PATH", os.defpath))
        if found:
            yield Path(found).absolute()
    installed = []
    for path in (cache / "engines").glob("*/terraform"):
        with suppress(ValueError):
            installed.append((parse_version(path.parent.name), path))
    yield from (path for _, path in sorted(installed, reverse=True))


def _read(memory: Path) -> dict[str, str]:
    try:
        content = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _remember(memory: Path, known: Mapping[str, str]) -> None:
    with suppress(OSError):  # a cache that cannot be written costs a tenth of a second next time
        memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = memory.with_name(f"{memory.name}.{os.getpid()}")
        fresh.write_text(json.dumps(known))
        fresh.replace(memory)
