"""What was brought back is well when its URLs answer; nothing of what they answer is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from landform.workflows.health import wait_until_well
from workflows.place_kit import Shop
from workflows.schedule_kit import scheduled_shop

_SECRET = "hunter2hunter2"


@contextmanager
def _web() -> Iterator[tuple[str, list[str]]]:
    """A site whose paths are the codes it answers, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers['User-Agent']}")
            self.send_response(int(self.path.split("/")[1]))
            self.send_header("Location", self.path.replace("/302", "") or "/200")
            self.send_header("Content-Length", str(len(_SECRET)))
            self.end_headers()
            self.wfile.write(_SECRET.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def _unwell(shop: Shop, *urls: str) -> tuple[str, ...]:
    scheduled_shop(shop, f'{{schedule: "0 20 * * *", health: [{", ".join(urls)}]}}')
    return wait_until_well(shop.place(), patience=0)


def test_each_url_that_does_not_answer_well_is_named(shop: Shop) -> None:
    with _web() as (url, asked):
        good, moved = f"{url}/200", f"{url}/302/200"
        assert _unwell(shop, good, moved) == ()
        assert [each.split()[0] for each in asked] == ["/200", "/302/200", "/200"]
        assert {each.split()[1] for each in asked} == {"landform"}
        bad = [f"{url}/500", f"{url}/404", f"{url}/302/503"]
        assert _unwell(shop, good, *bad) == (
            f"{bad[0]}: answers 500", f"{bad[1]}: answers 404", f"{bad[2]}: answers 503",
        )  # fmt: skip
    (refused,) = _unwell(shop, good)
    assert refused.startswith(f"{good}: does not answer (")
    assert _SECRET not in refused


def test_an_environment_without_urls_has_nothing_to_look_at(shop: Shop) -> None:
    assert wait_until_well(shop.place(), patience=0) == ()


def test_a_site_that_speaks_no_http_is_not_well(shop: Shop) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(f"{_SECRET}\n".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        (fault,) = _unwell(shop, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    assert fault.endswith("does not answer as HTTP does (BadStatusLine)")
    assert _SECRET not in fault
