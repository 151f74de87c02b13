"""A place whose configuration is empty: what its states hold is planned to go, and nothing else is read.

For when the configuration can't be planned any more. Its project has the stacks of landform.yaml and of the
states, each with a module of providers and no resources. It lies in a folder of its own with what decides on
plans beside modules and values: landform.yaml, policies, exemptions, signers. From there on it is planned,
reviewed, approved and applied as any other destruction.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from landform.errors import Refused
from landform.generator import generated_files
from landform.generator.emptied import AWS, OwnProvider, emptied_module
from landform.generator.files import write_text
from landform.generator.parts import GENERATED
from landform.planning.state_providers import StateProvider, providers_of, stacks_read_by
from landform.planning.states import StackState
from landform.project import Environment, Project, ProviderAlias, Stack
from landform.project.graph import find_cycle
from landform.project.loader import FILE_NAME
from landform.project.module import COPY_LISTING, Module, ModuleKind
from landform.project.names import stack_name_fault
from landform.review.policy.exemptions import FILE_NAME as EXEMPTIONS
from landform.review.policy.loading import FOLDER as POLICIES
from landform.workflows.identity import SIGNERS
from landform.workflows.initialised import LOCK
from landform.workflows.place import Place, scratch_root, with_project
from landform.workflows.regions import alias_regions
from landform.workflows.state_homes import own_home
from landform.workflows.states import read_states

_MODULES = "stacks"


class _Emptied(Project):
    """A project whose stacks have emptied modules. It is not checked: what it is made of was."""

    def __post_init__(self) -> None:
        pass

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """The emptied module of each stack."""
        folder = self.folder / _MODULES
        return {
            name: Module(ModuleKind.PATH, f"./{_MODULES}/{name}", folder=folder / name)
            for name in self.stack_by_name
        }


@contextmanager
def emptied(place: Place) -> Iterator[Place]:
    """The place with an empty configuration, of a project that may be as broken as ``load_standing`` allows.

    Raises StateUnreadable, and Refused where an object's region can't be told.
    """
    names = dict.fromkeys((*place.project.stack_by_name, *own_home(place).stacks()))
    states = read_states(place, [name for name in names if not stack_name_fault(name)])
    with scratch_root(place.home) as folder:
        project = _project(place, states, folder)
        if circle := find_cycle(project.stack_by_name):
            raise Refused(f"these states read each other in a circle: {', '.join(circle)}")
        _write(place, project, states)
        yield replace(with_project(place, project), opened=True)


def _project(place: Place, states: Mapping[str, StackState], folder: Path) -> Project:
    known = place.project
    return _Emptied(
        name=known.name,
        stacks=[_stack(place, state) for state in states.values()],
        environments=[
            # The values are there to be hidden, not to be read.
            replace(each, value_files=(Path(os.devnull),))
            for each in known.environment_by_name.values()
        ],
        folder=folder,
        terraform=known.terraform,
        backend=known.backend,
        variables=tuple(known.effective_variables.values()),
        policy=known.policy,
        where=known.where,
    )


def _stack(place: Place, state: StackState) -> Stack:
    """A stack without inputs. What landform.yaml does not say of the order, the states' own reads do."""
    stack = place.project.stack_by_name.get(state.stack)
    read = stacks_read_by(state)
    upstream = stack.upstream | read - set(place.project.stack_by_name) if stack else read
    return Stack(
        state.stack,
        f"{stack.module} {stack.version or ''}".strip() if stack else state.stack,
        depends_on=tuple(sorted(upstream)),
        providers=tuple(ProviderAlias(*each) for each in sorted(_aliases(place, state).items())),
    )


def _aliases(place: Place, state: StackState) -> dict[str, str]:
    """The region of each provider of the root that has an alias, for ``providers:`` of a stack."""
    said = alias_regions(place.project, place.environment)
    found = {alias: region for (stack, alias), region in said.items() if stack == state.stack and region}
    for each in providers_of(state):
        if each.calls or each.source != AWS:
            continue
        if each.alias:
            found[each.alias] = _region(state.stack, each, said.get((state.stack, each.alias)))
        elif each.regions and place.environment.region not in each.regions:
            raise _elsewhere(state.stack, each, place.environment)
    return found


def _region(stack: str, provider: StateProvider, said: str | None) -> str:
    """Where a provider's objects are. What they say themselves counts before what is ``said`` of it.

    In another region an object is not found, and what is not found is dropped from the state.
    """
    if said and (said in provider.regions or not provider.regions):
        return said
    if len(provider.regions) == 1:
        return next(iter(provider.regions))
    where = (
        f"in {', '.join(sorted(provider.regions))}"
        if provider.regions
        else "in a region that none of them names"
    )
    raise Refused(
        f"objects of stack {stack!r} were made with the provider {_shown(provider)}, {where}",
        f"Say which region is that provider's: in {FILE_NAME}, under stacks.{stack}.providers.",
    )


def _elsewhere(stack: str, provider: StateProvider, environment: Environment) -> Refused:
    where = ", ".join(sorted(provider.regions))
    return Refused(
        f"the objects of stack {stack!r} are in {where}, and the environment is in {environment.region}",
        f"Where they would be looked for in vain: say their region in environments/{environment.name}/"
        "environment.yaml.",
    )


def _shown(provider: StateProvider) -> str:
    calls = "".join(f"module.{each}." for each in provider.calls)
    return f"{calls}{provider.source}{'.' if provider.alias else ''}{provider.alias}"


def _write(place: Place, project: Project, states: Mapping[str, StackState]) -> None:
    """Write the project's folder, as a copy of what decides on a plan; the rest of it comes from states."""
    folder = project.folder
    files = dict(generated_files(project))
    said = alias_regions(place.project, place.environment)
    for name, state in states.items():
        own = [_own(state, each, said) for each in providers_of(state) if each.calls]
        aliases = [each.name for each in project.stack_by_name[name].providers]
        emptied_files = emptied_module(place.environment, aliases, own)
        files |= {f"{_MODULES}/{name}/{path}": text for path, text in emptied_files.items()}
    for path, text in files.items():
        write_text(folder / path, text)
    own_exemptions = f"environments/{place.environment.name}/{EXEMPTIONS}"
    kept = [place.home / name for name in (FILE_NAME, EXEMPTIONS, own_exemptions, SIGNERS)]
    kept += sorted((place.home / POLICIES).rglob("*.py"))
    listed = [path.relative_to(place.home).as_posix() for path in kept if path.is_file()]
    locks = [f"{GENERATED}/{name}/{LOCK}" for name in states]
    for path in (*listed, *(each for each in locks if (place.home / each).is_file())):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place.home / path, folder / path)
    write_text(folder / COPY_LISTING, json.dumps(listed))


def _own(
    state: StackState, provider: StateProvider, said: Mapping[tuple[str, str], str | None]
) -> OwnProvider:
    region = ""
    if provider.source == AWS:
        region = _region(state.stack, provider, said.get((state.stack, provider.alias)))
    return OwnProvider(provider.calls[1:], provider.source, provider.alias, region)
