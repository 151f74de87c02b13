"""A webhook is posted to as often as it helps, and its address stays a secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from landform.workflows.webhooks import post
from workflows.webhook_kit import SECRET, Webhook, webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A webhook."""
    with webhook() as found:
        yield found


@pytest.mark.parametrize(
    ("answers", "heard", "fault"),
    [
        ([204], 1, ""),
        ([503, 0, 200], 3, ""),
        ([500], 3, "it answered 500"),
        ([0], 3, "no answer"),
        ([404, 200], 1, "it answered 404"),
    ],
)
def test_it_tries_again_where_that_may_help(
    hook: Webhook, answers: list[int], heard: int, fault: str
) -> None:
    hook.answers = answers
    pauses: list[int] = []
    said = post(hook.url, {"a": 1}, pauses.append)
    assert said.startswith(fault)
    assert bool(said) is bool(fault)
    assert hook.heard == [{"a": 1}] * heard
    assert pauses == list(range(1, heard))
    assert SECRET not in said


def test_nobody_else_is_told_by_a_redirect(hook: Webhook) -> None:
    with webhook() as other:
        hook.answers, hook.location = [307], other.url
        assert post(hook.url, {}, lambda _: None) == "it redirects (307), and no redirect is followed"
        hook.answers = [302]
        assert post(hook.url, {}, lambda _: None).startswith("it redirects (302)")
        assert other.heard == []


def test_who_is_not_there_is_said_without_the_address() -> None:
    with webhook() as gone:
        url = gone.url
    for address in (url, f"https://127.0.0.1:1/{SECRET}", url.replace("http:", "https:")):
        assert post(address, {}, lambda _: None) == "no answer (Connection refused)"


def test_a_server_without_a_certificate_is_not_told(hook: Webhook) -> None:
    said = post(hook.url.replace("http:", "https:"), {}, lambda _: None)
    assert said.startswith("no answer")
    assert SECRET not in said
    assert hook.heard == []


def test_what_is_no_json_does_not_stop_it(hook: Webhook) -> None:
    assert post(hook.url, {"a": object, "\ud800": {("a", "b"): 1}}) == ""
    assert hook.heard == [{"a": "<class 'object'>", "\ud800": {}}]


def test_a_proxy_of_the_shell_does_not_see_this_machine(
    hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert post(hook.url, {}) == ""
