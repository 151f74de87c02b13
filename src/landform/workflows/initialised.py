"""``terraform init`` only where something it depends on has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from landform.engine import Terraform
from landform.generator.files import write_text
from landform.workflows.downloaded import Downloads, lay_out

_RELEVANT = re.compile(rb"\b(module|required_providers|backend|terraform)\b")
_STAMP = "landform-init"
LOCK = ".terraform.lock.hcl"


async def ensure_init(
    terraform: Terraform,
    modules: Iterable[Path],
    backend_config: Path | None = None,
    *,
    downloads: Downloads | None = None,
    force: bool = False,
) -> None:
    """Initialise a root unless the same files, modules, lock and engine were initialised before.

    ``downloads`` are used for the modules that Terraform would download.
    """
    if terraform.data_dir is None:
        await terraform.init(backend_config)
        return
    stamp, suffix = terraform.data_dir / _STAMP, downloads.digest if downloads else ""
    before = _fingerprint(terraform, modules, backend_config) + suffix
    if not force and _read(stamp) == before:
        return
    if downloads is not None:
        lay_out(downloads, terraform.data_dir)
    await terraform.init(backend_config, reconfigure=True)
    write_text(stamp, _fingerprint(terraform, modules, backend_config) + suffix)


def _fingerprint(terraform: Terraform, modules: Iterable[Path], backend_config: Path | None) -> str:
    digest = hashlib.sha256(f"{terraform.engine}\0{terraform.cli_config}\0".encode())
    for folder in (terraform.folder, *sorted(set(modules))):
        for path in sorted(folder.rglob("*.tf")):
            content = path.read_bytes()
            if _RELEVANT.search(content):
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + content + b"\0")
    digest.update(_read(terraform.folder / LOCK).encode() + b"\0")
    digest.update(_read(backend_config).encode() if backend_config else b"")
    return digest.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
