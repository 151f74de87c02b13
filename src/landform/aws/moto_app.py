"""moto's server application, prepared the way every emulator of landform serves it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from landform.aws.moto_budgets import answer_for_budgets
from landform.aws.moto_cloudfront import answer_for_cloudfront
from landform.aws.moto_elasticache import answer_for_elasticache
from landform.aws.moto_rds import answer_for_rds

if TYPE_CHECKING:
    from moto.moto_server.werkzeug_app import MotoRequestHandler

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""
_NEEDED = ("moto", "werkzeug", "flask", "flask_cors")


def missing_parts() -> list[str]:
    """The modules an emulator needs that are not installed; does not import them."""
    return [name for name in _NEEDED if find_spec(name) is None]


def make_app() -> Wsgi:
    """moto as a WSGI application for every service it knows. Any number of threads may call it."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    answer_for_budgets()
    answer_for_cloudfront()
    answer_for_elasticache()
    answer_for_rds()
    _read_icmp_of_network_acls()
    _miss_associations_of_network_acls()
    return one_at_a_time(DomainDispatcherApplication(create_backend_app))


def one_at_a_time(app: Wsgi) -> Wsgi:
    """``app``, which answers one request after another, each read whole before its turn.

    moto walks through dictionaries that another thread changes, and then fails what it has already done: the
    client tries again, and is told that what it creates "already exists".
    """
    turn = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        is_chunked = environ.get("wsgi.input_terminated", False)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(-1 if is_chunked else length))
        with turn:
            body = app(environ, start_response)
            try:
                return list(body)
            finally:
                getattr(body, "close", lambda: None)()

    return answer


def _read_icmp_of_network_acls() -> None:
    """Let EC2 find the ICMP type and code of an ACL's rule: moto 5.2.5 looks for them by a former name."""
    from moto.ec2.responses.network_acls import NetworkACLs

    read = NetworkACLs._get_param  # noqa: SLF001
    names = {"Icmp.Code": "IcmpTypeCode.Code", "Icmp.Type": "IcmpTypeCode.Type"}

    def read_renamed(response: NetworkACLs, param_name: str, if_none: Any = None) -> Any:
        return read(response, names.get(param_name, param_name), if_none)

    NetworkACLs._get_param = read_renamed  # type: ignore[method-assign, assignment]  # noqa: SLF001


def _miss_associations_of_network_acls() -> None:
    """Let EC2 say that an association is not there, as AWS does: moto 5.2.5 fails instead."""
    from moto.ec2.exceptions import InvalidAssociationIdError
    from moto.ec2.models.network_acls import NetworkAclAssociation, NetworkAclBackend

    replace = NetworkAclBackend.replace_network_acl_association

    def replace_or_miss(
        backend: NetworkAclBackend, association_id: str, network_acl_id: str
    ) -> NetworkAclAssociation:
        try:
            return replace(backend, association_id, network_acl_id)
        except StopIteration:
            raise InvalidAssociationIdError(association_id) from None

    NetworkAclBackend.replace_network_acl_association = replace_or_miss  # type: ignore[method-assign, assignment]


def quiet_handler() -> type[MotoRequestHandler]:
    """The handler of one connection. An apply makes thousands of requests: it logs failures only."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler

    class FailuresOnly(MotoRequestHandler):
        """Logs what failed inside the emulator, and nothing else. Sends head and body of an answer at once.

        The provider closes the connection now and then when the body comes later, and tries again.
        """

        wbufsize = 1 << 16

        def handle_expect_100(self) -> bool:
            expected = super().handle_expect_100()
            self.wfile.flush()
            return expected

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            if str(code).startswith("5"):
                super().log_request(code, size)

    return FailuresOnly
