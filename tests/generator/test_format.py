"""What is generated is as ``terraform fmt`` would leave it, and means what the user wrote."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.conftest import LOCAL, ROLE, S3_EACH, S3_ONE
from landform.generator import compose, generated_files, write_files
from landform.generator.layout import one_line
from landform.project import Project

pytestmark = pytest.mark.terraform
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(("backend", "role"), [(LOCAL, ""), (S3_ONE, ""), (S3_ONE, ROLE), (S3_EACH, "")])
def test_every_file_is_as_terraform_fmt_leaves_it(
    rich: Callable[..., Project], terraform: Run, backend: str, role: str
) -> None:
    project = rich(backend, role)
    write_files(project.folder, generated_files(project))
    composed = compose(project, project.folder / "composed", project.order)
    write_files(project.folder, {f"composed/{name}": text for name, text in composed.files.items()})
    assert terraform(project.folder, "fmt", "-check", "-diff", "-recursive", "generated").stdout == ""
    assert terraform(project.folder, "fmt", "-check", "-diff", "-recursive", "composed").stdout == ""
    for path in (project.folder / "generated" / "environments").glob("*.tfbackend"):
        terraform(project.folder, "fmt", "-check", "-", stdin=path.read_text(encoding="utf-8"))


_EXPRESSIONS = (
    "1+2*3-4/2%3",
    "-local.n+- local.n",
    "(1)-(-2)",
    "10-local.n",
    "! local.yes||local.yes&&!(local.n>=2)",
    "local.n==1?\"a\":local.n!=2?'b':null".replace("'", '"'),
    "[1,2 , 3,]",
    "[ for x in[1,2]:x ]",
    "[for k,v in local.map:\n  k   # every key\n  if v>1 ]",
    "{for k,v in local.map:k=>v...}",
    "{a=1,b:2}",
    "{\n  a = 1\n\n  b = [\n    1,\n    2,\n  ]\n  (local.word) = {\n    c = 3 // three\n  }\n}",
    "{}",
    '{"quoted key"=1,"${local.word}-x"=2}',
    "local.map . a",
    "local.list [ 0 ]",
    "local.objects[*].id",
    "local.objects.*.id",
    "[local.list[0],local.list[-1+1]][1]",
    "max( local.list ... )",
    'join ( "," ,\n  local.list\n)',
    '"a ${ local.word } b"',
    '"${upper( "${local.word}!" )}-$${x}-%%{y}-\\"q\\"\\n"',
    '"%{ if local.yes }x%{ else }y%{endif}"',
    '"${~ local.word ~} x"',
    '"${ {a=1}["a"] }${[1][0]}"',
    '"//no comment #either /*nor*/ ${ local.word /* but this */ }"',
    "/* one */ local.n /* two */ + 1 # three",
    "cidrsubnet(\"10.0.0.0/8\",8,local.n)",
    'try(local.map["zz"],{ a=1 }.a , null)',
    "1.50e3+1e-2",
)  # fmt: skip
_LOCALS = """
  n       = 1
  yes     = true
  word    = "w"
  map     = { a = 1, b = 2 }
  list    = ["3", "4"]
  objects = [{ id = 1 }, { id = 2 }]
"""


def _config(expressions: list[str]) -> str:
    lines = [f"  e{index} = (\n{code}\n)\n" for index, code in enumerate(expressions)]
    return "locals {" + _LOCALS + "}\nlocals {\n" + "".join(lines) + "}\n"


def _evaluated(terraform: Run, folder: Path, expressions: list[str]) -> list[object]:
    folder.mkdir()
    (folder / "main.tf").write_text(_config(expressions), encoding="utf-8")
    names = ", ".join(f"local.e{index}" for index in range(len(expressions)))
    done = terraform(folder, "console", stdin=f"base64encode(jsonencode([{names}]))\n")
    values: list[object] = json.loads(base64.b64decode(json.loads(done.stdout)))
    return values


def test_the_layout_of_an_expression_is_that_of_terraform_fmt(terraform: Run, tmp_path: Path) -> None:
    text = "".join(f"e{index} = {one_line(code)}\n\n" for index, code in enumerate(_EXPRESSIONS))
    (tmp_path / "x.tfvars").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    assert terraform(tmp_path, "fmt", "-check", "-diff", "x.tfvars", expected=(0, 3)).stdout == ""


def test_the_layout_of_an_expression_keeps_its_value(terraform: Run, tmp_path: Path) -> None:
    laid_out = [one_line(code) for code in _EXPRESSIONS]
    assert not any("\n" in code for code in laid_out)
    before = _evaluated(terraform, tmp_path / "before", list(_EXPRESSIONS))
    assert _evaluated(terraform, tmp_path / "after", laid_out) == before
    assert len(before) == len(_EXPRESSIONS)
