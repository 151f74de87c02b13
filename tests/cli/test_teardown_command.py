"""``landform teardown``: holds and schedules as somebody at a terminal has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from landform.cli.app import app
from landform.errors import LandformError, Refused
from landform.review.approval import Person
from landform.review.certificate import digest_of
from landform.workflows.records import LocalRecords
from landform.workflows.slot_claims import Ending, claimed, write_result
from landform.workflows.slots import Slot, SlotKind
from workflows.place_kit import PROJECT, Shop
from workflows.savings_kit import LEFT, night
from workflows.schedule_kit import local, scheduled_shop

ENDPOINT = "http://127.0.0.1:9"
RECORDS = ".landform/emulators/http---127-0-0-1-9/records/dev"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose dev goes every night."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    shop = Shop(tmp_path / "shop")
    shop.write(PROJECT | {"environments/lab/environment.yaml": "region: us-east-1\n"})
    shop.write({"environments/lab/terraform.tfvars": 'x = "1"\n'})
    scheduled_shop(shop).place()  # which is Ann's
    return shop.folder


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    """Runs ``landform teardown`` in the project, where nobody is at the other end of AWS."""

    def _run(command: str, *words: str) -> Result:
        more = () if command == "schedule" else ("--endpoint-url", ENDPOINT)
        return CliRunner().invoke(app, ["teardown", command, *words, "--project", str(folder), *more])

    return _run


@pytest.mark.terraform
def test_it_is_held_extended_and_released_and_the_status_says_so(run: Callable[..., Result]) -> None:
    held = run("hold", "dev", "--until", "+8h", "--reason", "load\x1b[2J test")
    assert held.stdout.startswith("dev is held by ann@example.org until ")
    assert "\x1b" not in held.stdout
    assert "(Europe/Berlin): load" in run("status").stdout
    assert isinstance(run("hold", "dev", "--until", "+8h", "--reason", "x").exception, LandformError)
    run("extend", "dev", "--until", "+9h")
    document = json.loads(run("status", "dev", "--json").stdout)["environments"][0]
    until = datetime.fromisoformat(document["hold"]["until"])
    assert 8.9 * 3600 < (until - datetime.now(UTC)).total_seconds() <= 9 * 3600
    assert document["hold"]["by"]["email"] == "ann@example.org"
    assert "dev is free again" in run("release", "dev").stdout
    assert json.loads(run("status", "--json").stdout)["environments"][0]["hold"] is None


@pytest.mark.terraform
def test_the_status_has_the_next_times_what_ran_and_what_was_saved(
    run: Callable[..., Result], folder: Path
) -> None:
    records = LocalRecords(folder / RECORDS)
    for day, saved in (("2026-11-02", 10.25), ("2026-11-03", 2.5)):
        with claimed(records, Slot(SlotKind.TEARDOWN, local(f"{day}T20:00")), Person(), f"run {day}") as mine:
            assert mine is not None
            write_result(records, mine, Ending.DONE, saved_usd=saved)
    document = json.loads(run("status", "--json").stdout)
    (dev,) = document["environments"]  # lab has no schedule
    assert dev["saved_usd"] == 12.75
    assert (dev["last"]["slot"], dev["last"]["ending"]) == ("teardown-2026-11-03T2000", "done")
    down, up = (datetime.fromisoformat(dev["next"][kind]["local"]) for kind in ("teardown", "rebuild"))
    assert (down.hour, up.hour) == (20, 7)
    assert datetime.fromisoformat(dev["next"]["teardown"]["utc"]) == down > datetime.now(UTC)
    assert dev["next"]["expiry"] is None
    shown = run("status").stdout
    assert f"next teardown {down:%a %Y-%m-%d} 20:00 " in shown
    assert "saved so far  $12.75" in shown


def test_a_job_is_printed_or_written_and_never_over_what_is_somebodys(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    printed = run("schedule", "--for", "cron").stdout
    assert "teardown run --all\n" in printed
    out = tmp_path / "out"
    assert (
        "create" in run("schedule", "--for", "systemd", "dev", "--output", str(out), "--every", "30m").stdout
    )
    assert sorted(path.name for path in out.iterdir()) == [
        "landform-teardown-shop.service",
        "landform-teardown-shop.timer",
    ]
    assert run("schedule", "--for", "systemd", "dev", "--output", str(out), "--every", "30m").stdout == (
        "The job is up to date.\n"
    )
    (out / "landform-teardown-shop.timer").write_text("# by hand\n")
    again = run("schedule", "--for", "systemd", "dev", "--output", str(out))
    assert "not overwriting what landform did not write" in str(again.exception)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--for", "cron", "lab"), "lab has no schedule"),
        (("--for", "cron", "prod"), "1 fault"),
        (("--for", "cron", "--every", "often"), "--every: 'often' is no length of time"),
        (("--for", "github"), "2 faults"),
    ],
)
def test_what_can_not_be_scheduled_is_said(
    run: Callable[..., Result], words: tuple[str, ...], says: str
) -> None:
    assert says in str(run("schedule", *words).exception)


@pytest.mark.terraform
def test_a_certificate_is_shown_in_every_format_and_a_file_is_held_to_it(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    records = LocalRecords(folder / RECORDS)
    assert "has a certificate yet" in str(run("certificate", "dev").exception)
    older, newer = (
        night(records, "2026-11-30T19:00:00Z"),
        night(records, "2026-12-01T19:00:00Z", left=(LEFT,)),
    )
    for words, made in ((("dev",), newer), (("dev", older.run), older)):
        text = run("certificate", *words).stdout
        assert f"Certificate of {made.run}\n  by         ann@example.org\n" in text
        assert "1 object: 1 aws_nat_gateway" in text
        assert "$2.75 saved, 11 hours off, $0.2500 an hour" in text
        assert f"sha256     {made.digest}" in text
    assert "1 object left over: $8.00 a month" in run("certificate", "dev").stdout
    assert f"sha256 `{older.digest}`" in run("certificate", "dev", older.run, "--format", "markdown").stdout
    page = run("certificate", "dev", "--format", "html").stdout
    assert page.count("<rect") == 2  # the nights until then
    assert run("certificate", "dev", older.run, "--format", "html").stdout.count("<rect") == 1
    file = tmp_path / "certificate.json"
    run("certificate", "dev", older.run, "--format", "json", "--output", str(file))
    assert f"Certificate of {older.run}" in run("certificate", "dev", "--verify", str(file)).stdout
    assert json.loads(run("certificate", "dev", "--json").stdout)["digest"] == newer.digest


@pytest.mark.terraform
def test_a_file_that_is_not_what_was_kept_is_refused(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    made = night(LocalRecords(folder / RECORDS), "2026-11-30T19:00:00Z", left=(LEFT,))
    document = json.loads(run("certificate", "dev", "--json").stdout)
    file = tmp_path / "certificate.json"
    document["by"]["email"] = "bob@example.org"
    file.write_text(json.dumps(document))
    changed = run("certificate", "dev", "--verify", str(file)).exception
    assert isinstance(changed, Refused)
    assert "its digest does not fit it" in str(changed)
    file.write_text(json.dumps(document | {"digest": digest_of(document)}))  # by who knows how it is made
    forged = run("certificate", "dev", "--verify", str(file)).exception
    assert isinstance(forged, Refused)
    assert f"not the certificate of {made.run}" in str(forged)
    for words in (("--verify", str(tmp_path / "none")), ("run", "--verify", str(file)), ("../key",)):
        assert isinstance(run("certificate", "dev", *words).exception, LandformError)


@pytest.mark.terraform
def test_savings_are_those_of_the_certificates(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    records = LocalRecords(folder / RECORDS)
    assert "no teardown has a certificate yet" in run("savings", "dev").stdout
    night(records, "2026-11-30T23:30:00Z")  # 1 December in Berlin
    night(records, "2026-11-29T19:00:00Z")
    document = json.loads(run("savings", "dev", "--format", "json").stdout)
    assert [each["day"] for each in document["nights"]] == ["2026-11-29", "2026-12-01"]
    assert document["total"]["usd"] == 5.5
    assert json.loads(run("savings", "dev", "--json").stdout) == document
    file = tmp_path / "savings.html"
    assert run("savings", "dev", "--format", "html", "-o", str(file)).stdout == ""
    assert "$5.50 saved in 2 nights" in file.read_text(encoding="utf-8")
