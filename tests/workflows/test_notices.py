"""Each receiver is told once, of what it can be told; nothing in a notice acts where it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest

from landform.project import Notify, Teardown
from landform.workflows.notices import Notice, NoticeKind, nights_failed, send
from landform.workflows.place import Place
from landform.workflows.records import records_of
from landform.workflows.slot_claims import Ending, SlotResult
from workflows.place_kit import Shop
from workflows.sweep_kit import Account
from workflows.webhook_kit import SECRET, Webhook, webhook

SLOT = "teardown-2026-12-01T2000"
NOTICE = Notice(NoticeKind.DONE, "dev is down", ("2 objects", "saved $3.12"), SLOT, "run-1", {"usd": 3.12})
_HOSTILE = "<!channel> & <http://x|click> @here\x1b[2J\u202e\nnext @ann [a](http://x)"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A webhook."""
    with webhook() as found:
        yield found


def _with(place: Place, *receivers: Notify) -> Place:
    teardown = Teardown("0 20 * * *", notify=receivers)
    return replace(place, environment=replace(place.environment, teardown=teardown))


def _all_records(place: Place) -> str:
    records = records_of(place)
    return " ".join(f"{name} {records.get(name)!r}" for name in records.names(""))


def test_a_webhook_gets_json_that_people_and_machines_read(shop: Shop, hook: Webhook) -> None:
    assert send(_with(shop.place(), Notify(webhook=hook.url)), NOTICE) == ()
    (heard,) = hook.heard
    assert heard.pop("text").splitlines() == [
        "dev is down", "2 objects", "saved $3.12", f"shop dev · http://127.0.0.1:9 · {SLOT} · run-1",
    ]  # fmt: skip
    assert heard == {
        "format_version": "1.0", "kind": "done", "project": "shop", "environment": "dev",
        "where": "http://127.0.0.1:9", "title": "dev is down", "lines": ["2 objects", "saved $3.12"],
        "slot": SLOT, "run": "run-1", "data": {"usd": 3.12},
    }  # fmt: skip


def test_each_receiver_is_told_once_of_each_thing(shop: Shop, hook: Webhook) -> None:
    with webhook() as other:
        place = _with(shop.place(), Notify(webhook=hook.url), Notify(webhook=other.url))
        send(_with(shop.place(), Notify(webhook=hook.url)), NOTICE)
        for notice in (NOTICE, NOTICE, replace(NOTICE, kind=NoticeKind.LEFTOVERS), replace(NOTICE, slot="x")):
            assert send(place, notice) == ()
        assert [len(hook.heard), len(other.heard)] == [3, 3]
        by_hand = replace(NOTICE, slot="")
        send(place, by_hand)
        send(place, replace(by_hand, run="run-2"))
        assert [len(hook.heard), len(other.heard)] == [5, 5]


def test_what_is_not_delivered_is_said_and_the_others_are_told(
    account: Account, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answers = [404, 200]
    monkeypatch.setenv("FTP_HOOK", f"ftp://x/{SECRET}")
    monkeypatch.setenv("HOOK", f" {hook.url}\n")
    monkeypatch.delenv("NO_HOOK", raising=False)
    receivers = (
        Notify(webhook=hook.url), Notify(webhook_env="NO_HOOK"), Notify(webhook_env="FTP_HOOK"),
        Notify(sns="arn:aws:sns:us-east-1:123456789012:nobody"), Notify(webhook_env="HOOK"),
    )  # fmt: skip
    place = _with(account.place(), *receivers)
    faults = send(place, NOTICE)
    assert faults[:2] == (
        "webhook 1 was not told: it answered 404", "$NO_HOOK was not told: the variable is not set here",
    )  # fmt: skip
    assert faults[2].startswith("$FTP_HOOK was not told: a webhook is an https:// URL")
    assert faults[3].startswith("arn:aws:sns:us-east-1:123456789012:nobody was not told: could not publish")
    assert (len(faults), len(hook.heard)) == (4, 2)
    assert "hunter2" not in f"{faults} {_all_records(place)}"
    monkeypatch.setenv("NO_HOOK", hook.url)  # what was never tried is told later
    assert send(place, NOTICE) == faults[2:3]
    assert len(hook.heard) == 3


def test_records_that_can_not_be_written_are_said(shop: Shop, hook: Webhook) -> None:
    place = _with(shop.place(), Notify(webhook=hook.url))
    shop.write({".landform/records/dev/notices": "a file is where the folder should be"})
    (fault,) = send(place, NOTICE)
    assert fault.startswith("webhook 1 was not told: could not write")
    assert hook.heard == []  # else it would be told again and again


def test_nothing_in_a_notice_acts_where_it_is_read(shop: Shop, hook: Webhook) -> None:
    notice = replace(NOTICE, title=_HOSTILE, lines=(_HOSTILE, "ann@example.org", "x" * 900, *"y" * 100))
    assert send(_with(shop.place(), Notify(webhook=hook.url)), notice) == ()
    (heard,) = hook.heard
    assert (
        heard["title"]
        == heard["lines"][0]
        == _HOSTILE.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e").replace("\n", "⏎")
    )
    text = heard["text"]
    assert "&lt;!channel&gt; &amp; &lt;http://x|click&gt; @\u200bhere" in text
    assert "@\u200bann [a]\u200b(http://x)" in text
    assert "ann@example.org" in text
    assert not {"\x1b", "\u202e", "<", ">"} & set(text)
    assert max(map(len, text.splitlines())) < 700
    assert "and 43 more" in text.splitlines()


def _queue_of(account: Account, arn: str) -> str:
    """A queue that gets what the topic gets."""
    queues = account.client("sqs")
    url = str(queues.create_queue(QueueName="q")["QueueUrl"])
    endpoint = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    account.client("sns", "eu-west-1").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=endpoint)
    return url


def _messages(account: Account, url: str) -> list[Mapping[str, Any]]:
    found = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in found]


def test_a_topic_gets_text_in_its_own_region(account: Account) -> None:
    arn = account.client("sns", "eu-west-1").create_topic(Name="nights")["TopicArn"]
    url = _queue_of(account, arn)
    place = _with(account.place(), Notify(sns=arn))
    hostile = replace(NOTICE, kind=NoticeKind.FAILED, title=f"{_HOSTILE} ü {'x' * 200}")
    assert send(place, NOTICE) + send(place, NOTICE) + send(place, hostile) == ()
    plain, odd = sorted(_messages(account, url), key=lambda each: str(each["Subject"]), reverse=True)
    assert (plain["Subject"], plain["Message"].splitlines()[:2]) == (
        "dev is down",
        ["dev is down", "2 objects"],
    )
    assert {name: each["Value"] for name, each in plain["MessageAttributes"].items()} == {
        "project": "shop", "environment": "dev", "kind": "done",
    }  # fmt: skip
    assert (len(odd["Subject"]), odd["Subject"].isascii(), odd["Subject"].isprintable()) == (99, True, True)
    assert not {"\x1b", "\u202e"} & set(odd["Message"])


def test_failures_in_a_row_are_counted_over_rebuilds_and_nights_that_were_skipped(shop: Shop) -> None:
    records = records_of(shop.place())
    assert nights_failed(records) == 0
    for day, slot, ending, expected in (
        (1, "teardown", Ending.FAILED, 1), (2, "teardown", Ending.DONE, 0), (3, "teardown", Ending.FAILED, 1),
        (4, "rebuild", Ending.DONE, 1), (5, "expiry", Ending.FAILED, 2), (6, "teardown", Ending.SKIPPED, 2),
        (7, "rebuild", Ending.FAILED, 2), (8, "teardown", Ending.FAILED, 3), (9, "teardown", Ending.DONE, 0),
    ):  # fmt: skip
        result = SlotResult(f"{slot}-2026-11-{day:02}T2000", ending, f"2026-11-{day:02}T20:09:00Z")
        records.put(f"slots/{result.slot}-result.json", json.dumps(asdict(result)).encode())
        assert nights_failed(records) == expected, day
