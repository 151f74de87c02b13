"""Who runs landform: what git says, what AWS says, and what an SSH key proves."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from landform.errors import LandformError, Refused
from landform.processes import Completed, ask
from landform.review.approval import Person
from landform.workflows.place import Place

SIGNERS = "allowed_signers"
"""The file of the project that lists whose keys may sign, as ``ssh-keygen`` reads it."""
_NAMESPACE = "landform-approval"


def whoami(place: Place) -> Person:
    """The person at this terminal. What can't be found out stays empty."""
    return Person(_git(place.home, "user.name"), _git(place.home, "user.email"), _caller(place))


def sign(payload: bytes, key: Path) -> str:
    """An SSH signature of ``payload``, as text. Raises LandformError."""
    with TemporaryDirectory(prefix="landform-sign-") as scratch:
        file = Path(scratch, "approval.json")
        file.write_bytes(payload)
        done = _ssh_keygen("sign", "-f", str(key.expanduser()), "-n", _NAMESPACE, str(file))
        if done.returncode != 0:
            why = done.stderr_tail.strip()
            raise LandformError(f"{key} did not sign: {why}", "Add it to the agent: ssh-add.")
        return file.with_suffix(".json.sig").read_text()


def signer(payload: bytes, signature: str, signers: Path) -> str:
    """Who signed ``payload``, by the name that ``signers`` gives the key. Raises Refused."""
    if not signers.is_file():
        raise Refused(f"there is no file {signers.name} that says whose signatures count", _SIGNERS_HELP)
    with TemporaryDirectory(prefix="landform-verify-") as scratch:
        file = Path(scratch, "approval.sig")
        file.write_text(signature)
        common = ("-s", str(file), "-f", str(signers))
        found = _ssh_keygen("find-principals", *common)
        for name in found.stdout.decode().splitlines() if found.returncode == 0 else ():
            done = _ssh_keygen("verify", "-n", _NAMESPACE, "-I", name, *common, stdin=payload)
            if done.returncode == 0:
                return name
    raise Refused(
        "an approval's signature does not fit it, or is of a key that is not allowed", _SIGNERS_HELP
    )


_SIGNERS_HELP = f"Each line of {SIGNERS} is: NAME ssh-ed25519 KEY (see ssh-keygen(1), ALLOWED SIGNERS)."


def _ssh_keygen(action: str, *options: str, stdin: bytes = b"") -> Completed:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise LandformError(
            "signatures need ssh-keygen, which is not installed", "Install OpenSSH 8.2 or later."
        )
    try:
        return ask([program, "-Y", action, *options], env=dict(os.environ), stdin=stdin)
    except TimeoutError as slow:
        raise LandformError(
            "ssh-keygen waited too long for a passphrase or a touch", "Add the key to the agent: ssh-add."
        ) from slow


def _git(folder: Path, name: str) -> str:
    program = shutil.which("git")
    if program is None:
        return ""
    with suppress(OSError, TimeoutError):
        done = ask([program, "-C", str(folder), "config", "--get", name], env=dict(os.environ))
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""
    return ""


def _caller(place: Place) -> str:
    from landform.aws.session import caller_arn

    if place.emulated:  # where everybody has the same keys
        return ""
    with suppress(LandformError):
        return caller_arn(place.access)
    return ""
