"""A place in which some attributes of some objects are set otherwise for one run, in a copy of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from landform.engine.terraform import Terraform
from landform.errors import Refused, TerraformFailed
from landform.generator.overrides import FILE, Setting, override_files
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan
from landform.workflows.frozen import sources_of
from landform.workflows.place import WORK, Place, scratch_root

_SHOWN = 5


@contextmanager
def overridden(place: Place, settings: tuple[Setting, ...]) -> Iterator[Place]:
    """The same place with these settings, in a copy of its project and with data folders of its own."""
    if not settings:
        yield place
        return
    with scratch_root(place.home) as private:
        sources = sources_of(place.project)
        shutil.copytree(
            sources.base, private / "copy", symlinks=True, ignore=shutil.ignore_patterns(WORK, ".git", FILE)
        )
        project = replace(place.project, folder=private / "copy" / sources.project)
        yield replace(place, project=project, private=private / "data", settings=settings)


def write_overrides(place: Place, terraform: Terraform) -> None:
    """Write a place's settings into the modules of a root that is initialised.

    Stacks may share a module. The environment's root, which comes first, has said in it what is for all of
    them, so a stack's own root leaves that as it is.
    """
    if not place.settings or terraform.data_dir is None:
        return
    for name, text in override_files(place.settings, module_folders(terraform.data_dir)).items():
        folder = (terraform.folder / name).resolve()
        if not any(folder.is_relative_to(own) for own in _own(place)):
            raise TerraformFailed(f"the module in {folder} is none of the copy's")
        if not (folder / FILE).exists():
            (folder / FILE).write_text(text, encoding="utf-8")


def module_folders(data_dir: Path) -> Mapping[str, str]:
    """The folder of each module that an initialised root calls, as seen from the root."""
    listed = json.loads((data_dir / "modules" / "modules.json").read_text(encoding="utf-8"))
    return {each["Key"]: each["Dir"] for each in listed["Modules"]}


def _own(place: Place) -> tuple[Path, ...]:
    """Folders that only this run reads."""
    data = place.private or place.work
    return (data.parent.resolve(), data.resolve())


def check_settings(plan: EnvironmentPlan, settings: tuple[Setting, ...]) -> None:
    """Raise Refused where a plan that is to make settings does anything else, or does not make them."""
    if not settings:
        return
    wanted = {(each.address, each.attribute) for each in settings}
    beyond = [
        change.address for stack in plan.stacks for change in stack.effective if _is_more(change, wanted)
    ]
    if beyond:
        raise Refused(
            f"with protections other changes would be made, which wait at {', '.join(beyond[:_SHOWN])}",
            "Apply them first, or take them back; 'terraform untaint' what is to be replaced for its taint.",
        )
    made = {change.address: change.after.value for change in plan.changes if change.deposed is None}
    kept = [each for each in settings if (made.get(each.address) or {}).get(each.attribute) != each.value]
    if kept:
        shown = ", ".join(f"{each.attribute} of {each.address}" for each in kept[:_SHOWN])
        raise Refused(
            f"nothing was destroyed, because a plan does not change {shown}",
            "Take 'ignore_changes = all' out of its lifecycle, or change it by hand.",
        )


def _is_more(change: Change, wanted: set[tuple[str, str]]) -> bool:
    if change.action is not Action.UPDATE:
        return True
    before, after = change.before.value, change.after.value
    changed = (name for name in after if after[name] != before.get(name))
    return not {(change.address, name) for name in changed} <= wanted
