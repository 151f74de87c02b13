"""``teardown run``: what is due goes and comes back, and whatever is in the way is said and loses nothing."""

from __future__ import annotations

import json
import os
import signal
from datetime import UTC, datetime
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit, wait_until
from e2e.small_projects import BUCKET, ENVIRONMENT, S3, VALUES, project_file, two_stacks
from workflows.webhook_kit import webhook

pytestmark = [pytest.mark.e2e, pytest.mark.terraform]

NIGHTLY = """\
ephemeral: true
teardown:
  schedule: "0 20 * * 1-5"
  timezone: America/New_York
  rebuild: "0 7 * * 1-5"
"""
EVENING, LATER, MORNING = (
    "2026-12-01T20:05:00-05:00", "2026-12-01T20:20:00-05:00", "2026-12-02T07:10:00-05:00",
)  # fmt: skip
TAGS = [{"Key": "Project", "Value": "shop"}, {"Key": "Environment", "Value": "dev"}]


def nightly(more: str = "") -> dict[str, str]:
    """Two stacks, of which ``web`` goes every night."""
    files = dict(two_stacks())
    files["landform.yaml"] = files["landform.yaml"].replace(
        "module: web\n", "module: web\n    teardown: true\n"
    )
    return files | {"environments/dev/environment.yaml": ENVIRONMENT + NIGHTLY + more}


def run(project: ProjectKit, at: str, *more: str, code: int | None = 0) -> dict[str, Any]:
    """What ``teardown run`` says of dev."""
    ended = project.landform("teardown", "run", "dev", "--sandbox", "--at", at, "--json", *more, code=code)
    (found,) = ended.json["environments"]
    return dict(found)


def test_what_is_marked_goes_once_and_comes_back_as_the_same_release(make_project: MakeProject) -> None:
    project = make_project(nightly())
    project.landform("apply", "dev", "--sandbox", "--yes")
    before = project.landform("status", "dev", "--sandbox", "--json").json
    project.write({"modules/web/more.tf": 'resource "aws_ssm_parameter" "x" {}\n'})  # nobody has reviewed it

    gone = run(project, EVENING)
    assert (gone["came"], gone["slot"]) == ("done", "teardown-2026-12-01T2000")
    certificate = gone["certificate"]
    assert (certificate["clean"], certificate["complete"]) == (True, True)
    assert certificate["counts"] == {"aws_ssm_parameter": 2}
    assert {each["stack"] for each in certificate["destroyed"]} == {"web"}
    assert certificate["savings"]["hours"] == pytest.approx(10.92, abs=0.01)
    assert list(project.parameters()) == ["/shop/cidr"]
    assert run(project, LATER)["came"] == "nothing is due"

    assert run(project, MORNING)["came"] == "done"
    assert set(project.parameters()) == {"/shop/cidr", "/shop/greeting", "/shop/logs"}
    (project.folder / "modules/web/more.tf").unlink()
    assert "No changes" in project.landform("plan", "dev", "--sandbox").out
    after = project.landform("status", "dev", "--sandbox", "--json").json
    assert _releases(before) == _releases(after)
    history = project.landform("audit", "dev", "--sandbox").out
    assert "on teardown-2026-12-01T2000" in history


def _releases(status: Any) -> Any:
    return [(each["stack"], each["release"]) for each in status["stacks"]]


def test_what_is_left_over_ends_with_5_and_is_told_without_becoming_code(make_project: MakeProject) -> None:
    with webhook() as hook:
        project = make_project(nightly(f"  notify: [{{webhook: '{hook.url}'}}]\n"))
        project.landform("apply", "dev", "--sandbox", "--yes")
        ec2, logs, elb = (project.aws(name) for name in ("ec2", "logs", "elbv2"))
        name = {"Key": "Name", "Value": "<img src=x onerror=alert(1)> $(reboot) <!channel>"}
        volume = ec2.create_volume(
            AvailabilityZone="us-east-1a", Size=100, VolumeType="gp3",
            TagSpecifications=[{"ResourceType": "volume", "Tags": [*TAGS, name]}],
        )["VolumeId"]  # fmt: skip
        subnet = ec2.describe_subnets()["Subnets"][0]
        interface = ec2.create_network_interface(
            SubnetId=subnet["SubnetId"],
            TagSpecifications=[{"ResourceType": "network-interface", "Tags": TAGS}],
        )["NetworkInterface"]["NetworkInterfaceId"]
        logs.create_log_group(logGroupName="/late", tags={each["Key"]: each["Value"] for each in TAGS})
        group = elb.create_target_group(
            Name="late", Protocol="HTTP", Port=80, VpcId=subnet["VpcId"], Tags=TAGS
        )["TargetGroups"][0]["TargetGroupArn"]

        found = run(project, EVENING, code=5)

    sweep = found["certificate"]["sweep"]
    left = {each["id"] or each["arn"]: each for each in sweep["found"] if each["standing"] == "leftover"}
    assert {volume, interface} < set(left)
    assert any("/late" in each for each in left)
    assert any(each in group for each in left)
    assert left[volume]["monthly"] == {"low": 8.0, "high": 8.0}
    assert "4 left over" in found["why"]
    (notice,) = hook.heard
    assert notice["kind"] == "leftovers"
    assert "<!channel>" not in notice["text"]
    assert "<img" not in notice["text"]
    page = project.folder / "page.html"
    project.landform("teardown", "certificate", "dev", "--sandbox", "--format", "html", "--output", str(page))
    assert "<img src=x" not in page.read_text()


def test_a_hold_a_late_job_and_a_lock_destroy_nothing_and_say_so(make_project: MakeProject) -> None:
    project = make_project(nightly())
    hourly = 'teardown: {schedule: "0 * * * *"}\n'  # so that now is never too late
    project.write({"environments/dev/environment.yaml": ENVIRONMENT + hourly})
    project.landform("apply", "dev", "--sandbox", "--yes")
    before = project.parameters()
    project.landform("teardown", "hold", "dev", "--sandbox", "--until", "+8h", "--reason", "load test")
    kept = run(project, datetime.now(UTC).isoformat(timespec="seconds"))
    assert (kept["came"], "load test" in kept["why"]) == ("held", True)
    project.landform("teardown", "release", "dev", "--sandbox")
    project.write({"environments/dev/environment.yaml": ENVIRONMENT + NIGHTLY})

    late = run(project, "2026-12-02T01:30:00-05:00")
    assert (late["came"], "max_late" in late["why"]) == ("too late", True)
    assert run(project, "2026-12-02T01:45:00-05:00")["came"] == "nothing is due"

    lock = {
        "id": "feedfeed", "operation": "apply", "created": "2026-12-02T20:00:00Z",
        "by": {"email": "ann@example.org"},
        "owner": {"host": "elsewhere", "space": "x", "pid": 1, "started": "1"},
    }  # fmt: skip
    held, key = "2026-12-02T20:05:00-05:00", "landform/shop/dev/lock"
    project.aws("s3").put_object(Bucket=BUCKET, Key=key, Body=json.dumps(lock).encode())
    busy = run(project, held)
    assert (busy["came"], "ann@example.org" in busy["why"]) == ("busy", True)
    assert project.parameters() == before
    project.aws("s3").delete_object(Bucket=BUCKET, Key=key)
    assert run(project, held)["came"] == "done"
    assert list(project.parameters()) == ["/shop/cidr"]


def test_a_teardown_that_would_delete_too_much_is_a_failure_and_touches_nothing(
    make_project: MakeProject,
) -> None:
    project = make_project(nightly("  max_changes: 1\n"))
    project.landform("apply", "dev", "--sandbox", "--yes")
    before = project.parameters()

    found = run(project, EVENING, code=1)

    assert "would delete 2 objects, and max_changes is 1" in found["why"]
    assert project.parameters() == before
    status = project.landform("teardown", "status", "dev", "--sandbox").out
    assert "failed" in status


def test_of_two_jobs_at_once_one_does_it(make_project: MakeProject) -> None:
    project = make_project(nightly())
    project.landform("apply", "dev", "--sandbox", "--yes")
    words = ("teardown", "run", "dev", "--sandbox", "--at", EVENING, "--json")
    jobs = [project.start(*words) for _ in range(2)]
    ended = [json.loads(job.communicate()[0]) for job in jobs]

    assert sorted(each["environments"][0]["came"] for each in ended) in (
        ["busy", "done"],
        ["done", "nothing is due"],
    )
    assert [job.returncode for job in jobs] == [0, 0]
    assert list(project.parameters()) == ["/shop/cidr"]


def test_a_job_that_is_killed_half_way_is_finished_by_the_next(make_project: MakeProject) -> None:
    project = make_project({})
    gate = project.folder / "gate"
    gate.mkdir()
    project.write(_gated(str(gate)))
    (gate / "open").touch()
    project.landform("apply", "dev", "--sandbox", "--yes")
    (gate / "open").unlink()
    job = project.start("teardown", "run", "dev", "--sandbox", "--at", EVENING, "--json")
    wait_until((gate / "reached").exists, "the destroy is half way")
    os.kill(job.pid, signal.SIGKILL)
    job.communicate()
    (gate / "open").touch()

    found = run(project, LATER)

    assert found["came"] == "done"
    assert found["certificate"]["clean"] is True
    assert project.log_groups() == []
    assert run(project, LATER)["came"] == "nothing is due"


def test_what_comes_back_is_what_was_reviewed_or_nothing(make_project: MakeProject) -> None:
    project = make_project(nightly())
    refused = project.landform("rebuild", "dev", "--sandbox", "--yes", code=3)
    assert "was never applied" in refused.err
    project.landform("apply", "dev", "--sandbox", "--yes")
    run(project, EVENING)
    project.write({"environments/dev/terraform.tfvars": VALUES.replace("hello", "changed")})

    failed = run(project, MORNING, code=1)
    assert "greeting changed since dev was applied" in failed["why"]
    assert list(project.parameters()) == ["/shop/cidr"]

    project.write({"environments/dev/terraform.tfvars": VALUES})
    told = project.landform("rebuild", "dev", "--sandbox", "--yes").out
    assert "2 to create" in told
    assert project.parameter("/shop/greeting") == "hello"


def test_an_environment_that_expires_goes_whole(make_project: MakeProject) -> None:
    project = make_project(nightly())
    project.write(
        {
            "environments/dev/environment.yaml": ENVIRONMENT
            + "ephemeral: true\nexpires_at: 2026-12-04T12:00:00Z\n"
        }
    )
    project.landform("apply", "dev", "--sandbox", "--yes")
    assert run(project, "2026-12-04T11:59:00Z")["came"] == "nothing is due"

    found = run(project, "2026-12-09T12:00:00Z")

    assert (found["came"], found["certificate"]["clean"]) == ("done", True)
    assert project.parameters() == {}
    assert project.log_groups() == []
    assert "landform/shop/dev/place" not in project.objects(BUCKET)


def _gated(gate: str) -> dict[str, str]:
    """One stack whose destroy waits at a gate between two log groups."""
    module = f"""\
resource "aws_cloudwatch_log_group" "last" {{
  name = "last"
}}

resource "terraform_data" "gate" {{
  input = aws_cloudwatch_log_group.last.name

  provisioner "local-exec" {{
    when    = destroy
    command = "cd '{gate}' && touch reached && until [ ! -e $PWD ] || [ -e open ]; do sleep 0.1; done"
  }}
}}

resource "aws_cloudwatch_log_group" "first" {{
  name       = "first"
  depends_on = [terraform_data.gate]
}}
"""
    return {
        "landform.yaml": project_file("  slow: {module: slow, teardown: true}\n", S3),
        "modules/slow/main.tf": module,
        "environments/dev/environment.yaml": ENVIRONMENT + NIGHTLY,
        "environments/dev/terraform.tfvars": "",
    }
