"""Who somebody is: what git says, and what an SSH key proves."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.errors import Refused
from landform.workflows.identity import sign, signer, whoami
from workflows.place_kit import ANN, Shop


def _public(key: Path) -> str:
    return key.with_suffix(".pub").read_text().rsplit(" ", 1)[0]


def test_git_says_who_it_is_and_an_emulator_says_nothing(shop: Shop) -> None:
    me = whoami(shop.place(ANN))
    assert (me.email, me.git, me.aws, me.key) == (ANN, ANN, "", "")


def test_without_a_name_nobody_is_known(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    place = shop.place()
    (shop.folder / ".git/config").write_text("")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    assert not whoami(place).is_known


@pytest.mark.parametrize(
    "line",
    ["bob@x.org {}", 'bob@x.org namespaces="landform-approval" {}', "bob@x.org,robert {}", '"bob@x.org" {}'],
)
def test_an_allowed_key_is_named(keys: dict[str, Path], tmp_path: Path, line: str) -> None:
    signers = tmp_path / "allowed_signers"
    other = f"cat@x.org {_public(keys['cat'])}\n"
    signers.write_text(f"# keys\n{other}{line.format(_public(keys['bob']))}\n")
    assert signer(b"this", sign(b"this", keys["bob"]), signers) == "bob@x.org"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "cat@x.org {cat}",
        'bob@x.org namespaces="git" {bob}',
        'bob@x.org valid-before="20200101" {bob}',
        'bob@x.org valid-after="20900101" {bob}',
    ],
)
def test_a_key_that_is_not_allowed_names_nobody(keys: dict[str, Path], tmp_path: Path, line: str) -> None:
    signers = tmp_path / "allowed_signers"
    signers.write_text(line.format(**{name: _public(key) for name, key in keys.items()}) + "\n")
    with pytest.raises(Refused, match="not allowed"):
        signer(b"this", sign(b"this", keys["bob"]), signers)


def test_a_signature_is_of_one_text(keys: dict[str, Path], tmp_path: Path) -> None:
    signers = tmp_path / "allowed_signers"
    signers.write_text(f"bob@x.org {_public(keys['bob'])}\n")
    with pytest.raises(Refused):
        signer(b"that", sign(b"this", keys["bob"]), signers)


def test_no_file_of_signers_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no file allowed_signers"):
        signer(b"this", "", tmp_path / "allowed_signers")
