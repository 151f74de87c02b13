"""The policies of the documentation are valid, and cover what landform and Terraform call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from e2e.calls import Call, call_of
from e2e.conftest import MakeProject
from e2e.iam_policies import FILLED, FOLDER, PLACEHOLDER, allows, policy
from e2e.project_kit import ProjectKit, emulator_client, works_as
from e2e.recorders import Request, recording_emulator
from landform.project import load_project
from landform.workflows.notices import Notice, NoticeKind, send
from landform.workflows.place import PlaceOptions, open_place

BUCKET = FILLED["STATE_BUCKET"]
RECORDS = f"arn:aws:s3:::{BUCKET}/landform/shop/dev/"
FREE = {"sts:GetCallerIdentity"}
"""What AWS answers to everybody."""
OF_NOW = {"alive", "drift", "quarantine", "runs"}
"""Records that say how things stand now: they are written over, and no decision of the past rests on them."""
READS = ("Get", "List", "Describe")
LIMIT = 6144
"""Characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def test_every_policy_and_every_trust_is_valid_and_small_enough() -> None:
    names = sorted(path.name for path in FOLDER.glob("*.json"))
    with recording_emulator() as (endpoint, _):
        iam = emulator_client(endpoint, "iam")
        for name in names:
            text = policy(name)
            if name.startswith("trust-"):
                iam.create_role(RoleName=name, AssumeRolePolicyDocument=text)
            else:
                iam.create_policy(PolicyName=name, PolicyDocument=text)
                assert len(json.dumps(json.loads(text), separators=(",", ":"))) <= LIMIT
    assert names == [
        "apply.json",
        "approve.json",
        "notices.json",
        "plan.json",
        "sweep.json",
        "trust-github.json",
        "trust-role.json",
        "trust-sso.json",
    ]


def test_every_placeholder_is_explained() -> None:
    page = FOLDER.with_suffix(".md").read_text(encoding="utf-8")
    used = {name for path in FOLDER.glob("*.json") for name in PLACEHOLDER.findall(path.read_text())}
    assert used == set(FILLED)
    assert [name for name in sorted(used) if f"`{name}`" not in page] == []


def _recorded(project: ProjectKit, commands: Sequence[tuple[str, str, int]]) -> Iterator[list[Request]]:
    """What each command of somebody sends to AWS; the digest of the plan before it is filled in."""
    with recording_emulator() as (endpoint, received):
        emulator_client(endpoint, "s3").create_bucket(Bucket=BUCKET)
        digest = ""
        for who, command, code in commands:
            received.clear()
            project.env |= works_as(who)
            words = command.format(digest=digest).split()
            done = project.landform(*words, "--endpoint-url", endpoint, code=code)
            digest = done.json["digest"] if "--json" in words else digest
            yield list(received)


@pytest.mark.e2e
def test_what_plan_approve_apply_and_destroy_call_is_allowed_and_no_more(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    project = make_project({})
    project.landform("new", ".", "--name", "shop")
    commands = [
        ("pam", "plan dev --json", 2),
        ("ann", "approve dev --plan {digest} --yes", 0),
        ("pam", "apply dev --yes", 0),
        ("pam", "drift dev", 0),
        ("pam", "destroy dev --yes", 0),
    ]
    planned, approved, applied, looked, destroyed = _recorded(project, commands)

    plans, applies = policy("plan.json"), policy("apply.json")
    reads = [*planned, *looked]
    assert _refused(reads, [plans]) == set()
    assert "tag:GetResources" in {call_of(request).action for request in looked}
    assert allows(plans, Call("cloudtrail:LookupEvents")), "asked where something has drifted"
    assert _refused(approved, [policy("approve.json")]) == set()
    assert _refused([*applied, *destroyed], [plans, applies]) == set()

    assert {call.resource.split("/")[4] for call in _writes(reads)} == {"drift", "key", "plans"}
    assert all(call.resource.startswith(RECORDS) for call in _writes(reads))
    _records_are_only_made([*reads, *approved, *applied, *destroyed])
    # The role that plans can do nothing of what an apply does.
    allowed = {call for call in _writes([*applied, *destroyed]) if allows(plans, call)}
    assert {call.resource.removeprefix(RECORDS).split("/")[0] for call in allowed} <= {
        "drift",
        "key",
        "plans",
    }


@pytest.mark.e2e
def test_notices_and_the_bill_are_allowed_by_a_policy_of_their_own(make_project: MakeProject) -> None:
    project = make_project({})
    project.landform("new", ".", "--name", "shop")
    yaml = project.folder / "environments" / "dev" / "environment.yaml"
    with recording_emulator() as (endpoint, received):
        emulator_client(endpoint, "s3").create_bucket(Bucket=BUCKET)
        arn = emulator_client(endpoint, "sns").create_topic(Name=FILLED["TOPIC"])["TopicArn"]
        yaml.write_text(yaml.read_text().replace("teardown: {", f"teardown: {{notify: [{{sns: '{arn}'}}], "))
        place = open_place(load_project(project.folder), "dev", PlaceOptions(endpoint_url=endpoint))
        received.clear()
        assert send(place, Notice(NoticeKind.DONE, "dev is down", slot="teardown-2026-12-01T2000")) == ()
        sent, received[:] = list(received), []
        project.landform("teardown", "savings", "dev", "--actual", "--endpoint-url", endpoint)
        asked = list(received)
    own, plans = policy("notices.json"), policy("plan.json")
    called = {call_of(each) for each in sent}
    assert Call("sns:Publish", arn) in called
    assert {
        each for each in called if not allows(own, each) and not allows(policy("apply.json"), each)
    } == set()
    assert _refused(asked, [own, plans]) == set()
    assert _refused(asked, [plans]) == {Call("ce:GetCostAndUsage")}
    _records_are_only_made(sent)


def _refused(requests: Sequence[Request], policies: Sequence[str]) -> set[Call]:
    calls = {call_of(request) for request in requests}
    assert len(calls) > 2
    return {
        call for call in calls if call.action not in FREE and not any(allows(text, call) for text in policies)
    }


def _writes(requests: Sequence[Request]) -> set[Call]:
    calls = {call_of(request) for request in requests}
    return {call for call in calls if not call.action.partition(":")[2].startswith(READS)}


def _records_are_only_made(requests: Sequence[Request]) -> None:
    """What the condition of the policies asks of each of them."""
    for request in requests:
        call = call_of(request)
        kind = call.resource.removeprefix(RECORDS).split("/")[0]
        if call.action == "s3:PutObject" and call.resource.startswith(RECORDS) and kind not in OF_NOW:
            assert request.headers["if-none-match"] == "*"
