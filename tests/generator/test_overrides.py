"""Override files, as Terraform reads them: they set what they say, where they say it, and nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landform.generator.hcl import quote
from landform.generator.overrides import FILE, Setting, at_once, override_files

Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]

_OTHERS = ("id", "input", "output", "triggers_replace")
_HOSTILE = (
    'a"b', "${upper(1)}", "%{ if true }", "new\nline", "back\\slash", 'a]b.c["d"]', "é\u202e\x7f", "$", "$$",
    "$${", "a.b",
)  # fmt: skip
_DATA = "\n  input            = 1\n  triggers_replace = var.waits\n}\n"
_MODULE = 'variable "waits" {\n  default = 1\n}\n'


@pytest.fixture
def applied(
    terraform: Run, write: Callable[[Mapping[str, str]], Path]
) -> Callable[[Mapping[str, str]], Path]:
    """A function that applies the configuration in these files, and returns its folder."""

    def apply(files: Mapping[str, str]) -> Path:
        folder = write(files)
        terraform(folder, "init", "-input=false")
        terraform(folder, "apply", "-auto-approve", "-input=false")
        return folder

    return apply


def _addresses(terraform: Run, folder: Path) -> list[str]:
    def walk(module: Mapping[str, Any]) -> Iterable[str]:
        yield from (each["address"] for each in module.get("resources", ()))
        for child in module.get("child_modules", ()):
            yield from walk(child)

    return list(walk(json.loads(terraform(folder, "show", "-json").stdout)["values"]["root_module"]))


def _set(terraform: Run, folder: Path, settings: Iterable[Setting]) -> dict[str, tuple[list[str], Any]]:
    """Plan with the settings, for what they are about: ``{address: (actions, input)}`` of what changes."""
    listed = json.loads((folder / ".terraform/modules/modules.json").read_text())["Modules"]
    folders = {each["Key"]: each["Dir"] for each in listed}
    settings = at_once(settings, folders)
    for name, text in override_files(settings, folders).items():
        (folder / name / FILE).write_text(text, encoding="utf-8")
    targets = [f"-target={each.address}" for each in settings]
    terraform(folder, "plan", "-input=false", "-out=p", *targets)
    changes = json.loads(terraform(folder, "show", "-json", "p").stdout)["resource_changes"]
    return {
        each["address"]: (each["change"]["actions"], each["change"]["after"]["input"])
        for each in changes
        if each["change"]["actions"] != ["no-op"]
    }


def _setting(address: str, value: bool | str) -> Setting:
    return Setting(address, "input", value, _OTHERS)


@pytest.mark.terraform
def test_keys_and_values_arrive_as_they_are_and_none_becomes_code(terraform: Run, applied: Write) -> None:
    keys = ", ".join(quote(each) for each in _HOSTILE)
    block = f'resource "terraform_data" "x" {{\n  for_each = toset([{keys}])' + _DATA
    folder = applied(
        {"main.tf": 'module "net" {\n  source = "./net"\n}\n', "net/main.tf": _MODULE + block},
    )
    addresses = _addresses(terraform, folder)
    assert len(addresses) == len(_HOSTILE)
    wanted = {address: f"{address} ${{upper(1)}}\n" for address in addresses}

    changed = _set(terraform, folder, (_setting(address, value) for address, value in wanted.items()))

    assert changed == {address: (["update"], value) for address, value in wanted.items()}


@pytest.mark.terraform
def test_each_object_has_its_value_and_a_change_that_waits_is_not_made(
    terraform: Run, applied: Write
) -> None:
    counted = _MODULE + 'resource "terraform_data" "x" {\n  count = 12' + _DATA
    single = 'resource "terraform_data" "y" {' + _DATA
    keyed = _MODULE + 'resource "terraform_data" "x" {\n  for_each = toset(["a", "b"])' + _DATA
    inner = 'module "in-ner" {\n  source = "./inner"\n}\n'
    outer = 'module "net" {\n  source = "./net"\n}\n'
    outer += 'module "web" {\n  source   = "./web"\n  for_each = toset(["k.module.v"])\n}\n'
    folder = applied(
        {"main.tf": outer, "net/main.tf": counted + single, "web/main.tf": inner, "web/inner/main.tf": keyed}
    )
    (folder / "net/main.tf").write_text((counted + single).replace("default = 1", "default = 2"))
    below = 'module.web["k.module.v"].module.in-ner.terraform_data.x'
    wanted: dict[str, bool | str] = {
        "module.net.terraform_data.x[2]": "two",
        "module.net.terraform_data.x[10]": "ten",
        "module.net.terraform_data.y": "y",
        f'{below}["a"]': True,
        f'{below}["b"]': True,
    }

    changed = _set(terraform, folder, (_setting(address, value) for address, value in wanted.items()))

    assert changed == {address: (["update"], value) for address, value in wanted.items()}


@pytest.mark.terraform
def test_objects_of_one_block_have_their_settings_one_run_after_the_other(
    terraform: Run, applied: Write
) -> None:
    block = 'resource "terraform_data" "x" {\n  for_each = toset(["a", "b"])' + _DATA
    calls = "".join(f'module "{name}" {{\n  source = "./m"\n}}\n' for name in ("one", "two"))
    folder = applied({"main.tf": calls, "m/main.tf": _MODULE + block})
    one = [_setting(f'module.one.terraform_data.x["{key}"]', key) for key in "ab"]
    two = [_setting(f'module.two.terraform_data.x["{key}"]', key) for key in "ab"]
    more = Setting(two[1].address, "triggers_replace", "more", _OTHERS)
    other = replace(two[0], value="other")
    changed = _set(terraform, folder, [*one, other, more, two[1]])
    assert changed == {each.address: (["update"], each.value) for each in (*one, two[1])}
    assert _set(terraform, folder, [other]) == {other.address: (["update"], "other")}
    assert _set(terraform, folder, [more]) == {more.address: (["delete", "create"], 1)}


def test_what_can_not_be_set_together_is_left_for_later() -> None:
    def setting(module: str, value: str, attribute: str = "final_snapshot_identifier") -> Setting:
        return Setting(f"module.{module}.aws_db_instance.x", attribute, value)

    folders = {"db": "modules/db", "copy": "modules/db", "else": "modules/else"}
    first, other = setting('db["a"]', "one"), setting('db["b"]', "two")
    assert at_once([first, other], folders) == (first,)
    assert at_once([other], folders) == (other,)
    assert at_once([first, replace(other, value="one")], folders) == (first, replace(other, value="one"))
    also = setting('db["b"]', "x", "deletion_protection")
    assert at_once([first, other, also], folders) == (first,), "other would be given the name of first"
    assert at_once([first, also], folders) == (first,)
    copy, apart = setting("copy", "three"), setting("else", "four")
    assert at_once([first, copy, apart], folders) == (first, apart)


@pytest.mark.parametrize(
    "address", ["module.net.data.aws_vpc.x", 'module.net.aws_vpc.x["a"', 'aws_vpc.x["a"] {}', ""]
)
def test_what_is_no_managed_resource_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address of a managed resource"):
        override_files([Setting(address, "a", True)], {})
