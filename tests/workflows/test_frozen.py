"""What Terraform runs is a copy: it is what was hashed, and editing the project changes nothing in it."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landform.generator import generated_files, write_files
from landform.workflows.frozen import frozen, keep_lock, sources_of
from landform.workflows.place import Place
from landform.workflows.stack_digests import code_digests
from workflows.place_kit import Shop

_LOCK = "generated/net/.terraform.lock.hcl"


def _copy_of(place: Place) -> Path:
    with frozen(place) as copy:
        return copy.project.folder


def test_the_copy_holds_what_was_hashed(shop: Shop) -> None:
    place = shop.place()
    sources = sources_of(place.project)
    with frozen(place) as copy:
        assert sources_of(copy.project).hashes == sources.hashes
        assert copy.home == shop.folder
        for name in sources.files:
            assert (copy.project.folder / name).read_bytes() == (shop.folder / name).read_bytes()


def test_editing_the_project_changes_nothing_in_the_copy(shop: Shop) -> None:
    with frozen(shop.place()) as copy:
        before = sources_of(copy.project).hashes
        shop.write({"modules/m/run.sh": "rm -rf /\n", "environments/dev/terraform.tfvars": 'x = "evil"\n'})
        assert (copy.project.folder / "modules/m/run.sh").read_text() == "echo hello\n"
        assert sources_of(copy.project).hashes == before
        assert "evil" not in "".join(path.read_text() for path in copy.var_files)
    with frozen(shop.place()) as copy:
        assert sources_of(copy.project).hashes != before


def test_the_same_content_is_the_same_copy_and_what_may_run_is_another(shop: Shop) -> None:
    first = _copy_of(shop.place())
    assert _copy_of(shop.place()) == first
    (shop.folder / "modules/m/run.sh").chmod(0o755)
    second = _copy_of(shop.place())
    assert second != first
    assert os.access(second / "modules/m/run.sh", os.X_OK)


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".terraform/x",
        ".landform/runs/x",
        "terraform.tfstate",
        "generated/net/terraform.tfstate.backup",
        "terraform.tfstate.d/net/dev/terraform.tfstate",
        "environments/dev/secret.txt",
        ".env",
        "README.md",
        _LOCK,
    ],
)
def test_states_values_and_what_is_hidden_are_left_out(shop: Shop, name: str) -> None:
    shop.write({name: "x"})
    before = sources_of(shop.place().project)
    shop.write({name: "y"})
    assert name not in before.files
    assert sources_of(shop.place().project).digest == before.digest


def test_values_are_copied_for_nobody_else_and_go_at_the_end(shop: Shop) -> None:
    with frozen(shop.place()) as copy:
        copies = copy.var_files
        assert [path.stat().st_mode & 0o777 for path in copies] == [0o600, 0o600]
        assert "hunter2hunter2" in copies[1].read_text()
        assert copies[1].parent.stat().st_mode & 0o777 == 0o700
    assert not any(path.exists() for path in copies)


@pytest.mark.parametrize("edit", ["modules/m/main.tf", "modules/m/planted.tf", ".landform-sources.json"])
def test_an_edited_copy_is_noticed_and_made_anew(shop: Shop, edit: str) -> None:
    copy = _copy_of(shop.place())
    path = copy / edit
    path.unlink(missing_ok=True)
    path.write_text("[]")
    assert _copy_of(shop.place()) == copy
    assert sources_of(shop.place().project).hashes["modules/m/main.tf"] is not None
    assert not path.exists() or path.read_text() != "[]"


def test_what_terraform_writes_in_the_copy_is_no_source(shop: Shop) -> None:
    """An archive that a data source makes: the next plan would never be the same again."""
    with frozen(shop.place()) as copy:
        before = sources_of(copy.project).hashes
        (copy.project.folder / "modules/m/function.zip").write_bytes(b"zip")
        assert sources_of(copy.project).hashes == before
    with frozen(shop.place()) as again:
        assert sources_of(again.project).hashes == before


def test_a_source_that_changes_in_the_copy_while_it_is_used_is_seen(shop: Shop) -> None:
    with frozen(shop.place()) as copy:
        before = sources_of(copy.project).hashes
        (copy.project.folder / "modules/m/run.sh").unlink()
        assert sources_of(copy.project).hashes["modules/m/run.sh"] != before["modules/m/run.sh"]


def test_modules_outside_of_the_project_come_along_with_what_they_call(shop: Shop) -> None:
    shop.write(
        {
            "../shared/a/main.tf": 'variable "x" {\n  type = string\n}\nmodule "b" {\n  source = "../b"\n}\n',
            "../shared/b/main.tf": "# called\n",
            "../shared/unused/main.tf": "# not called\n",
        }
    )
    described = (shop.folder / "landform.yaml").read_text().replace("module: m", "module: ../shared/a")
    shop.write({"landform.yaml": described})
    with frozen(shop.place()) as copy:
        folder = copy.project.modules["net"].folder
        assert folder is not None
        assert copy.home / ".landform" in folder.parents
        assert (folder / "../b/main.tf").read_text() == "# called\n"
        assert not (folder / "../unused").exists()
        assert sources_of(copy.project).hashes == sources_of(shop.place().project).hashes
        assert "../shared/b/main.tf" in sources_of(copy.project).hashes


def test_a_link_that_leads_back_ends(shop: Shop) -> None:
    (shop.folder / "modules/m/loop").symlink_to("..")
    (shop.folder / "modules/m/script").symlink_to("run.sh")
    copy = _copy_of(shop.place())
    assert (copy / "modules/m/script").read_text() == "echo hello\n"
    assert not (copy / "modules/m/loop/m/loop").exists()


def test_locks_go_with_the_copy_and_come_back_when_they_are_kept(shop: Shop) -> None:
    with frozen(shop.place()) as copy:
        assert not (copy.project.folder / _LOCK).exists()
        (copy.project.folder / _LOCK).write_text("written by init")
        assert not (shop.folder / _LOCK).exists()
        keep_lock(copy, "net")
        assert (shop.folder / _LOCK).read_text() == "written by init"
    shop.write({_LOCK: "another"})
    with frozen(shop.place()) as copy:
        assert (copy.project.folder / _LOCK).read_text() == "another"
    (shop.folder / _LOCK).unlink()
    with frozen(shop.place()) as copy:
        assert not (copy.project.folder / _LOCK).exists()


def test_many_freeze_the_same_at_once(shop: Shop) -> None:
    place = shop.place()
    together = threading.Barrier(8)

    def freeze(_: int) -> Path:
        together.wait()
        with frozen(place) as copy:
            assert sources_of(copy.project).hashes == sources_of(place.project).hashes
            return copy.project.folder

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(freeze, range(8)))) == 1
    store = shop.folder / ".landform" / "releases"
    assert len([path for path in store.iterdir() if path.is_dir()]) == 1


def test_old_copies_go_unless_they_were_used_within_a_day(shop: Shop) -> None:
    copies = []
    for number in range(24):
        shop.write({"modules/m/x.txt": str(number)})
        copies.append(_copy_of(shop.place()))
        if number < 2:
            os.utime(copies[-1], (1_000_000, 1_000_000))
    assert [path.exists() for path in copies] == [False, False] + [True] * 22


def test_half_a_copy_of_a_killed_landform_goes(shop: Shop) -> None:
    half = shop.folder / ".landform/releases/new-abcd"
    half.mkdir(parents=True)
    _copy_of(shop.place())
    assert not half.exists()


def test_what_was_applied_from_a_copy_is_what_lies_in_the_project(shop: Shop) -> None:
    """``status`` compares the two: files that a copy leaves out don't count."""
    shop.write({"modules/m/LICENSE": "free", "modules/m/.git/config": "x", "modules/m/run.log": "y"})
    place = shop.place()
    write_files(place.home, generated_files(place.project))
    with frozen(place) as copy:
        applied = code_digests(copy)
    assert code_digests(place) == applied
    shop.write({"modules/m/run.sh": "echo other\n"})
    assert code_digests(place)["net"] != applied["net"]


def test_a_readme_of_a_module_that_comes_with_landform_makes_no_difference(shop: Shop) -> None:
    """The roots have a copy of the module with its README, which a copy of the project leaves out."""
    stacks = "  net: {module: vpc, inputs: {cidr: '${var.x}'}}\n"
    shop.write({"landform.yaml": f"project: shop\nbackend: local\nstacks:\n{stacks}"})
    place = shop.place()
    write_files(place.home, generated_files(place.project))
    with frozen(place) as copy:
        applied = code_digests(copy)
    assert code_digests(place) == applied
