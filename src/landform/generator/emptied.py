"""Modules without resources: what is left of a stack's module when its objects are to go.

Terraform destroys an object that is in the state and in no configuration with the provider configuration that
the state names, and with no other: one of a child module has to be there, at the same calls below the root.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from landform.generator.hcl import Code, attributes
from landform.generator.parts import Block
from landform.generator.roots import role_values
from landform.generator.templates import render_template
from landform.project import Environment
from landform.project.values import Value

AWS = "registry.terraform.io/hashicorp/aws"


@dataclass(frozen=True, slots=True)
class OwnProvider:
    """A provider that a module configures itself. ``calls`` lead to it from the stack's module.

    ``source`` is a whole source address; ``region`` is empty for another provider than AWS.
    """

    calls: tuple[str, ...]
    source: str
    alias: str = ""
    region: str = ""


def emptied_module(
    environment: Environment, aliases: Collection[str], own: Sequence[OwnProvider]
) -> dict[str, str]:
    """``{path: text}`` of a stack's module without resources, paths relative to its folder.

    ``aliases`` are the providers that the root hands to it, ``own`` what it and the modules in it configure.
    """
    paths = {each.calls[:length] for each in own for length in range(len(each.calls) + 1)} | {()}
    return {
        "/".join((*path, "main.tf")): _file(environment, path, () if path else aliases, own)
        for path in sorted(paths)
    }


def _file(
    environment: Environment, path: tuple[str, ...], aliases: Collection[str], own: Sequence[OwnProvider]
) -> str:
    here = [each for each in own if each.calls == path]
    below = {each.calls[len(path)] for each in own if _is_below(each.calls, path)}
    return render_template(
        "emptied.tf",
        required=_required(here, aliases),
        providers=[Block(_local_name(each.source), _settings(environment, each)) for each in here],
        role=role_values(environment),
        calls=sorted(below),
    )


def _is_below(calls: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(calls) > len(path) and calls[: len(path)] == path


def _required(here: Sequence[OwnProvider], aliases: Collection[str]) -> dict[str, Code]:
    """The entries of ``required_providers``."""
    sources = sorted({*(each.source for each in here), *([AWS] if aliases else [])})
    found = {}
    for source in sources:
        shown: dict[str, Value | Code] = {"source": source}
        if source == AWS and aliases:
            shown["configuration_aliases"] = Code(f"[{', '.join(f'aws.{each}' for each in sorted(aliases))}]")
        found[_local_name(source)] = Code("{\n" + attributes(shown, 6) + "\n    }")
    return found


def _settings(environment: Environment, provider: OwnProvider) -> Mapping[str, Value | Code]:
    """What is known: of AWS all of it; of another provider nothing, so that the shell's variables count."""
    shown: dict[str, Value | Code] = {"alias": provider.alias} if provider.alias else {}
    if provider.source == AWS:
        shown["region"] = provider.region
        if environment.account_id:
            shown["allowed_account_ids"] = (environment.account_id,)
    return shown


def _local_name(source: str) -> str:
    """Its type, as everybody calls it; of another owner with the owner's name, for two may have one type."""
    _, owner, kind = source.rsplit("/", 2)
    return kind if owner == "hashicorp" else f"{kind}-of-{owner.lower()}"
