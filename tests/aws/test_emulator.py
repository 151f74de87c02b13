"""An emulated AWS is reached directly, account by account, with nothing of the user's."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import pytest

from landform.aws.credentials import DUMMY_KEY, Access
from landform.aws.emulator import emulated_access, ip_endpoint
from landform.aws.sandbox import Sandbox
from landform.aws.session import caller_account, client
from landform.errors import SandboxFailed


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:4566", "http://127.0.0.1:4566"),
        ("http://localhost:4566/", "http://127.0.0.1:4566"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("https://localhost:4566", "https://localhost:4566"),
    ],
)
def test_a_host_becomes_an_address_so_that_buckets_go_into_the_path(given: str, used: str) -> None:
    assert ip_endpoint(given) == used


@pytest.mark.parametrize(
    "wrong", ["localhost:4566", "ftp://localhost", "http://", "http://localhost:port", ""]
)
def test_what_is_no_address_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(SandboxFailed, match="not an emulator's address") as failure:
        ip_endpoint(wrong)
    assert "http://localhost:4566" in failure.value.way_out


def test_a_host_that_nobody_knows_is_named() -> None:
    with pytest.raises(SandboxFailed, match=r"no-such-host\.invalid"):
        ip_endpoint("http://no-such-host.invalid:4566")


def test_real_credentials_never_reach_the_emulator(
    planted: tuple[str, ...], one_account: tuple[str, list[str]]
) -> None:
    url, received = one_account
    access = emulated_access(url, "123456789012", "eu-west-1")
    assert caller_account(access) == "123456789012"
    with pytest.raises(Exception, match="not for you"):
        client(access, "s3").list_buckets()
    sent = "\n".join(received)
    assert len(received) == 3
    assert f"Credential={DUMMY_KEY}/" in sent
    assert [secret for secret in planted if secret in sent] == []


def test_terraform_gets_no_aws_setting_of_the_user(
    planted: tuple[str, ...], one_account: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://s3.example.com")
    monkeypatch.setenv("NO_PROXY", "intranet.example.com")
    env = emulated_access(one_account[0], None, "eu-west-1").env
    assert [secret for secret in planted if secret in "\n".join(env.values())] == []
    assert {name for name in env if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
    }
    assert env["NO_PROXY"].split(",")[0] == "intranet.example.com"
    assert "127.0.0.1" in env["no_proxy"].split(",")
    assert env["PATH"] == os.environ["PATH"]


def test_secrets_are_not_shown(planted: tuple[str, ...]) -> None:
    shown = repr(Access(dict(os.environ), "eu-west-1"))
    assert [secret for secret in planted if secret in shown] == []


def test_accounts_of_one_emulator_do_not_see_each_other(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.endpoint_url).port
    one, two = (
        emulated_access(f"http://localhost:{port}", account, "eu-west-1")
        for account in ("111111111111", "222222222222")
    )
    client(one, "sqs").create_queue(QueueName="orders")
    assert client(one, "sqs").list_queues()["QueueUrls"][0].endswith("/111111111111/orders")
    assert "QueueUrls" not in client(two, "sqs").list_queues()
    assert "QueueUrls" not in client(one, "sqs", "us-west-2").list_queues()
    assert caller_account(two) == "222222222222"


def test_an_emulator_with_one_account_is_not_taken_for_another(one_account: tuple[str, list[str]]) -> None:
    with pytest.raises(SandboxFailed, match="asked for account 111111111111, it is 123456789012"):
        emulated_access(one_account[0], "111111111111", "eu-west-1")


def test_an_emulator_that_does_not_run_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(SandboxFailed, match=f"could not reach the emulator at {url}"):
        emulated_access(url, "111111111111", "eu-west-1")


def test_aws_managed_policies_can_be_attached(sandbox: Sandbox) -> None:
    iam = client(emulated_access(sandbox.endpoint_url, "111111111111", "eu-west-1"), "iam")
    iam.create_role(RoleName="node", AssumeRolePolicyDocument="{}")
    policy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    iam.attach_role_policy(RoleName="node", PolicyArn=policy)
    attached = iam.list_attached_role_policies(RoleName="node")["AttachedPolicies"]
    assert [entry["PolicyArn"] for entry in attached] == [policy]
