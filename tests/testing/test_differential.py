"""The plugin's plans against what ``terraform test`` prints, read here without the plugin's parsers."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from landform.engine import clean_environment, find_engine, prepare_cli_config
from landform.planning.changes import parse_change
from landform.planning.environment_plan import EnvironmentPlan, PlanFrame, StackPlan, parse_plan
from landform.testing import UNKNOWN, Secret
from landform.testing.emulator import start_emulator
from testing import plan_facts
from testing.plan_facts import KINDS, change_facts, leaves, marks, output_facts
from testing.suite import Run, write_files
from testing.terraform_texts import AFTER, AWS_AFTER, AWS_BEFORE, BEFORE, SHAPES

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.terraform

Facts = dict[str, Any]
Document = dict[str, Any]
Files = Mapping[str, str]

REPOSITORY = Path(__file__).parents[2]
ODD_KEYS = ["a.b", "x y", 'q"u\\o', "${name}", "%{ if }", "ü→", "[0]", "module.child", "", "a/b\nc"]
SHAPE_CASES: list[dict[str, Any]] = [
    {},
    {"number": 3, "keys": ODD_KEYS, "children": {"one": ["a"], "t.w.o": ODD_KEYS[:3]}},
    {"secret": "hunter2", "nested": {"list": [{"name": "a", "ports": [2, 1]}, {}], "note": None}},
    {"anything": {"${key}": "${value}", "%{": ["%{ for }", None, 1.5, True, [], {}]}},
    {"anything": {"plan_format_version": "1", "provider_format_version": "x", "test_plan": {}}},
    {"anything": ["$${a}", "$$${b}", "%%{c}", "$", "%%%{d}", "$%{e}"], "keys": ["$${a}", "${"]},
    {"anything": 12345678901234567890, "nested": {"list": [], "note": "ends in \\"}, "number": 0},
]
VPC_CASES: list[dict[str, Any]] = [
    {"name": "one", "cidr": "10.0.0.0/16"},
    {"name": "two", "cidr": "10.1.0.0/20", "nat": "per_zone", "availability_zones": ["us-east-1b"]},
    {"name": "none", "cidr": "10.2.0.0/24", "nat": "none", "gateway_endpoints": [], "tags": {"a b": "${c}"}},
]

PROBES = """
    import json
    from pathlib import Path
    import pytest
    from landform.testing import PlannedModule
    from plan_facts import write_facts

    cases = [
        pytest.param(n, marks=pytest.mark.tf(vars=each))
        for n, each in enumerate(json.loads(Path("cases.json").read_text()))
    ]
"""
PLANNED = """
    @pytest.mark.tf("module", level="plan")
    @pytest.mark.parametrize("n", cases)
    def test_together(n, tf_plan):
        write_facts(f"together-{n}.json", tf_plan)
"""
WHOLE = """
    @pytest.mark.tf("module", level="plan")
    @pytest.mark.parametrize("n", cases)
    def test_alone(n, tf_module):
        write_facts(f"alone-{n}.json", PlannedModule(tf_module.plan_document()))
"""
CHANGED = """
    @pytest.mark.tf("before", vars=BEFORE_VALUES)
    @pytest.mark.parametrize("n", range(len(cases)))
    def test_changed(n, tf_module):
        stack = tf_module.apply()
        same = tf_module.plan()
        (stack.folder / "main.tf").write_text(Path("after/main.tf").read_text())
        write_facts(f"changed-{n}.json", tf_module.plan(**json.loads(Path("cases.json").read_text())[n]))
        write_facts("same.json", same)
"""


def _probe(run_suite: Run, files: Files, cases: list[dict[str, Any]], *texts: str) -> None:
    """Have a test of the plugin write down each case's plan."""
    written = {"cases.json": json.dumps(cases), "plan_facts.py": inspect.getsource(plan_facts)}
    suite = "".join(inspect.cleandoc(text) + "\n\n\n" for text in (PROBES, *texts))
    result = run_suite({**files, **written, "test_probe.py": suite}, "test_probe.py")
    assert set(result.parseoutcomes()) == {"passed"}, result.stdout.str()


def _read(name: str) -> Facts:
    found: Facts = json.loads(_normal(Path(name).read_text()))
    return found


# --- terraform's own words --------------------------------------------------------------------------------


def _values(folder: Path, values: Mapping[str, Any]) -> dict[str, str]:
    """Variables that Terraform reads from a file: nothing in them can be a template."""
    folder.mkdir(exist_ok=True)
    path = folder / f"values{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(values))
    return {name: f'${{jsondecode(file("{path}"))["{name}"]}}' for name in values}


def _terraform_test(
    folder: Path, runs: Sequence[Mapping[str, Any]], endpoint: str | None = None
) -> list[Facts]:
    """One terraform test with a file for each of ``runs``; what it planned last in each."""
    (folder / "tests").mkdir(exist_ok=True)
    for number, content in enumerate(runs):
        (folder / f"tests/case{number}.tftest.json").write_text(json.dumps({"run": content}))
    _terraform(folder, endpoint, "init", "-input=false")
    plans: dict[str, dict[str, Document]] = {
        f"tests/case{number}.tftest.json": {} for number in range(len(runs))
    }
    for line in _terraform(folder, endpoint, "test", "-json", "-verbose").splitlines():
        event = json.loads(line)
        assert event["@level"] != "error", line
        if event["type"] == "test_plan":
            document = json.loads(_normal(json.dumps(event["test_plan"])))
            plans[event["@testfile"]][event["@testrun"]] = document
    return list(plans.values())


def _terraform(folder: Path, endpoint: str | None, *argv: str) -> str:
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}
    env = clean_environment({"PATH": "/usr/bin:/bin", "HOME": str(folder)}) | keys
    env |= {"AWS_ENDPOINT_URL": endpoint, "AWS_S3_USE_PATH_STYLE": "true"} if endpoint else {}
    config = prepare_cli_config({"HOME": str(Path.home())}).path
    env |= {"TF_CLI_CONFIG_FILE": str(config)} if config else {}
    done = subprocess.run(
        [str(find_engine().path), *argv], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout


def _normal(text: str) -> str:
    """Without what two applies of one module differ in: identifiers, ports, times."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>", text)
    text = re.sub(r"\b(sg|vpc)-[0-9a-f]{17}\b", r"\1-<id>", text)
    return re.sub(r"127\.0\.0\.1:\d+", "<emulator>", text)


# --- what follows from them -------------------------------------------------------------------------------

_ACTIONS = {
    ("no-op",): "no-op",
    ("create",): "create",
    ("read",): "read",
    ("update",): "update",
    ("delete",): "delete",
    ("forget",): "forget",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace (create first)",
}
_KIND_OF = {
    "create": "creates",
    "update": "updates",
    "replace": "replaces",
    "replace (create first)": "replaces",
    "delete": "deletes",
}


def _expected(document: Document) -> Facts:
    """The same facts, from Terraform's document alone."""
    raws = document.get("resource_changes", [])
    changes = {raw["address"]: _expected_change(raw) for raw in raws}
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for raw in raws:
        action = changes[raw["address"]]["action"]
        kind = "reads" if action == "read" else _KIND_OF.get(action)
        if kind:
            kinds[kind].append(raw["address"])
    outputs = document.get("output_changes", {})
    facts = {name: _expected_side(raw) for name, raw in outputs.items()}
    quiet = {"no-op", "read"}
    return {
        "changes": changes,
        "outputs": facts,
        "kinds": {kind: sorted(found) for kind, found in kinds.items()},
        "shown": {raw["address"]: leaves(_shown(raw["change"], {})) for raw in raws},
        "shown outputs": leaves(
            {name: _shown(raw) for name, raw in outputs.items() if raw["actions"] != ["delete"]}
        ),
        "is noop": {one["action"] for one in changes.values()} <= quiet
        and {one["action"] for one in facts.values()} <= quiet,
    }


def _expected_change(raw: Mapping[str, Any]) -> Facts:
    side = _expected_side(raw["change"])
    moved = raw.get("previous_address")
    return side | {
        "action": "move" if moved and side["action"] == "no-op" else side["action"],
        "moved from": moved,
        "replaced for": sorted(map(json.dumps, raw["change"].get("replace_paths", []))),
    }


def _expected_side(change: Mapping[str, Any]) -> Facts:
    return {
        "action": _ACTIONS[tuple(change["actions"])],
        "before": change["before"],
        "after": change.get("after"),
        "before sensitive": marks(change["before_sensitive"]),
        "after sensitive": marks(change["after_sensitive"]),
        "unknown": marks(change["after_unknown"]),
    }


def _shown(change: Mapping[str, Any], nothing: Any = None) -> Any:
    """The new value as ``plan[address]`` shows it: with something else where it is secret or unknown."""
    after = nothing if change.get("after") is None else change["after"]
    shown = after
    for path in map(json.loads, marks(change["after_sensitive"])):
        value = _at(after, path)
        shown = shown if value is None else _put(shown, path, Secret(value))
    for path in map(json.loads, marks(change["after_unknown"])):
        shown = _put(shown, path, UNKNOWN)
    return shown


def _at(tree: Any, path: list[Any]) -> Any:
    for key in path:
        try:
            tree = tree[key]
        except (LookupError, TypeError):
            return None
    return tree


def _put(tree: Any, path: list[Any], value: Any) -> Any:
    """A copy of ``tree`` with ``value`` at ``path``; what is in a secret stays there."""
    if not path or isinstance(tree, Secret):
        return tree if isinstance(tree, Secret) else value
    key, *rest = path
    if isinstance(key, int):
        assert isinstance(tree, list)
        return [_put(item, rest, value) if index == key else item for index, item in enumerate(tree)]
    return {**(tree or {}), key: _put((tree or {}).get(key), rest, value)}


def _check(found: Facts, document: Document, name: str) -> None:
    """Everything that the plugin said is what follows from Terraform's document; so says ``planning``."""
    expected = _expected(document)
    for part, value in expected.items():
        assert found[part] == value, f"{name}: {part}"
    assert change_facts(map(parse_change, document.get("resource_changes", ()))) == expected["changes"]
    environment = _environment_plan(document).stack("s")
    actions = {each.local_address: str(each.action) for each in environment.changes}
    assert actions == {address: one["action"] for address, one in expected["changes"].items()}
    assert output_facts(environment.outputs) == expected["outputs"]
    assert environment.has_changes is not expected["is noop"]


def _environment_plan(document: Document) -> EnvironmentPlan:
    """The same document as the plan of an environment whose stack ``s`` is the module."""
    raws = [{**raw, "address": f"module.s.{raw['address']}"} for raw in document.get("resource_changes", ())]
    outputs = {name: ("s", name) for name in document.get("output_changes", ())}
    frame = PlanFrame("project", "dev", [StackPlan("s")], outputs)
    whole = {**document, "resource_changes": raws, "format_version": document["plan_format_version"]}
    return parse_plan(whole, frame, lambda *_: ())


def _planned(folder: Path, cases: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    return [{"case": {"command": "plan", "variables": _values(folder / "values", one)}} for one in cases]


# --- the tests --------------------------------------------------------------------------------------------


def test_plans_from_nothing_are_terraforms_own(run_suite: Run, tmp_path: Path) -> None:
    """Keys, modules, unknowns, secrets, data sources, nulls and sets, with Terraform's own provider."""
    module = {f"module/{name}": text for name, text in SHAPES.items()}
    _probe(run_suite, module, SHAPE_CASES, PLANNED, WHOLE)
    write_files(tmp_path, module)
    runs = _planned(tmp_path, SHAPE_CASES)
    for number, plans in enumerate(_terraform_test(tmp_path / "module", runs)):
        document = plans["case"]
        assert document["resource_changes"]
        _check(_read(f"together-{number}.json"), document, f"together, case {number}")
        _check(_read(f"alone-{number}.json"), document, f"alone, case {number}")


def test_plans_after_an_apply_are_terraforms_own(run_suite: Run, tmp_path: Path) -> None:
    """Updates, both replacements, deletions, what moved and what is only forgotten, of both providers."""
    first = {"name": "one"}
    cases: list[dict[str, Any]] = [first, {"name": "two", "keys": ["b"], "password": "hunter3"}]
    files = {"before/main.tf": BEFORE, "after/main.tf": AFTER}
    _probe(run_suite, files, cases, CHANGED.replace("BEFORE_VALUES", repr(first)))
    write_files(tmp_path, {"root/main.tf": "", **{f"root/{name}": text for name, text in files.items()}})
    runs = [_applied_and_planned(tmp_path, first, case) for case in cases]
    plans = _terraform_test(tmp_path / "root", runs)
    for number, documents in enumerate(plans):
        _check(_read(f"changed-{number}.json"), documents["then"], f"changed, case {number}")
    _check(_read("same.json"), plans[0]["same"], "same")
    found = {one["action"] for one in _expected(plans[1]["then"])["changes"].values()}
    assert found == set(_ACTIONS.values()) - {"create", "read"} | {"move"}


def _applied_and_planned(folder: Path, first: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """Two modules that share one state."""
    return {
        "before": {
            "module": {"source": "./before"},
            "state_key": "one",
            "variables": _values(folder / "values", first),
        },
        "same": {
            "command": "plan",
            "module": {"source": "./before"},
            "state_key": "one",
            "variables": _values(folder / "values", first),
        },
        "then": {
            "command": "plan",
            "module": {"source": "./after"},
            "state_key": "one",
            "variables": _values(folder / "values", {**first, **then}),
        },
    }


@pytest.mark.e2e
def test_plans_of_the_vpc_module_are_terraforms_own(run_suite: Run, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "modules/vpc", "module")
    shutil.copytree(REPOSITORY / "modules/vpc", tmp_path / "module")
    _probe(run_suite, {}, VPC_CASES, PLANNED, WHOLE.replace("cases)", "cases[:1])"))
    runs = _planned(tmp_path, VPC_CASES)
    with start_emulator(tmp_path / "emulator") as emulator:
        documents = _terraform_test(tmp_path / "module", runs, emulator.endpoint_url)
    for number, plans in enumerate(documents):
        _check(_read(f"together-{number}.json"), plans["case"], f"together, case {number}")
    _check(_read("alone-0.json"), documents[0]["case"], "alone")


@pytest.mark.e2e
def test_plans_of_applied_aws_resources_are_terraforms_own(run_suite: Run, tmp_path: Path) -> None:
    first, cases = {"name": "one"}, [{"name": "two"}]
    files = {"before/main.tf": AWS_BEFORE, "after/main.tf": AWS_AFTER}
    _probe(run_suite, files, cases, CHANGED.replace("BEFORE_VALUES", repr(first)))
    write_files(tmp_path, {"root/main.tf": "", **{f"root/{name}": text for name, text in files.items()}})
    runs = [_applied_and_planned(tmp_path, first, cases[0])]
    with start_emulator(tmp_path / "emulator") as emulator:
        (plans,) = _terraform_test(tmp_path / "root", runs, emulator.endpoint_url)
    _check(_read("changed-0.json"), plans["then"], "changed")
    _check(_read("same.json"), plans["same"], "same")
