"""What an engine inherits from the shell that started landform, and what it does not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_DROPPED = frozenset(
    {
        "TF_WORKSPACE",
        "TF_DATA_DIR",
        "TF_REATTACH_PROVIDERS",
        "TF_CLI_CONFIG_FILE",
        "TF_INPUT",
        "TERRAFORM_CONFIG",
    }
)
_DROPPED_PREFIXES = ("TF_CLI_ARGS", "TF_LOG")


def clean_environment(base: Mapping[str, str], *, keep_variables: bool = False) -> dict[str, str]:
    """The environment for an engine: nothing of the shell may change what a command means.

    ``TF_VAR_*`` are dropped too unless ``keep_variables``: a value left in a shell would be in one person's
    plan and not in another's. ``AWS_CA_BUNDLE`` goes when it names no file, because the provider then fails
    to start.
    """
    kept = {name: value for name, value in base.items() if not _is_dropped(name, keep_variables)}
    bundle = kept.get("AWS_CA_BUNDLE")
    if bundle is not None and not os.access(bundle, os.R_OK):
        del kept["AWS_CA_BUNDLE"]
    return kept | {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}


def cache_folder(base: Mapping[str, str]) -> Path:
    """The user's cache of landform: ``$XDG_CACHE_HOME/landform``, else ``~/.cache/landform``."""
    root = base.get("XDG_CACHE_HOME", "")
    # The XDG specification says that a relative path is to be ignored.
    return (Path(root) if root.startswith("/") else home_folder(base) / ".cache") / "landform"


def home_folder(base: Mapping[str, str]) -> Path:
    """The user's home, from ``HOME`` where it is set."""
    return Path(base.get("HOME") or Path.home())


def _is_dropped(name: str, keep_variables: bool) -> bool:
    if name.startswith("TF_VAR_"):
        return not keep_variables
    return name in _DROPPED or name.startswith(_DROPPED_PREFIXES)
