"""A release: what an environment runs, named after its content, and the same name on any machine.

It is the sources (roots, modules, whatever else lies in the project but the environments), the modules that
Terraform downloaded, and the versions of providers. The hashes in provider locks differ from platform to
platform, so they travel with a release and are not in its name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.workflows.downloaded import DownloadedModule, module_documents

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Release:
    """``sources`` maps each file (relative to the project) to its hash, ``providers`` sources to versions."""

    project: str
    sources: Mapping[str, str]
    providers: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[DownloadedModule, ...] = ()

    @property
    def digest(self) -> str:
        """The sha256 of the canonical JSON of all of it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def short(self) -> str:
        """The part of the digest that people use."""
        return self.digest[:12]

    @property
    def content(self) -> bytes:
        """The canonical JSON, which is kept."""
        document = {
            "schema": SCHEMA,
            "project": self.project,
            "sources": dict(self.sources),
            "providers": dict(self.providers),
            "modules": module_documents(self.modules),
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def sources_digest(self) -> str:
        """One name for the sources alone, as ``Sources.digest`` has it."""
        return sources_digest(self.sources)


def sources_digest(sources: Mapping[str, str]) -> str:
    """One name for files and their hashes."""
    text = "".join(f"{name}\0{value}\n" for name, value in sorted(sources.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def parse_release(raw: Mapping[str, Any]) -> Release:
    """A release from its JSON. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    if raw["schema"] != SCHEMA:
        message = f"schema {raw['schema']}, not {SCHEMA}"
        raise ValueError(message)
    modules = tuple(DownloadedModule(**each) for each in raw["modules"])
    return Release(str(raw["project"]), dict(raw["sources"]), dict(raw["providers"]), modules)
