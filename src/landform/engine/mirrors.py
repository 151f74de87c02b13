"""Provider mirrors that lie on this machine: folders ``HOST/NAMESPACE/TYPE`` of Terraform's mirror layout."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from landform.engine.environment import home_folder

REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")

# Where machine images and packages usually put such folders; one level below is looked at, no deeper.
_USUAL_ROOTS = ("/opt", "/usr/local/lib", "/usr/local/share", "/usr/share", "/usr/lib", "/srv", "/var/lib")
_MOST_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder and the providers it has, as ``HOST/NAMESPACE/TYPE``."""

    path: Path
    providers: tuple[str, ...]


def find_mirrors(
    environ: Mapping[str, str], *, usual_roots: tuple[str, ...] = _USUAL_ROOTS
) -> tuple[Mirror, ...]:
    """The mirrors of this machine that hold at least one provider, in order of preference.

    ``LANDFORM_PROVIDER_MIRROR`` (folders separated by ``:``) comes first; its value ``off`` means none at
    all. Then the folders Terraform itself looks at (a ``provider_installation`` block turns that off), then
    the usual roots.
    """
    named = environ.get("LANDFORM_PROVIDER_MIRROR", "")
    if named == "off":
        return ()
    folders = [Path(part).expanduser() for part in named.split(os.pathsep) if part]
    folders += [*_implied(environ), *(child for root in usual_roots for child in _children(Path(root)))]
    found = (Mirror(path, tuple(_providers(path))) for path in dict.fromkeys(map(Path.absolute, folders)))
    return tuple(mirror for mirror in found if mirror.providers)


def _implied(environ: Mapping[str, str]) -> Iterator[Path]:
    """Terraform's implied mirrors (developer.hashicorp.com/terraform/cli/config/config-file)."""
    home = home_folder(environ)
    yield home / ".terraform.d" / "plugins"
    data = environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for root in (data, *shared.split(os.pathsep)):
        if root.startswith("/"):
            yield Path(root) / "terraform" / "plugins"


def _children(root: Path) -> Iterator[Path]:
    """What is in a folder; nothing if it is none, or may not be looked into."""
    try:
        with os.scandir(root) as entries:
            yield from sorted(Path(entry.path) for entry in islice(entries, _MOST_ENTRIES))
    except OSError:
        return


def _providers(mirror: Path) -> Iterator[str]:
    for registry in REGISTRIES:
        for namespace in _children(mirror / registry):
            for provider in _children(namespace):
                if any(_children(provider)):
                    yield f"{registry}/{namespace.name}/{provider.name}"
