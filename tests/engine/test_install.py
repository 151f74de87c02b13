"""Installing a release, from a stand-in for the release server on this machine."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from landform import processes
from landform.engine.binary import find_engine
from landform.engine.install import PINNED, _platform, install_engine
from landform.errors import EngineInstallFailed

VERSION = "1.98.0"
BODY = b'#!/bin/sh\necho \'{"terraform_version": "1.98.0"}\'\n'


class Releases(ThreadingHTTPServer):
    """Serves what a test puts into ``files`` and counts what was fetched."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.fetched: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def publish(self, version: str, members: dict[str, bytes], sums: str | None = None) -> None:
        name = f"terraform_{version}_{_platform()}.zip"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        digest = hashlib.sha256(packed.getvalue()).hexdigest()
        folder = f"/terraform/{version}"
        self.files[f"{folder}/{name}"] = packed.getvalue()
        listed = sums or f"{'0' * 64}  terraform_{version}_plan9_mips.zip\n{digest}  {name}\n"
        self.files[f"{folder}/terraform_{version}_SHA256SUMS"] = listed.encode()


class Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Releases

    def do_GET(self) -> None:
        """Answer from the server's files."""
        self.server.fetched.append(self.path.rpartition("/")[2])
        moved = self.server.moved.get(self.path)
        content = self.server.files.get(self.path)
        self.send_response(302 if moved else 404 if content is None else 200)
        if moved:
            self.send_header("Location", moved)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def releases() -> Iterator[Releases]:
    server = Releases()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def install(releases: Releases, tmp_path: Path, version: str = VERSION) -> Path:
    return install_engine(version, base_url=releases.url, cache_dir=tmp_path, environ={})


def leftovers(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_release_is_fetched_once_and_found_afterwards(releases: Releases, tmp_path: Path) -> None:
    releases.publish(VERSION, {"LICENSE.txt": b"...", "terraform": BODY})
    path = install(releases, tmp_path)
    assert install(releases, tmp_path) == path
    assert len(releases.fetched) == 2
    assert path.stat().st_mode & 0o777 == 0o755
    assert processes.ask([str(path)], env={}).returncode == 0
    assert find_engine(environ={"PATH": "", "HOME": str(tmp_path)}, cache_dir=tmp_path).path == path
    assert leftovers(tmp_path) == ["terraform"]


def test_two_at_once_fetch_once(releases: Releases, tmp_path: Path) -> None:
    releases.publish(VERSION, {"terraform": BODY})
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: install(releases, tmp_path), range(4)))
    assert len(paths) == 1
    assert len(releases.fetched) == 2


def test_a_changed_archive_is_refused_with_both_sums(releases: Releases, tmp_path: Path) -> None:
    name = f"terraform_{VERSION}_{_platform()}.zip"
    releases.publish(VERSION, {"terraform": BODY}, sums=f"{'a' * 64}  {name}\n")
    actual = hashlib.sha256(releases.files[f"/terraform/{VERSION}/{name}"]).hexdigest()
    with pytest.raises(EngineInstallFailed, match=f"has sha256 {actual}, expected {'a' * 64}; it was not"):
        install(releases, tmp_path)
    assert leftovers(tmp_path) == []


def test_the_pinned_release_is_checked_against_our_own_sums(releases: Releases, tmp_path: Path) -> None:
    releases.publish(PINNED, {"terraform": BODY})
    with pytest.raises(EngineInstallFailed, match="has sha256"):
        install(releases, tmp_path, PINNED)
    assert not any("SHA256SUMS" in name for name in releases.fetched)


def test_names_in_the_archive_are_never_paths(releases: Releases, tmp_path: Path) -> None:
    releases.publish(VERSION, {"../../terraform": b"evil", "/terraform": b"evil", "x/terraform": b"evil"})
    with pytest.raises(EngineInstallFailed, match="not a zip with a terraform in it"):
        install(releases, tmp_path)
    assert leftovers(tmp_path) == []


def test_an_archive_that_unpacks_without_end_is_stopped(
    releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landform.engine.install._LARGEST_BINARY", 3 * 1024 * 1024)
    releases.publish(VERSION, {"terraform": bytes(9 * 1024 * 1024)})
    with pytest.raises(EngineInstallFailed, match="larger than any Terraform"):
        install(releases, tmp_path)
    assert leftovers(tmp_path) == []


def test_what_is_not_there_or_not_reachable_is_said(releases: Releases, tmp_path: Path) -> None:
    with pytest.raises(EngineInstallFailed, match=r"SHA256SUMS: there is no such release") as missing:
        install(releases, tmp_path)
    assert "LANDFORM_RELEASES_URL" in missing.value.way_out
    releases.publish(VERSION, {"terraform": BODY}, sums="nothing of ours\n")
    with pytest.raises(EngineInstallFailed, match="has no checksum for terraform_"):
        install(releases, tmp_path)
    with pytest.raises(EngineInstallFailed, match="cannot be reached"):
        install_engine(VERSION, base_url="http://127.0.0.1:1", cache_dir=tmp_path, environ={})
    with pytest.raises(EngineInstallFailed, match="is not a version"):
        install(releases, tmp_path, "../../etc")


@pytest.mark.parametrize("url", ["http://releases.example.com", "ftp://127.0.0.1", "file:///etc", "//x"])
def test_only_https_or_this_machine(tmp_path: Path, url: str) -> None:
    with pytest.raises(EngineInstallFailed, match="refusing to fetch a program from"):
        install_engine(VERSION, cache_dir=tmp_path, environ={"LANDFORM_RELEASES_URL": url})


def test_a_cache_that_cannot_be_written_is_said(releases: Releases, tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("a file where the folder should be")
    with pytest.raises(EngineInstallFailed, match="cannot be written"):
        install(releases, tmp_path)


def test_a_redirect_may_not_lead_elsewhere_without_https(releases: Releases, tmp_path: Path) -> None:
    releases.publish(VERSION, {"terraform": BODY})
    sums = f"/terraform/{VERSION}/terraform_{VERSION}_SHA256SUMS"
    releases.moved[sums] = releases.url.replace("127.0.0.1", "0.0.0.0") + "/elsewhere"
    releases.files["/elsewhere"] = releases.files[sums]
    with pytest.raises(EngineInstallFailed, match="refusing to fetch"):
        install(releases, tmp_path)
