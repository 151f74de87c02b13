"""What a shell needs so that plain ``terraform`` in a root works on the sandbox."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from landform.generator.files import write_text
from landform.generator.roots import root_folder
from landform.project import BackendKind
from landform.workflows.place import Place

_BACKEND_CONFIG = ".terraform/sandbox.tfbackend"
"""Relative to each root, in the folder that is Terraform's own and never committed."""


def shell_exports(place: Place) -> Iterator[str]:
    """``export`` and ``unset`` lines: the emulator's endpoints and keys, mirrors, states."""
    wanted = {name: value for name, value in place.env.items() if name.startswith("AWS_")}
    if place.cli_config.path is not None:
        wanted["TF_CLI_CONFIG_FILE"] = str(place.cli_config.path)
    if place.project.backend.kind is BackendKind.LOCAL:
        wanted |= _local_states(place)
    for name in sorted(name for name in os.environ if name.startswith("AWS_") and name not in wanted):
        yield f"unset {name}"
    for name, value in sorted(wanted.items()):
        yield f"export {name}={shlex.quote(value)}"


def _local_states(place: Place) -> dict[str, str]:
    """Point ``init`` of every root at the sandbox's states; without a sandbox they lie elsewhere."""
    for stack in place.project.order:
        config = place.backend_config(stack)
        if config is not None:
            write_text(root_folder(place.project, stack) / _BACKEND_CONFIG, config.read_text("utf-8"))
    # Each sandbox has its own folder of states: init would ask whether to move those of the last one.
    init = f"-reconfigure -backend-config={_BACKEND_CONFIG}"
    return {"TF_VAR_state_dir": str(place.state_dir), "TF_CLI_ARGS_init": init}
