"""A recording holds no secret, and is used only for exactly what it was made of."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from landform.errors import LandformError, Refused
from landform.testing.recordings import RecordingKey, Replay, record, recording_key, replayed
from landform.testing.secret_scan import surviving

SECRET = "correct horse/battery+staple"


def _state(attributes: dict[str, Any] | None = None, **outputs: Any) -> dict[str, Any]:
    instance = {
        "index_key": "a",
        "attributes": {
            "arn": "arn:aws:sqs:eu-west-1:123456789012:t1w0n0",
            "password": SECRET,
            "echo": f"say {SECRET} loudly",
            **(attributes or {}),
        },
        "sensitive_attributes": [[{"type": "get_attr", "value": "password"}]],
        "private": "eyJz",
    }
    gone = {"deposed": "1234", "attributes": {"password": "older"}}
    resource = {"module": "module.m", "mode": "managed", "type": "aws_x", "name": "y"}
    data = {"mode": "data", "type": "aws_z", "name": "d", "instances": [{"attributes": {"n": 1}}]}
    return {
        "version": 4,
        "serial": 3,
        "lineage": "1-2-3",
        "outputs": {"url": {"value": "https://t1w0n0.example", "type": "string"}, **outputs},
        "resources": [{**resource, "instances": [instance, gone]}, data],
    }


@pytest.fixture
def module(tmp_path: Path) -> Path:
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "main.tf").write_text('variable "x" {}\n')
    (folder / ".terraform.lock.hcl").write_text("locked")
    return folder


def _key(module: Path, **variables: Any) -> RecordingKey:
    return recording_key([module], variables, module / ".terraform.lock.hcl", {"terraform": "1.11.4"})


def test_what_was_recorded_is_found_again_normalised_and_without_secrets(
    tmp_path: Path, module: Path
) -> None:
    path = tmp_path / "recordings" / "case.json"
    key = _key(module, password=SECRET)
    written = record(path, key, _state(), replace={"t1w0n0": "unique"})
    found = replayed(path, key, Replay.AUTO)
    assert found == written
    assert found.resources == {
        'module.m.aws_x.y["a"]': {
            "arn": "arn:aws:sqs:eu-west-1:000000000000:unique",
            "password": "(sensitive value)",
            "echo": "say (sensitive value) loudly",
        },
        "data.aws_z.d": {"n": 1},
    }
    assert found.outputs == {"url": "https://unique.example"}
    text = path.read_text()
    assert SECRET not in text
    assert "1-2-3" not in text
    assert record(path, key, _state(), replace={"t1w0n0": "unique"}) == written
    assert path.read_text() == text


@pytest.mark.parametrize(
    "hidden",
    [
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"#!/bin/sh\nexport PASSWORD={SECRET}\n".encode()).decode(),
        base64.urlsafe_b64encode(f"x{SECRET}".encode()).decode(),
        f"postgres://db?password={quote(SECRET, safe='')}",
    ],
)
def test_a_secret_that_is_recognised_in_disguise_is_hidden(tmp_path: Path, module: Path, hidden: str) -> None:
    path = tmp_path / "case.json"
    record(path, _key(module), _state({"user_data": hidden}))
    user_data = json.loads(path.read_text())["resources"]['module.m.aws_x.y["a"]']["user_data"]
    assert "(sensitive value)" in user_data
    assert base64.b64encode(SECRET.encode()).decode()[4:-4] not in user_data
    assert quote(SECRET, safe="") not in user_data


@pytest.mark.parametrize(
    "hidden",
    [
        SECRET.encode().hex(),
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
        "postgres://admin:hunter2@db.example/x",
        "ghp_" + "a" * 36,
    ],
)
def test_a_secret_in_disguise_is_not_recorded_at_all(tmp_path: Path, module: Path, hidden: str) -> None:
    path = tmp_path / "case.json"
    path.write_text("as it was")
    with pytest.raises(Refused, match="not recorded") as refusal:
        record(path, _key(module), _state({"user_data": hidden}))
    assert SECRET not in str(refusal.value)
    assert hidden not in str(refusal.value)
    assert path.read_text() == "as it was"


def test_secrets_that_only_the_caller_knows_and_short_ones_count_too(tmp_path: Path, module: Path) -> None:
    path, key = tmp_path / "case.json", _key(module)
    found = record(path, key, _state({"note": "the pin is topsecretpin"}), secrets=[{"pin": "topsecretpin"}])
    assert found.resources['module.m.aws_x.y["a"]']["note"] == "the pin is (sensitive value)"
    with pytest.raises(Refused, match="of 3 characters"):
        record(path, key, _state({"pin": "abc"}), secrets=["abc"])
    with pytest.raises(Refused, match="of 4 characters"):
        record(path, key, _state({"pin": 1234}), secrets=[1234])
    sensitive = {"value": {"token": "s3cr3t-token"}, "sensitive": True}
    found = record(path, key, _state({"t": "s3cr3t-token"}, secret=sensitive))
    assert found.outputs["secret"] == "(sensitive value)"
    assert found.resources['module.m.aws_x.y["a"]']["t"] == "(sensitive value)"


def test_harmless_values_are_no_secrets() -> None:
    content = {"env": "dev", "on": True, "port": 22, "mode": "default"}
    assert surviving(content, [True, None, "", "  ", 22, "default", {"env": "x"}]) == []


def test_a_recording_of_something_else_fails_and_says_what_has_changed(tmp_path: Path, module: Path) -> None:
    path = tmp_path / "case.json"
    record(path, _key(module, x=1), _state())

    def fault(key: RecordingKey) -> str:
        with pytest.raises(LandformError, match="out of date") as error:
            replayed(path, key, Replay.AUTO)
        assert "--tf-record" in error.value.way_out
        return str(error.value)

    assert "the variables changed" in fault(_key(module, x=2))
    other = recording_key(
        [module], {"x": 1}, module / ".terraform.lock.hcl", {"terraform": "1.12.0", "aws": "6.0"}
    )
    assert "aws (none then, 6.0 now), terraform (1.11.4 then, 1.12.0 now) changed" in fault(other)
    (module / ".terraform").mkdir()
    (module / ".terraform" / "x").touch()
    (module / "terraform.tfstate").touch()
    assert replayed(path, _key(module, x=1), Replay.ONLY) is not None
    (module / "main.tf").write_text('variable "x" { default = 1 }\n')
    assert "out of date: the module's files changed" in fault(_key(module, x=1))


def test_the_modes(tmp_path: Path, module: Path) -> None:
    path, key = tmp_path / "case.json", _key(module)
    assert replayed(path, key, Replay.AUTO) is None
    with pytest.raises(LandformError, match="there is no recording"):
        replayed(path, key, Replay.ONLY)
    record(path, key, _state())
    assert replayed(path, _key(module, x=1), Replay.NONE) is None
    for broken in ("half a rec", json.dumps({"format": 99}), "[]"):
        path.write_text(broken)
        with pytest.raises(LandformError, match="cannot be read"):
            replayed(path, key, Replay.AUTO)
