"""Reads a ``tftest.yaml`` into plan tests; everything wrong in it becomes a fault with its line."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landform.errors import Fault, Location
from landform.project.module import hcl_fault, resolve_module
from landform.project.names import did_you_mean
from landform.project.yaml_file import Document, read_yaml
from landform.testing.collecting import holds_module, shown, take_place
from landform.testing.levels import Level, parse_level
from landform.testing.workfolder import copy_tree, find_tree

_TOP = ("module", "common_tfvars", "level", "tests")
_TEST = ("tfvars", "vars", "inventory", "extra_files", "extra_dirs", "level", "skip_tofu")


@dataclass(frozen=True, slots=True)
class PlanTest:
    """One test of a ``tftest.yaml``. ``extra`` are files and folders that the module needs beside its own."""

    name: str
    line: int
    module: Path
    level: Level
    vars: Mapping[str, Any] = field(repr=False)
    inventories: tuple[Path, ...]
    extra: tuple[Path, ...] = ()

    def root_with_extra(self, shared: Path) -> Path:
        """A copy of the module with the extra files in it, the same for all workers."""
        tree = find_tree(self.module)
        key = hashlib.sha256("\0".join(map(str, (self.module, *self.extra))).encode()).hexdigest()[:12]
        folder = shared / "roots" / key
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(dir=folder.parent)) / "copy"
            root = copy_tree(tree, scratch)
            for path in self.extra:
                place = root / path.name
                if path.is_dir():
                    shutil.copytree(path, place, dirs_exist_ok=True)
                else:
                    shutil.copy2(path, place)
            take_place(scratch, folder)
        return folder / tree.inner


def read_plan_tests(path: Path, rootpath: Path) -> tuple[list[PlanTest], list[Fault]]:
    """The tests of one file, and every fault in it."""
    document = read_yaml(path, shown(path))
    reader = _Reader(path.parent, document, list(document.faults))
    return reader.tests(rootpath), reader.faults


@dataclass(slots=True)
class _Reader:
    folder: Path
    document: Document
    faults: list[Fault]

    def fault(self, what: str, *where: object, way_out: str = "") -> None:
        self.faults.append(Fault(self.document.location(*where), what, way_out))

    def tests(self, rootpath: Path) -> list[PlanTest]:
        if self.faults:
            return []
        raw = self.document.data
        if not isinstance(raw, Mapping) or not isinstance(raw.get("tests"), Mapping) or not raw["tests"]:
            self.fault("it needs 'module' and 'tests', a mapping with at least one test.")
            return []
        self.known(raw, _TOP)
        module = self.module(raw.get("module"), rootpath)
        if module is None:
            return []
        common = self.values(raw.get("common_tfvars"), ("common_tfvars",))
        level = self.level(raw, (), Level.PLAN)
        return [self.test(str(name), spec, module, common, level) for name, spec in raw["tests"].items()]

    def module(self, given: object, rootpath: Path) -> Path | None:
        bases = dict.fromkeys((self.folder, rootpath))
        folders = [(base / given).resolve() for base in bases] if isinstance(given, str) else []
        found = next((folder for folder in folders if holds_module(folder)), None)
        if found is None:
            tried = " or ".join(map(shown, folders))
            what = f"no .tf files in {tried}." if tried else "it names no module."
            self.fault(what, "module")
        return found

    def test(
        self, name: str, spec: object, module: Path, common: Mapping[str, Any], level: Level
    ) -> PlanTest:
        where = ("tests", name)
        if not isinstance(spec, Mapping | None):
            self.fault(f"test {name!r} is a mapping.", *where)
        given: Mapping[str, Any] = spec if isinstance(spec, Mapping) else {}
        self.known(given, _TEST, *where)
        inline = given.get("vars") or {}
        if not isinstance(inline, Mapping):
            self.fault("'vars' is a mapping of variables.", *where, "vars")
            inline = {}
        own = given.get("tfvars")
        if own is None and (self.folder / f"{name}.tfvars").is_file():
            own = f"{name}.tfvars"
        values = {**common, **self.values(own, (*where, "tfvars")), **inline}
        self.declared(values, module, where)
        return PlanTest(
            name=name,
            line=self.document.location(*where).line,
            module=module,
            level=self.level(given, where, level),
            vars=values,
            inventories=tuple(self.paths(given.get("inventory", f"{name}.yaml"), (*where, "inventory"))),
            extra=tuple(self.beside(given, where)),
        )

    def known(self, given: Mapping[str, Any], names: tuple[str, ...], *where: object) -> None:
        for name in given:
            if name not in names:
                near = did_you_mean(str(name), names)
                self.fault(f"there is no {name!r} here.", *where, name, way_out=near)

    def level(self, given: Mapping[str, Any], where: tuple[object, ...], default: Level) -> Level:
        try:
            level = parse_level(given["level"]) if given.get("level") is not None else default
        except ValueError as wrong:
            self.fault(str(wrong), *where, "level")
            return default
        if level not in (Level.MOCK, Level.PLAN):
            self.fault("an inventory is compared with a plan: the level is mock or plan.", *where, "level")
        return level

    def paths(self, given: object, where: tuple[object, ...]) -> Iterator[Path]:
        names = [given] if isinstance(given, str) else given or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.fault("it is a path or a list of paths.", *where)
            return
        if not names and where[-1] == "inventory":
            self.fault("without an inventory nothing is checked.", *where)
        yield from (self.folder / name for name in names)

    def values(self, given: object, where: tuple[object, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for path in self.paths(given, where):
            if not path.is_file():
                self.fault(f"there is no file {shown(path)}.", *where)
                continue
            found |= _read_values(path, self.faults)
        return found

    def declared(self, values: Mapping[str, Any], module: Path, where: tuple[object, ...]) -> None:
        declared = resolve_module(f"./{module.name}", None, module.parent)
        for name in values if declared.is_known else ():
            if name not in declared.variables and not any(module.glob("*.tf.json")):
                near = did_you_mean(name, declared.variables)
                self.fault(f"module {shown(module)} has no variable {name!r}.", *where, way_out=near)

    def beside(self, given: Mapping[str, Any], where: tuple[object, ...]) -> Iterator[Path]:
        for kind in ("extra_files", "extra_dirs"):
            for path in self.paths(given.get(kind), (*where, kind)):
                found = sorted(self.folder.glob(str(path.relative_to(self.folder)))) or [path.resolve()]
                if not found[0].exists():
                    self.fault(f"there is no {shown(path)}.", *where, kind)
                yield from found


def _read_values(path: Path, faults: list[Fault]) -> dict[str, Any]:
    import pygohcl

    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix == ".json" else pygohcl.attributes_loads(text)
    except pygohcl.HCLParseError as error:
        faults.append(hcl_fault(Path(shown(path)), error))
    except (OSError, ValueError) as error:
        faults.append(Fault(Location(shown(path)), f"can't be read: {error}."))
    else:
        if isinstance(found, dict):
            return found
        faults.append(Fault(Location(shown(path)), "it must be an object of variables."))
    return {}
