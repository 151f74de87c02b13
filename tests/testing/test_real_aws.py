"""Tests of level aws: one emulator plays the real AWS, as the account that the shell's own keys lead to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from landform.testing.emulator import Emulator, start_emulator
from landform.workflows.live import FOLDER
from testing.suite import BUCKET, Run, write_files

pytest_plugins = ("pytester",)

SUITE = """
    import pytest

    @pytest.mark.tf("bucket", vars={"name": "real-{unique}"}, level="aws", region="eu-west-1")
    def test_a_bucket(tf):
        assert tf["aws_s3_bucket.this"].bucket == tf.outputs.bucket
        assert tf.outputs.bucket.startswith("real-")

    @pytest.mark.tf("bucket", vars={"name": "real-{unique}"}, level="aws", region="eu-west-1")
    def test_its_client(tf):
        assert tf.client("s3").list_buckets()["Buckets"]
"""
INI = """
    [pytest]
    tf_allowed_accounts = 123456789012
    tf_allowed_regions = eu-west-1
"""
FILES = {"bucket/main.tf": BUCKET, "test_real.py": SUITE, "pytest.ini": INI}
LEVEL = "--tf-level=aws"
AGREED = (LEVEL, "--tf-cloud=aws", "--tf-max-usd=5", "--tf-max-minutes=120")


@pytest.fixture
def aws(run_suite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """What the shell's settings lead to; entered after the hostile ones of ``run_suite``."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    for name in ("TF_VAR_name", "TF_CLI_ARGS", "TF_WORKSPACE"):
        monkeypatch.delenv(name)
    with start_emulator(tmp_path / "emulator") as emulator:
        for name, value in {
            "AWS_ENDPOINT_URL": emulator.endpoint_url,
            "AWS_ACCESS_KEY_ID": "own",
            "AWS_SECRET_ACCESS_KEY": "own",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        yield emulator


def _made(aws: Emulator) -> int:
    return aws.calls()["CreateBucket"]


@pytest.mark.terraform
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_without_the_flag_nothing_is_reached(run_suite: Run, aws: Emulator, workers: str) -> None:
    done = run_suite(FILES, LEVEL, workers)
    assert done.ret != 0
    said = done.stdout.str() + done.stderr.str()
    assert "--tf-cloud=aws is not given" in said
    assert "--tf-max-usd is not given" in said
    assert not aws.calls()


@pytest.mark.terraform
def test_another_account_is_refused_before_any_worker_starts(run_suite: Run, aws: Emulator) -> None:
    strange = INI.replace("123456789012", "999999999999")
    done = run_suite({**FILES, "pytest.ini": strange}, *AGREED, "-n2")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "these credentials are of account 123456789012" in done.stdout.str() + done.stderr.str()
    assert _made(aws) == 0


@pytest.mark.terraform
def test_what_was_approved_is_applied_recorded_destroyed_and_replayed(
    run_suite: Run, aws: Emulator, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run_suite(FILES, *AGREED, "--tf-record")
    done.assert_outcomes(passed=2)
    assert _made(aws) == 2
    assert aws.client("s3").list_buckets()["Buckets"] == []
    recordings = sorted((pytester.path / "recordings").iterdir())
    assert [path.name for path in recordings] == [
        "test_real.test_a_bucket.bucket.json",
        "test_real.test_its_client.bucket.json",
    ]
    tags = json.loads(recordings[0].read_text())["resources"]["aws_s3_bucket.this"]["tags_all"]
    assert {"landform-run", "landform-expires"} <= tags.keys()

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    done = run_suite({}, LEVEL, "--tf-replay=only")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*tf.client needs AWS, and this test runs on a recording*"])

    done = run_suite({"bucket/main.tf": f"{BUCKET}\n# changed\n"}, LEVEL, "--tf-replay=only")
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*is out of date: the module's files changed*"])


@pytest.mark.terraform
def test_a_plan_that_costs_too_much_is_not_applied(run_suite: Run, aws: Emulator) -> None:
    done = run_suite(FILES, LEVEL, "--tf-cloud=aws", "--tf-max-usd=5", "--tf-max-minutes=1")
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*would cost about*"])
    assert _made(aws) == 0


WAITING = """
    import pathlib, time
    import pytest

    @pytest.mark.tf("bucket", vars={"name": "waiting-{unique}"}, level="aws", region="eu-west-1")
    def test_it(tf):
        pathlib.Path("applied").touch()
        while True:
            time.sleep(0.05)
"""


@pytest.mark.terraform
@pytest.mark.usefixtures("run_suite")
def test_a_stopped_run_destroys_and_a_killed_one_is_swept(aws: Emulator, tmp_path: Path) -> None:
    write_files(tmp_path, {**FILES, "test_real.py": WAITING})
    assert _stopped_by(signal.SIGTERM, tmp_path) == 128 + signal.SIGTERM
    assert _buckets(aws) == 0
    assert not (tmp_path / FOLDER).exists()

    assert _stopped_by(signal.SIGKILL, tmp_path) == -signal.SIGKILL
    assert _buckets(aws) == 1
    sweep = [str(Path(sys.executable).parent / "landform"), "test", "sweep"]
    done = subprocess.run(sweep, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "test_real.py::test_it: destroyed" in done.stdout
    assert _buckets(aws) == 0
    assert not (tmp_path / FOLDER).exists()


def _buckets(aws: Emulator) -> int:
    return len(aws.client("s3").list_buckets()["Buckets"])


def _stopped_by(number: signal.Signals, folder: Path) -> int:
    """The exit code of a run that gets a signal while its test has a bucket."""
    applied = folder / "applied"
    applied.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", *AGREED]
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while not applied.exists():
        assert process.poll() is None, process.communicate()[0]
    process.send_signal(number)
    process.communicate()
    return process.returncode
