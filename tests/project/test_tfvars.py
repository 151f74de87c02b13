"""An environment's values, read before Terraform reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.project.tfvars import Values, read_values

_SHOWN = "environments/dev"


def _read(folder: Path, hcl: str | None = None, json: str | None = None) -> Values:
    for name, text in (("terraform.tfvars", hcl), ("terraform.tfvars.json", json)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return read_values(folder, _SHOWN)


def _faults(values: Values) -> list[str]:
    return [str(fault) for fault in values.faults]


def test_values_of_both_files_with_their_lines(tmp_path: Path) -> None:
    hcl = '# remark\ncidr = "10.0.0.0/16"\nweb = {\n  count = 3\n}\ncount = 2\nnothing = null\n'
    values = _read(tmp_path, hcl, '{"zones": ["a", "b"],\n "text": "${x}"}')
    assert values.faults == ()
    assert values.data == {
        "cidr": "10.0.0.0/16",
        "web": {"count": 3},
        "count": 2,
        "nothing": None,
        "zones": ["a", "b"],
        "text": "${x}",
    }
    assert str(values.lines["count"]) == f"{_SHOWN}/terraform.tfvars:6"
    assert str(values.lines["zones"]) == f"{_SHOWN}/terraform.tfvars.json:1"
    assert str(values.lines["text"]) == f"{_SHOWN}/terraform.tfvars.json:2"
    assert [path.name for path in values.files] == ["terraform.tfvars", "terraform.tfvars.json"]


def test_an_escaped_interpolation_is_text(tmp_path: Path) -> None:
    assert _read(tmp_path, 'a = "$${file(\\"/etc/passwd\\")}%%{x}"\n').data == {
        "a": '${file("/etc/passwd")}%{x}'
    }


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('a = 1\nb = file("/etc/passwd")\n', 2, "Functions may not be called here. Values are literals here"),
        ('a = 1\n\nb = "${file("/etc/passwd")}"\n', 3, "Functions may not be called here"),
        ("a = var.b\n", 1, "Variables may not be used here. Values are literals here"),
        ("a = 1\na = 2\n", 2, 'The argument "a" was already set'),
        ("a = {\n", 2, "Expected the start of an expression"),
        ('variable "a" {}\n', 1, "Blocks are not allowed here."),
    ],
)
def test_what_is_no_literal_is_refused_at_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    (found,) = _faults(_read(tmp_path, text))
    assert found.startswith(f"{_SHOWN}/terraform.tfvars:{line}: not valid HCL: ")
    assert says in found


def test_a_variable_in_both_files_is_a_fault(tmp_path: Path) -> None:
    """Terraform would let the JSON file win without a word."""
    values = _read(tmp_path, "a = 1\nb = 1\n", '{\n  "b": 2\n}\n')
    assert _faults(values) == [
        f"{_SHOWN}/terraform.tfvars.json:2: duplicate variable 'b': {_SHOWN}/terraform.tfvars:2 sets it "
        "already. Remove one of the two."
    ]


@pytest.mark.parametrize(
    ("text", "says"), [('{"a": 1', ":1: not valid JSON: "), ("[]", ":1: not an object of variables.")]
)
def test_json_that_cant_be_used_is_a_fault(tmp_path: Path, text: str, says: str) -> None:
    (found,) = _faults(_read(tmp_path, json=text))
    assert says in found


def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfvars").write_bytes(b'a = "caf\xe9"\n')
    (found,) = _faults(read_values(tmp_path, _SHOWN))
    assert "can't be read" in found


def test_no_files_are_no_values(tmp_path: Path) -> None:
    assert read_values(tmp_path, _SHOWN) == Values()
