"""Fetch an official release of Terraform, check it, keep it in the user's cache."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from landform.engine.environment import cache_folder
from landform.engine.versions import parse_version
from landform.errors import EngineInstallFailed

if TYPE_CHECKING:
    from http.client import HTTPResponse

PINNED = "1.11.4"
"""The release landform is tested with."""
RELEASES = "https://releases.hashicorp.com"

_CHECKSUMS = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_LARGEST_ZIP = 300 * 1024 * 1024
_LARGEST_BINARY = 600 * 1024 * 1024
_TIMEOUT = 30.0
_CHUNK = 1024 * 1024
_BY_HAND = "Check the network, set LANDFORM_RELEASES_URL to a mirror, or put terraform on PATH yourself."


def install_engine(
    version: str = PINNED,
    *,
    base_url: str | None = None,
    cache_dir: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Path:
    """The path of that Terraform in the user's cache, fetched if it is not there yet.

    ``base_url`` (default ``LANDFORM_RELEASES_URL``, then HashiCorp's) must be https, or http on this
    machine only. The pinned version is checked against sums kept in this file, others against
    ``SHA256SUMS`` of the same place. Two at once are safe: one fetches, the other waits. Raises
    ``EngineInstallFailed``.
    """
    environ = os.environ if environ is None else environ
    version = _checked_version(version)
    base = _checked_url(base_url or environ.get("LANDFORM_RELEASES_URL") or RELEASES)
    target = (cache_dir or cache_folder(environ)) / "engines" / version / "terraform"
    if os.access(target, os.X_OK):
        return target
    from filelock import FileLock

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / ".lock"):
            if not os.access(target, os.X_OK):
                _fetch_into(target, base, version)
    except OSError as fault:
        raise EngineInstallFailed(f"{target.parent} cannot be written: {fault}", _BY_HAND) from fault
    return target


def _fetch_into(target: Path, base: str, version: str) -> None:
    system = _platform()
    name = f"terraform_{version}_{system}.zip"
    folder = f"{base}/terraform/{version}"
    expected = _CHECKSUMS.get(system, "") if version == PINNED else ""
    expected = expected or _published_sum(f"{folder}/terraform_{version}_SHA256SUMS", name)
    archive = target.with_name(".download.zip")
    try:
        actual = _download(f"{folder}/{name}", archive)
        if actual != expected:
            raise EngineInstallFailed(
                f"{folder}/{name} has sha256 {actual}, expected {expected}; it was not installed",
                "Somebody may have changed it on the way: do not use it, try again from another network.",
            )
        _extract(archive, target)
    finally:
        archive.unlink(missing_ok=True)


def _extract(archive: Path, target: Path) -> None:
    """Only the member called exactly ``terraform``, to a place we choose: no archived name is a path."""
    import zipfile

    fresh = target.with_name(".terraform.new")
    try:
        with (
            zipfile.ZipFile(archive) as release,
            release.open("terraform") as member,
            fresh.open("wb") as out,
        ):
            written = 0
            while data := member.read(_CHUNK):
                written += len(data)
                if written > _LARGEST_BINARY:
                    raise EngineInstallFailed(
                        "the release is larger than any Terraform: not installed", _BY_HAND
                    )
                out.write(data)
        fresh.chmod(0o755)
        fresh.replace(target)
    except (zipfile.BadZipFile, KeyError) as fault:
        raise EngineInstallFailed(
            f"the release is not a zip with a terraform in it: {fault}", _BY_HAND
        ) from fault
    finally:
        fresh.unlink(missing_ok=True)


def _download(url: str, into: Path) -> str:
    """Save ``url`` and return its sha256."""
    digest, size = hashlib.sha256(), 0
    with _open(url) as answer, into.open("wb") as file:
        while data := answer.read(_CHUNK):
            size += len(data)
            if size > _LARGEST_ZIP:
                raise EngineInstallFailed(f"{url} is larger than any release of Terraform", _BY_HAND)
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def _published_sum(url: str, name: str) -> str:
    with _open(url) as answer:
        text = answer.read(_CHUNK).decode("utf-8", "replace")
    match = re.search(rf"(?m)^([0-9a-f]{{64}})\s+\*?{re.escape(name)}\s*$", text)
    if not match:
        raise EngineInstallFailed(f"{url} has no checksum for {name}", "Choose another version.")
    return match[1]


def _checked_version(version: str) -> str:
    try:
        return str(parse_version(version))
    except ValueError as fault:
        raise EngineInstallFailed(str(fault), f"The tested version is {PINNED}.") from None


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme == "https" or (parts.scheme == "http" and loopback):
        return url.rstrip("/")
    raise EngineInstallFailed(
        f"refusing to fetch a program from {url}: not https",
        "Use an https address; http is for this machine only.",
    )


def _platform() -> str:
    system = "darwin" if sys.platform == "darwin" else "linux"
    machine = _MACHINES.get(platform.machine().lower())
    if machine is None:
        raise EngineInstallFailed(f"there is no pinned Terraform for {platform.machine()}", _BY_HAND)
    return f"{system}_{machine}"


def _open(url: str) -> HTTPResponse:
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    try:
        answer: HTTPResponse = urlopen(url, timeout=_TIMEOUT)  # noqa: S310 - checked: https or loopback
    except HTTPError as fault:
        fault.close()
        missing = "there is no such release" if fault.code == 404 else f"the server answered {fault.code}"
        raise EngineInstallFailed(f"{url}: {missing}", _BY_HAND) from fault
    except (URLError, TimeoutError) as fault:
        reason = fault.reason if isinstance(fault, URLError) else fault
        raise EngineInstallFailed(f"{url} cannot be reached: {reason}", _BY_HAND) from fault
    try:
        _checked_url(answer.geturl())  # a redirect may not lead away from https
    except EngineInstallFailed:
        answer.close()
        raise
    return answer
