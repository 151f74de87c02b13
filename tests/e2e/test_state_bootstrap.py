"""``landform state bootstrap``: a bucket that is made, taken in or finished, and holds its own state."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import MakeProject, close
from e2e.project_kit import ProjectKit, wait_until
from e2e.small_projects import BUCKET, ENVIRONMENT, two_stacks

pytestmark = pytest.mark.e2e

STATE = "landform/shop/state-backend/terraform.tfstate"


@pytest.fixture(scope="module")
def bootstrapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ProjectKit, Any]]:
    """A project whose sandbox had made the bare bucket, which the bootstrap has taken in; what that said."""
    project = ProjectKit(tmp_path_factory.mktemp("bootstrapped"))
    project.write(two_stacks())
    try:
        yield project, project.landform("state", "bootstrap", "dev", "--sandbox", "--yes", "--json").json
    finally:
        close(project)


def test_a_bucket_that_was_there_is_taken_in_and_every_setting_is_as_it_should_be(
    bootstrapped: tuple[ProjectKit, Any],
) -> None:
    project, said = bootstrapped
    (stage,) = said["stages"]
    assert stage["run"]["succeeded"]
    (stack,) = stage["stacks"]
    actions = {each["address"]: each for each in stack["changes"]}
    versioning = actions["module.state-backend.aws_s3_bucket_versioning.this"]
    assert (versioning["action"], versioning["why"]) == ("import", f"imported: {BUCKET}")
    assert actions["module.state-backend.aws_s3_bucket.this"]["why"] == f"imported: {BUCKET}"
    assert said["state"] == f"s3://{BUCKET}/{STATE}"
    _is_closed(project.aws("s3"), BUCKET)
    assert _types(project.aws("s3"), BUCKET) >= {"aws_s3_bucket", "aws_s3_bucket_policy"}


def test_again_there_is_nothing_to_do_for_any_environment_with_that_bucket(
    bootstrapped: tuple[ProjectKit, Any],
) -> None:
    project, _ = bootstrapped
    before = project.aws("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    for environment in ("dev", "prod"):
        said = project.landform("state", "bootstrap", environment, "--sandbox", "--json", "--yes").json
        assert said["stages"][0]["has_changes"] is False
        assert "run" not in said["stages"][0]
    assert project.aws("s3").list_object_versions(Bucket=BUCKET)["Versions"] == before
    text = project.landform("state", "bootstrap", "dev", "--sandbox").out
    assert "No changes." in text
    assert f"s3://{BUCKET}/{STATE}" in text


def test_stacks_are_applied_in_the_bucket_that_takes_tls_only(bootstrapped: tuple[ProjectKit, Any]) -> None:
    project, _ = bootstrapped
    project.landform("apply", "dev", "--sandbox", "--stack", "network", "--yes")
    assert "shop/dev/network/terraform.tfstate" in project.objects(BUCKET)
    assert project.locks(BUCKET) == []


def test_what_somebody_has_changed_since_is_put_right(bootstrapped: tuple[ProjectKit, Any]) -> None:
    project, _ = bootstrapped
    s3 = project.aws("s3")
    s3.put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration={"BlockPublicAcls": False, "BlockPublicPolicy": False}
    )
    refused = project.landform("state", "bootstrap", "dev", "--sandbox", code=3)
    assert "no terminal to ask" in refused.err
    assert (
        s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
        is False
    )
    project.landform("state", "bootstrap", "dev", "--sandbox", "--yes")
    _is_closed(s3, BUCKET)


# --- interrupted ------------------------------------------------------------------------------------------


def _own_bucket() -> Mapping[str, str]:
    """dev with a bucket, a region, a key and a lock table of its own; of that the key alone is there."""
    files = dict(two_stacks("{s3: {bucket: shared-states, use_lockfile: false, dynamodb_table: locks}}"))
    own = "{bucket: dev-states, region: eu-west-1, kms_key_id: alias/dev, dynamodb_table: dev-locks}\n"
    files["environments/dev/environment.yaml"] = ENVIRONMENT + f"ephemeral: true\nbackend: {own}"
    return files


def test_killed_at_each_step_it_is_finished_by_the_next_one(make_project: MakeProject) -> None:
    project = make_project(_own_bucket())
    project.landform("sandbox", "start")
    there = ("--endpoint-url", f"http://127.0.0.1:{project.sandbox['port']}", "--yes")
    s3, kms = (project.aws(service, region="eu-west-1") for service in ("s3", "kms"))
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/dev", TargetKeyId=key["KeyId"])

    # Everything is killed, Terraform too: what it has made since it last wrote its state is in none.
    project.start("state", "bootstrap", "dev", *there)
    wait_until(lambda: _has_policy(s3), "the bucket has its policy")
    _kill_everything(project)

    # Ctrl-C: Terraform ends what it has begun and keeps its state.
    stopped = project.start("state", "bootstrap", "dev", *there)
    _wait_for_apply(project, 2)
    stopped.send_signal(signal.SIGINT)
    _, said_to = stopped.communicate()
    assert stopped.returncode == 130
    assert "you interrupted the work on the state bucket; what was made is kept" in said_to
    assert "Go on with: landform state bootstrap dev --endpoint-url" in said_to

    # landform alone is killed: Terraform goes on, and the next one waits for it. However much the second has
    # finished, there is something to do.
    s3.delete_bucket_policy(Bucket="dev-states")
    landform = project.start("state", "bootstrap", "dev", *there)
    _wait_for_apply(project, 3)
    landform.kill()
    said = project.landform("state", "bootstrap", "dev", *there)
    assert "No changes." in said.out

    _is_closed(s3, "dev-states", {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]})
    assert s3.head_object(Bucket="dev-states", Key=STATE)["ServerSideEncryption"] == "aws:kms"
    assert _types(s3, "dev-states") >= {"aws_s3_bucket", "aws_dynamodb_table"}
    table = project.aws("dynamodb", region="eu-west-1").describe_table(TableName="dev-locks")["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert (
        project.landform("state", "bootstrap", "dev", *there, "--json").json["stages"][0]["has_changes"]
        is False
    )
    left = [
        *(project.folder / ".landform").rglob("*.tfplan"),
        *(project.folder / ".landform").rglob("first.*"),
    ]
    assert left == []


def _kill_everything(project: ProjectKit) -> None:
    """End what works on the bootstrap, and see that it has ended; the sandbox stays."""

    def working() -> list[int]:
        return [pid for pid, args in project.processes().items() if "sandbox_server" not in args]

    for process in project.started:
        process.kill()
    for pid in working():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not working(), "nothing works any more")


def _wait_for_apply(project: ProjectKit, number: int) -> None:
    """Wait until the apply with this number runs, or the command that should run it has ended without."""
    process = project.started[-1]
    wait_until(lambda: len(_steps(project)) == number or process.poll() is not None, f"apply {number} runs")
    assert len(_steps(project)) == number, process.communicate()


def _steps(project: ProjectKit) -> list[Path]:
    """The applies of bootstraps that have been started."""
    return list((project.folder / ".landform").rglob("*-bootstrap-*/state-backend/supervisor.json"))


def _has_policy(s3: Any) -> bool:
    with suppress(s3.exceptions.ClientError):
        return bool(s3.get_bucket_policy(Bucket="dev-states")["Policy"])
    return False


# --- where there is nothing to make -----------------------------------------------------------------------


def test_a_local_backend_has_no_bucket(make_project: MakeProject) -> None:
    project = make_project(two_stacks("local"))
    assert "no state bucket to make" in project.landform("state", "bootstrap", "dev").out
    assert project.landform("state", "bootstrap", "dev", "--json").json["stages"] == []
    assert not (project.folder / ".landform").exists()


def test_environments_that_share_a_bucket_have_to_agree_on_it(make_project: MakeProject) -> None:
    files = dict(two_stacks())
    files["environments/prod/environment.yaml"] += "backend: {dynamodb_table: prod-locks}\n"
    project = make_project(files)
    said = project.landform("state", "bootstrap", "dev", "--sandbox", "--yes", code=1).err
    assert "dev and prod share the state bucket shop-tfstate, and want another dynamodb_table" in said


_S3_KEYS = {"SSEAlgorithm": "AES256"}


def _is_closed(s3: Any, bucket: str, encryption: Mapping[str, str] = _S3_KEYS) -> None:
    """Each setting of the bucket, as S3 has it."""
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    (rule,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == encryption
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90, "NewerNoncurrentVersions": 20}
    tags = {each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    assert (tags["Project"], tags["ManagedBy"]) == ("shop", "landform")


def _types(s3: Any, bucket: str) -> set[str]:
    """The types of the resources in the state of the bucket, which lies in the bucket."""
    state = json.loads(s3.get_object(Bucket=bucket, Key=STATE)["Body"].read())
    return {each["type"] for each in state["resources"] if each["mode"] == "managed"}
