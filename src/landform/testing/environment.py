"""What terraform and boto3 may inherit in a test: little, and never a way to a real account."""

from __future__ import annotations

from collections.abc import Mapping

from landform.aws.credentials import Access
from landform.aws.emulator import emulated_access
from landform.engine import clean_environment
from landform.testing.marker import Case

NOWHERE = "http://127.0.0.1:9"
"""The endpoint of tests that may talk to nobody: nothing listens there."""

_KEPT = frozenset(
    {
        "HOME", "HTTPS_PROXY", "HTTP_PROXY", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "NO_PROXY", "PATH",
        "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE", "TEMP", "TF_PLUGIN_CACHE_DIR", "TMP", "TMPDIR", "TZ",
        "USER", "http_proxy", "https_proxy", "no_proxy",
    }
)  # fmt: skip
_KEPT_PREFIXES = ("LC_", "XDG_")
# Decoding a provider's schema makes garbage by the hundred megabytes and keeps nearly all of it: collecting
# it less often takes a fifth off the processor time of each command, for a tenth more memory.
_QUICKER = {"GOGC": "400"}


def emulated(case: Case, endpoint: str, environ: Mapping[str, str]) -> Access:
    """Access to the emulator at ``endpoint`` with dummy keys; the case's own variables are added last."""
    access = emulated_access(endpoint, None, case.region, clean_environment(allowed(environ)))
    return Access({**access.env, **case.env}, access.region, access.endpoint_url)


def allowed(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of a shell's environment that can't change what a test means."""
    kept = {
        name: value for name, value in environ.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    return _QUICKER | kept
