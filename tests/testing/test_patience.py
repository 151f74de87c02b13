"""Waiting for a condition and for a real HTTP server's answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from landform.testing import http_answer, retry_until
from testing.suite import Run

pytest_plugins = ("pytester",)


@contextmanager
def _server(*answers: tuple[int, str]) -> Iterator[tuple[str, list[str]]]:
    """Gives each of ``answers`` once, the last one for ever; yields its address and what it was asked."""
    left, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, text = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("X-Served-By", "the test")
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_it_asks_until_status_and_text_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # of no use for what a test has just made
    with _server((503, "starting"), (200, "almost"), (200, "it is ready ü")) as (url, asked):
        answer = http_answer(f"{url}/health?deep=1", contains="ready", interval=0)
    assert (answer.status, answer.text) == (200, "it is ready ü")
    assert answer.headers["x-served-by"] == "the test"
    assert asked == ["/health?deep=1"] * 3


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with _server((302, "")) as (url, asked):
        assert http_answer(url, status=302, interval=0).headers["location"] == "/elsewhere"
    assert asked == ["/"]


def test_when_time_is_over_the_last_answer_is_told() -> None:
    with (
        _server((502, "bad gateway"), (503, "no healthy upstream")) as (url, _),
        pytest.raises(AssertionError, match="status 503, 'no healthy upstream'") as told,
    ):
        http_answer(url, contains="welcome", timeout=0.2, interval=0.01)
    assert f"{url} did not answer 200 with 'welcome' within 0.2 s" in str(told.value)


def test_a_server_that_is_not_there_is_told_and_may_come_later() -> None:
    with _server((200, "")) as (url, _):
        pass
    with pytest.raises(AssertionError, match="at last it raised ConnectionRefusedError"):
        http_answer(url, timeout=0.05, interval=0.01)


@pytest.mark.parametrize("url", ["localhost:80/x", "ftp://localhost/", "http://", ""])
def test_what_is_no_address_is_told_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        http_answer(url, timeout=600)


def test_a_condition_gives_its_first_true_value() -> None:
    answers = iter([0, [], OSError("not yet"), "found", "too far"])

    def check() -> object:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    assert retry_until(check, interval=0) == "found"
    assert next(answers) == "too far"


def test_a_condition_does_not_wait_beyond_its_time() -> None:
    tries = []

    def check() -> int:
        tries.append("now")
        return 0

    with pytest.raises(
        AssertionError, match=r"the queue is empty within 5 s \(1 tries\); at last it returned 0"
    ):
        retry_until(check, timeout=5, interval=60, message="the queue is empty")
    assert tries == ["now"]


def test_in_a_suite_the_failure_is_the_tests_own_line(run_suite: Run) -> None:
    with _server((500, "kaputt")) as (url, _):
        result = run_suite(
            {
                "test_it.py": f"""
                    def test_http(tf_http):
                        assert tf_http("{url}", status=500).text == "kaputt"
                        tf_http("{url}", timeout=0, interval=0)

                    def test_condition(retry_until):
                        assert retry_until(lambda: 7) == 7
                        retry_until(lambda: None, timeout=0, message="nobody came")
                """
            }
        )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            f'>*tf_http("{url}", timeout=0, interval=0)',
            f"E*{url} did not answer 200 within 0 s (1 tries); at last it raised *status 500, 'kaputt'",
            ">*retry_until(lambda: None, timeout=0*",
            "E*nobody came within 0 s (1 tries); at last it returned None",
        ]
    )
    assert "patience.py" not in result.stdout.str()
