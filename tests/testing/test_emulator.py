"""One emulated AWS per test process: emptied, copied and put back, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from landform.aws.session import caller_account, client
from landform.errors import SandboxFailed
from landform.processes import ProcessId, identify, is_alive
from landform.testing.emulator import Emulator, start_emulator
from testing.aws_root import make_root

STACK = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "one" {
  for_each   = { a = 0, b = 1 }
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_s3_bucket" "data" { bucket = "data-of-the-test" }
resource "aws_dynamodb_table" "items" {
  name         = "items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with start_emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared: Emulator) -> Emulator:
    """An empty one; the process is shared by the tests of this file."""
    shared.reset()
    return shared


def _buckets(emulator: Emulator) -> list[str]:
    return sorted(bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"])


def _make(emulator: Emulator, *names: str) -> None:
    for name in names:
        emulator.client("s3").create_bucket(Bucket=name)


def _session(leader: int) -> list[ProcessId]:
    """The living processes of a session."""
    found = (identify(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [one for one in found if one and os.path.lexists(f"/proc/{one.pid}") and _sid(one.pid) == leader]


def _sid(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _ends(*processes: ProcessId) -> bool:
    """Whether all of them end; waits for it, not for a time."""
    end = time.monotonic() + 20
    while any(map(is_alive, processes)) and time.monotonic() < end:
        time.sleep(0.01)
    return not any(map(is_alive, processes))


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")


def test_clients_reach_it_and_nothing_else(emulator: Emulator) -> None:
    _make(emulator, "here")
    assert _buckets(emulator) == ["here"]
    assert emulator.client("s3") is emulator.client("s3")
    assert emulator.client("sqs", "eu-west-1").meta.region_name == "eu-west-1"
    access = emulator.access(region="eu-central-1")
    assert access.is_emulated
    assert access.env["AWS_ENDPOINT_URL"] == emulator.endpoint_url
    assert access.env["AWS_REGION"] == "eu-central-1"
    assert "AWS_CA_BUNDLE" not in access.env
    assert caller_account(emulator.access("111111111111")) == "111111111111"


def test_it_counts_what_was_called_whatever_is_reset_or_restored(emulator: Emulator) -> None:
    before = emulator.calls()
    _make(emulator, "one")
    kept = emulator.snapshot()
    emulator.client("sqs").create_queue(QueueName="q")
    emulator.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    emulator.restore(kept)
    emulator.client("s3").put_object(Bucket="one", Key="k", Body=b"1")
    emulator.reset()
    with pytest.raises(ClientError):
        emulator.client("s3").get_object(Bucket="one", Key="k")
    assert emulator.calls() - before == {
        "CreateBucket": 1,
        "CreateQueue": 1,
        "CreateVpc": 1,
        "PutObject": 1,
        "GetObject": 1,
    }


def test_a_snapshot_is_restored_again_and_again_at_the_same_address(emulator: Emulator) -> None:
    url = emulator.endpoint_url
    _make(emulator, "kept")
    kept = emulator.snapshot()
    for name in ("first", "second", "third", "fourth", "fifth"):
        _make(emulator, name)
        assert _buckets(emulator) == sorted(["kept", name])
        emulator.restore(kept)
        assert _buckets(emulator) == ["kept"]
    assert emulator.endpoint_url == url


def test_snapshots_may_be_restored_in_any_order_and_after_a_reset(emulator: Emulator) -> None:
    _make(emulator, "one")
    first = emulator.snapshot()
    _make(emulator, "two")
    second = emulator.snapshot()
    emulator.restore(first)
    assert _buckets(emulator) == ["one"]
    _make(emulator, "three")
    third = emulator.snapshot()
    emulator.restore(second)
    assert _buckets(emulator) == ["one", "two"]
    emulator.reset()
    assert _buckets(emulator) == []
    emulator.restore(third)
    assert _buckets(emulator) == ["one", "three"]
    emulator.reset()
    emulator.restore(first)
    assert _buckets(emulator) == ["one"]


def test_objects_and_keys_of_other_accounts_are_part_of_a_snapshot(emulator: Emulator) -> None:
    other = client(emulator.access("222222222222"), "sqs")
    other.create_queue(QueueName="theirs")
    _make(emulator, "large")
    s3 = emulator.client("s3")
    s3.put_object(Bucket="large", Key="k", Body=b"before" * 2_000_000)
    kept = emulator.snapshot()
    for _ in range(2):
        s3.put_object(Bucket="large", Key="k", Body=b"after!" * 2_000_000)
        other.create_queue(QueueName="another")
        emulator.restore(kept)
        assert s3.get_object(Bucket="large", Key="k")["Body"].read(6) == b"before"
        assert len(other.list_queues()["QueueUrls"]) == 1
    assert "QueueUrls" not in emulator.client("sqs").list_queues()


def test_requests_in_flight_are_finished_and_none_fails(emulator: Emulator) -> None:
    sqs = emulator.client("sqs")
    _make(emulator, "kept")
    kept = emulator.snapshot()
    stop = threading.Event()
    failures: list[Exception] = []

    def work(number: int) -> None:
        for count in range(10_000):
            if stop.is_set():
                return
            try:
                sqs.create_queue(QueueName=f"q-{number}-{count}")
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        emulator.drop(emulator.snapshot())
        emulator.restore(kept)
        emulator.reset()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    emulator.restore(kept)
    assert _buckets(emulator) == ["kept"]


def test_a_snapshot_waits_for_a_request_that_takes_long(emulator: Emulator) -> None:
    sqs = emulator.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    answers: list[object] = []
    before = emulator.calls()
    poll = threading.Thread(
        target=lambda: answers.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1))
    )
    poll.start()
    while not (emulator.calls() - before)["ReceiveMessage"]:
        emulator.drop(emulator.snapshot())  # it waits where the request is inside
    poll.join()
    assert len(answers) == 1
    assert sqs.list_queues()["QueueUrls"] == [url]


def test_two_emulators_share_nothing_and_refuse_each_others_snapshots(
    emulator: Emulator, tmp_path: Path
) -> None:
    with start_emulator(tmp_path) as other:
        _make(emulator, "mine")
        _make(other, "theirs")
        assert _buckets(emulator) == ["mine"]
        assert _buckets(other) == ["theirs"]
        kept = other.snapshot()
        with pytest.raises(SandboxFailed, match="another emulator"):
            emulator.restore(kept)


def test_a_snapshot_that_was_dropped_is_refused_and_everything_goes_on(emulator: Emulator) -> None:
    _make(emulator, "still-here")
    kept = emulator.snapshot()
    emulator.drop(kept)
    with pytest.raises(SandboxFailed, match="no such snapshot"):
        emulator.restore(kept)
    assert _buckets(emulator) == ["still-here"]


@needs_proc
def test_dropped_snapshots_and_old_lives_leave_no_process(emulator: Emulator) -> None:
    emulator.restore(first := emulator.snapshot())
    emulator.drop(first)
    before = len(_session(emulator.process.pid))
    for _ in range(3):
        kept = emulator.snapshot()
        emulator.restore(kept)
        emulator.drop(kept)
    end = time.monotonic() + 20
    while len(_session(emulator.process.pid)) > before and time.monotonic() < end:
        time.sleep(0.01)
    assert len(_session(emulator.process.pid)) <= before


@needs_proc
def test_it_ends_with_the_test_process_even_when_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from landform.testing.emulator import start_emulator\n"
        "emulator = start_emulator(pathlib.Path(sys.argv[1]))\n"
        "emulator.client('s3').create_bucket(Bucket='left')\n"
        "emulator.restore(emulator.snapshot())\n"
        "print(emulator.process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        leader = int(process.stdout.readline())
        left = _session(leader)
        assert len(left) >= 3
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _ends(*left)


@needs_proc
@pytest.mark.parametrize("victim", ["keeper", "serving"])
def test_a_part_of_it_that_was_killed_takes_the_rest_along_and_is_said(tmp_path: Path, victim: str) -> None:
    with start_emulator(tmp_path) as emulator:
        _make(emulator, "bucket")
        emulator.snapshot()
        parts = _session(emulator.process.pid)
        serving = next(one for one in parts if _parent(one.pid) == emulator.process.pid)
        os.kill(emulator.process.pid if victim == "keeper" else serving.pid, signal.SIGKILL)
        assert _ends(*parts)
        with pytest.raises(SandboxFailed, match="the emulator has ended"):
            emulator.reset()
        with pytest.raises(EndpointConnectionError):
            _buckets(emulator)


@needs_proc
def test_it_knows_no_secret_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "realrealsecret")
    monkeypatch.setenv("TF_VAR_password", "realrealsecret")
    with start_emulator(tmp_path) as emulator:
        assert emulator.endpoint_url
        assert "realrealsecret" not in Path(f"/proc/{emulator.process.pid}/environ").read_text()
        assert "realrealsecret" not in emulator.access().env["AWS_SECRET_ACCESS_KEY"]
    assert (tmp_path / "emulator.log").stat().st_mode & 0o077 == 0


def test_one_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shadow = tmp_path / "shadow" / "moto"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise RuntimeError('moto is broken here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "shadow"))
    with (
        start_emulator(tmp_path / "emulator") as emulator,
        pytest.raises(SandboxFailed, match="moto is broken here") as failure,
    ):
        emulator.client("s3")
    assert "emulator.log" in failure.value.way_out


def test_what_it_needs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "flask_cors", None)
        with pytest.raises(SandboxFailed, match="flask_cors") as failure:
            start_emulator(tmp_path)
        assert failure.value.way_out == "pip install 'landform[sandbox]'"
    monkeypatch.delattr(os, "fork")
    with pytest.raises(SandboxFailed, match="Linux or macOS"):
        start_emulator(tmp_path)


@pytest.mark.e2e
def test_what_terraform_applied_is_put_back_so_that_its_plan_is_empty(
    emulator: Emulator, tmp_path: Path
) -> None:
    root = make_root(tmp_path / "root", STACK, emulator.access(region="eu-west-1").env)
    root.init()
    before = emulator.calls()
    root.apply()
    assert (emulator.calls() - before)["CreateBucket"] == 1
    kept = emulator.snapshot()
    ec2, state = emulator.client("ec2", "eu-west-1"), root.state
    group = next(one for one in state["resources"] if one["type"] == "aws_security_group")
    ec2.revoke_security_group_ingress(
        GroupId=group["instances"][0]["attributes"]["id"],
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ],
    )
    emulator.client("s3", "eu-west-1").delete_bucket(Bucket="data-of-the-test")
    emulator.client("dynamodb", "eu-west-1").delete_table(TableName="items")
    emulator.client("iam").detach_role_policy(
        RoleName="app", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )
    assert _buckets(emulator) == []
    emulator.restore(kept)
    assert not root.plan()
