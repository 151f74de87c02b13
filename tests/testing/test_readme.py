"""Examples of a README as plan tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.testing.collect_readme import ExampleInvalid, read_examples
from landform.testing.levels import Level
from testing.suite import NOTE, Run

pytest_plugins = ("pytester",)

README = """\
# note

```hcl
# tftest modules=1 resources=3 level=mock
module "note" {
  source = "../note"

  name = "abc"
  keys = ["a", "b"]
}

output "name" {
  value = module.note.name
}
```

No example, because it calls nothing here:

```hcl
resource "terraform_data" "x" {}
```

```sh
module "note" { source = "../note" }
```

~~~terraform
# tftest resources=2 level=mock
module "note" {
  source = "./"
  name   = "abc"
}
~~~

```hcl
# tftest skip
module "note" {
  source = "../somewhere/else"
}
```

```hcl
# tftest level=mock
module "note" {
  source = "../note"
  name = "abc"
}
```

```hcl
# tftest level=mock
module "note" {
  source = "../note"
  nam    = "abc"
}
```
"""


def test_which_blocks_are_examples() -> None:
    found = list(read_examples(README))
    assert [(one.line, one.level, one.modules, one.resources) for one in found] == [
        (4, Level.MOCK, 1, 3),
        (28, Level.MOCK, None, 2),
        (43, Level.MOCK, None, None),
        (51, Level.MOCK, None, None),
    ]
    registry = '```hcl\nmodule "x" {\n  source = "hashicorp/x/aws"\n}\n```\n'
    assert list(read_examples(registry)) == []
    (plain,) = read_examples('```hcl\nmodule "x" {\n  source = "./"\n}\n```\n')
    assert (plain.level, plain.line) == (Level.PLAN, 2)


@pytest.mark.parametrize(
    ("directive", "told"),
    [
        ("resource=3", "'resource=3' says nothing here. Did you mean 'resources'?"),
        ("resources=three", "'resources=three' says nothing here."),
        ("level=plam", "'plam' is no level. Did you mean 'plan'?"),
        ("level=apply", "an example is planned: its level is mock or plan."),
    ],
)
def test_a_directive_that_says_nothing_is_an_error_with_its_line(directive: str, told: str) -> None:
    text = f'\n```hcl\n# tftest {directive}\nmodule "x" {{\n  source = "./"\n}}\n```\n'
    with pytest.raises(ExampleInvalid, match=r"^3: ") as wrong:
        list(read_examples(text))
    assert told in str(wrong.value)


@pytest.mark.terraform
def test_an_example_is_a_test(run_suite: Run) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "modules/note/README.md": README,
        "README.md": README,
        "docs/README.md": README,
    }
    result = run_suite(files, "-v")
    result.assert_outcomes(passed=1, failed=2, errors=1)
    result.stdout.fnmatch_lines(["*README.md::example1 PASSED*"])
    text = result.stdout.str()
    assert "modules/note/README.md:28: the plan has 1 resources, not 2:" in text
    assert "  module.note.terraform_data.this" in text
    assert "modules/note/README.md:43: the example is not as terraform fmt writes it" in text
    assert "README.md.tf:54" in text  # the argument that is wrong, on its line of the README
    assert "terraform plan of modules/note/README.md:51 failed" in text
    assert [path.name for path in Path("modules/note").iterdir() if path.name != "README.md"] == ["main.tf"]


def test_collecting_can_be_turned_off(run_suite: Run) -> None:
    files = {
        "note/main.tf": NOTE,
        "note/README.md": README,
        "note/a.tftest.hcl": 'run "x" { command = plan }\n',
        "pytest.ini": "[pytest]\ntf_collect = tftest\n",
    }
    result = run_suite(files, "--collect-only", "-q")
    result.stdout.fnmatch_lines(["note/a.tftest.hcl::x", "*1 test collected*"])
