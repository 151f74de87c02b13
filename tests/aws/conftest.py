"""A real sandbox, a server that keeps what it is sent, and credentials that must never be sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from landform.aws import sandbox as sandboxes
from landform.aws.sandbox import Sandbox

_IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>x</UserId>
<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
_ROLE = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
_DENIED = "<Error><Code>AccessDenied</Code><Message>not for you</Message></Error>"


@pytest.fixture
def one_account() -> Iterator[tuple[str, list[str]]]:
    """An emulator that knows one account and denies S3: where it is, and all it was sent."""
    received: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            received.append(f"{self.path}\n{self.headers}\n{body}")
            self._answer(200, _ROLE if "Action=AssumeRole" in body else _IDENTITY)

        def do_GET(self) -> None:
            received.append(f"{self.path}\n{self.headers}")
            self._answer(403, _DENIED)

        def _answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str, ...]:
    """A user's shell: keys, a token, a profile, and files in the home folder; what must never be seen."""
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    keys = "aws_access_key_id = AKIAFILEFILEFILEFILE\naws_secret_access_key = realrealsecret\n"
    (home / ".aws" / "credentials").write_text(f"[default]\n{keys}[prod]\n{keys}")
    (home / ".aws" / "config").write_text(
        "[default]\nregion = ap-south-1\n[profile prod]\nregion = ap-south-1\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "realrealsecret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "realrealtoken")
    monkeypatch.setenv("AWS_PROFILE", "prod")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    return ("AKIAREALREALREALREAL", "realrealsecret", "realrealtoken", "AKIAFILEFILEFILEFILE")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that the tests of one file share."""
    project = tmp_path_factory.mktemp("project")
    yield sandboxes.start(project)
    sandboxes.stop(project)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project's folder whose sandbox is stopped afterwards."""
    folder = tmp_path / "project"
    folder.mkdir()
    yield folder
    sandboxes.stop(folder)


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    """A function that waits for a condition, not for a time; it fails the test when that never holds."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    return wait
