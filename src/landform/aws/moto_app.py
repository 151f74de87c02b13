"""moto's server application, prepared the way every emulator of landform serves it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler

_NEEDED = ("moto", "werkzeug", "flask", "flask_cors")


def missing_parts() -> list[str]:
    """The modules an emulator needs that are not installed; does not import them."""
    return [name for name in _NEEDED if find_spec(name) is None]


def make_app() -> DomainDispatcherApplication:
    """moto as a WSGI application for every service it knows."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    return DomainDispatcherApplication(create_backend_app)


def quiet_handler() -> type[MotoRequestHandler]:
    """The handler of one connection. An apply makes thousands of requests: it logs failures only."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler

    class FailuresOnly(MotoRequestHandler):
        """Logs what failed inside the emulator, and nothing else."""

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            if str(code).startswith("5"):
                super().log_request(code, size)

    return FailuresOnly


def load_managed_policies_once() -> None:
    """Load AWS's managed policies for the partition ``aws`` only.

    moto would do so for all nine partitions of each account, which takes most of a second per account.
    """
    from moto.iam.models import IAMBackend

    load = IAMBackend._init_aws_policies  # noqa: SLF001

    def load_for_aws(backend: IAMBackend) -> list[Any]:
        return list(load(backend)) if backend.region_name == "aws" else []

    IAMBackend._init_aws_policies = load_for_aws  # type: ignore[method-assign, assignment]  # noqa: SLF001
