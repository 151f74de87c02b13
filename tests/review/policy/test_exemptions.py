"""Exemptions: who may go against which policy, where, and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.policy import PolicyResult, Result
from landform.review.findings import Exemption
from landform.review.policy.exemptions import exempt, read_exemptions

Write = Callable[[Mapping[str, str]], Path]

TODAY = date(2026, 11, 21)
KEYED = 'module.web.aws_subnet.this["a/b"]'
DENY = PolicyResult("tags", Result.DENY, KEYED, "no tag Owner")


def _exemption(address: str = "*", expires: str = "2026-11-21", policy: str = "tags") -> Exemption:
    return Exemption(policy, address, "moved next week", "ann", expires)


@pytest.mark.parametrize("address", ["*", KEYED, "module.web.*", 'module.*.aws_subnet.this["*"]'])
@pytest.mark.parametrize("result", [Result.DENY, Result.UNKNOWN])
def test_an_objection_with_an_exemption_is_a_warning_that_names_it(address: str, result: Result) -> None:
    exemption = _exemption(address)
    (found,) = exempt([PolicyResult("tags", result, KEYED, "no tag Owner")], [exemption], TODAY)
    why = "no tag Owner; exempted until 2026-11-21 by ann: moved next week"
    assert found == PolicyResult("tags", Result.WARN, KEYED, why, exemption)


@pytest.mark.parametrize(
    "exemption",
    [
        _exemption("module.web.aws_subnet.this"),
        _exemption('module.web.aws_subnet.this["a?b"]'),
        _exemption("aws_subnet.this*"),
        _exemption(policy="tag*"),
    ],
)
def test_an_exemption_covers_no_more_than_it_says_and_is_named(exemption: Exemption) -> None:
    denied, note = exempt([DENY], [exemption], TODAY)
    assert denied == DENY
    assert (note.policy, note.result, note.exemption) == ("exemptions", Result.PASS, exemption)
    assert note.reason.endswith("by ann matches nothing in this plan")


def test_an_expired_exemption_holds_no_more_and_is_named() -> None:
    denied, note = exempt([DENY], [_exemption(expires="2026-11-20")], TODAY)
    assert denied == DENY
    assert note.result is Result.WARN
    assert note.reason == "the exemption from tags by ann expired on 2026-11-20 and holds no more"


def test_what_is_no_objection_uses_no_exemption() -> None:
    warned = PolicyResult("tags", Result.WARN, KEYED, "look")
    assert exempt([warned], [_exemption()], TODAY)[0] == warned


_GOOD = "- {policy: tags, address: '*', reason: it moves, by: ann, expires: 2026-12-31}\n"


def test_exemptions_are_those_of_the_project_and_of_the_environment(write: Write) -> None:
    files = {"exemptions.yaml": _GOOD, "environments/dev/exemptions.yaml": _GOOD.replace("ann", "bob")}
    folder = write({**files, "environments/prod/exemptions.yaml": "# none\n"})
    assert [each.by for each in read_exemptions(folder, "dev")] == ["ann", "bob"]
    assert [each.by for each in read_exemptions(folder, "prod")] == ["ann"]
    assert read_exemptions(folder / "environments") == ()
    assert read_exemptions(folder, "dev")[0].expires == "2026-12-31"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("policy: tags\n", 1, "it is no list"),
        ("- policy: tags\n", 1, "'expires' is missing"),
        (_GOOD + _GOOD.replace("2026-12-31", "next week"), 2, "'next week' is no date such as 2027-03-31"),
        (_GOOD + _GOOD.replace("it moves", "''"), 2, "'reason' is missing"),
        (_GOOD + _GOOD.replace("by: ann", "by: ann, unitl: x"), 2, "unknown key 'unitl'"),
        ("- tags\n", 1, "an exemption has the keys policy, address, reason, by and expires"),
        ("- {policy\n", 2, "not valid YAML"),
    ],
)
def test_a_faulty_file_says_where(write: Write, text: str, where: int, says: str) -> None:
    with pytest.raises(ProjectInvalid) as refusal:
        read_exemptions(write({"environments/dev/exemptions.yaml": text}), "dev")
    found = [fault for fault in refusal.value.faults if says in fault.what]
    assert [str(fault.where) for fault in found] == [f"environments/dev/exemptions.yaml:{where}"]
