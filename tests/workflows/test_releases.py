"""A release has the same name on any machine, and unpacks to exactly what was kept, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid, Refused
from landform.generator import generated_files, write_files
from landform.workflows.downloaded import downloaded_modules, tree_digest
from landform.workflows.frozen import frozen, sources_of
from landform.workflows.place import Place
from landform.workflows.records import LocalRecords, records_of
from landform.workflows.release import Release
from landform.workflows.release_diff import diff_releases, text_diff
from landform.workflows.release_store import (
    copy_release,
    find_release,
    keep_release,
    read_release,
    texts_of,
    unpack,
)
from landform.workflows.releasing import open_release
from workflows.place_kit import PROJECT, Shop

_LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.100.0"\n  hashes = ["%s"]\n}\n'


def _kept(shop: Shop, hashes: str = "h1:x") -> tuple[Place, Release]:
    """The shop's release, kept, with a downloaded module."""
    place = shop.place()
    write_files(place.home, generated_files(place.project))
    data = _downloaded(place.composed_data)
    (data / "lock.hcl").write_text(_LOCK % hashes)
    with frozen(place) as copy:
        sources = sources_of(copy.project)
        release = Release("shop", dict(sources.hashes), {"aws": "5.100.0"}, downloaded_modules(data))
        keep_release(records_of(place), release, sources, data / "modules", data / "lock.hcl")
    return place, release


def _downloaded(data: Path) -> Path:
    """A data folder in which Terraform has downloaded a module that calls one of its own."""
    home = data / "modules" / "far"
    (home / "inner").mkdir(parents=True, exist_ok=True)
    (home / ".git").mkdir(exist_ok=True)
    (home / ".git" / "config").write_text(str(data))
    (home / "main.tf").write_text('module "inner" {\n  source = "./inner"\n}\n')
    (home / "inner" / "main.tf").write_text("# inner\n")
    listed = [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "far", "Source": "git::https://example.com/far", "Dir": str(home)},
        {"Key": "far.inner", "Source": "./inner", "Dir": str(home / "inner")},
        {"Key": "net", "Source": "../../modules/m", "Dir": "../../modules/m"},
    ]
    (data / "modules" / "modules.json").write_text(json.dumps({"Modules": listed}))
    return data


def test_the_same_inputs_are_the_same_release_on_any_machine(tmp_path: Path) -> None:
    """Another folder, another time, a provider lock with the hashes of another platform."""
    digests, archives = [], []
    for number, hashes in ((1, "h1:linux"), (2, "h1:mac")):
        shop = Shop(tmp_path / f"machine{number}" / f"checkout{number}")
        shop.write(PROJECT)
        place, release = _kept(shop, hashes)
        digests.append(release.digest)
        archives.append(texts_of(records_of(place), release))
    assert digests[0] == digests[1]
    assert archives[0] == archives[1]


@pytest.mark.parametrize(
    "edit", ["modules/m/main.tf", "modules/m/run.sh", "landform.yaml", "modules/m/new.tf"]
)
def test_another_file_is_another_release(shop: Shop, edit: str) -> None:
    _, before = _kept(shop)
    path = shop.folder / edit
    path.write_text((path.read_text() if path.exists() else "") + "\n# edited\n")
    _, after = _kept(shop)
    assert before.digest != after.digest
    assert edit in diff_releases(before, after).files


def test_values_and_readmes_are_not_in_it(shop: Shop) -> None:
    _, before = _kept(shop)
    shop.write({"environments/dev/terraform.tfvars": 'x = "other"\n', "README.md": "new"})
    assert _kept(shop)[1].digest == before.digest


def test_a_downloaded_module_is_in_it_with_its_content_and_not_its_history(shop: Shop) -> None:
    place, before = _kept(shop)
    assert [(each.key, bool(each.digest)) for each in before.modules] == [("far", True), ("far.inner", False)]
    moved = place.composed_data / "modules" / "far" / "inner" / "main.tf"
    digest = tree_digest(place.composed_data / "modules" / "far")
    (place.composed_data / "modules" / "far" / ".git" / "config").write_text("fetched again")
    assert tree_digest(place.composed_data / "modules" / "far") == digest
    moved.write_text("# moved\n")
    assert tree_digest(place.composed_data / "modules" / "far") != digest


def test_it_unpacks_to_what_was_kept_and_opens_without_the_working_tree(shop: Shop) -> None:
    place, release = _kept(shop)
    shutil.rmtree(shop.folder / "modules")
    found = unpack(place.home, records_of(place), release)
    assert (found.folder / "modules/m/run.sh").read_text() == "echo hello\n"
    assert (found.modules / "far/inner/main.tf").read_text() == "# inner\n"
    assert not (found.modules / "far/.git").exists()
    opened, unread = open_release(place, records_of(place), release)
    assert sources_of(opened.project).hashes == release.sources
    assert opened.environment.values == {"x": "hunter2hunter2"}
    assert (opened.home, unread) == (place.home, ())
    assert (found.folder / "generated/net/.terraform.lock.hcl").read_text() == _LOCK % "h1:x"


def test_modules_above_the_project_come_back_above_it(shop: Shop) -> None:
    shop.write({"../shared/a/main.tf": 'variable "x" {\n  type = string\n}\n'})
    described = (shop.folder / "landform.yaml").read_text().replace("module: m", "module: ../shared/a")
    shop.write({"landform.yaml": described})
    place, release = _kept(shop)
    assert "../shared/a/main.tf" in release.sources
    opened, _ = open_release(place, records_of(place), release)
    assert opened.project.modules["net"].folder is not None
    assert sources_of(opened.project).hashes == release.sources


def test_what_was_edited_on_this_machine_is_unpacked_again(shop: Shop) -> None:
    place, release = _kept(shop)
    found = unpack(place.home, records_of(place), release)
    for path in (found.folder / "modules/m/main.tf", found.modules / "far/main.tf"):
        path.chmod(0o644)
        path.write_text("# edited\n")
        again = unpack(place.home, records_of(place), release)
        assert "edited" not in (again.folder / path.relative_to(found.folder)).read_text()
    planted = found.folder / "generated/net/planted.tf"
    planted.write_text("# planted\n")
    unpack(place.home, records_of(place), release)
    assert not planted.exists()


def test_an_archive_that_somebody_changed_is_refused(shop: Shop) -> None:
    place, release = _kept(shop)
    _, other = _kept_other(shop)
    records = records_of(place)
    forged = records.get(f"releases/{other.digest}.tar.gz")
    assert forged is not None
    records.replace(f"releases/{release.digest}.tar.gz", forged)
    with pytest.raises(Refused, match="is not what was kept"):
        unpack(place.home, records, release)
    records.replace(f"releases/{release.digest}.json", other.content)
    with pytest.raises(Refused, match="is not what was kept"):
        read_release(records, release.digest)


def _kept_other(shop: Shop) -> tuple[Place, Release]:
    shop.write({"modules/m/run.sh": "echo other\n"})
    return _kept(shop)


def test_it_is_found_by_the_start_of_its_digest(shop: Shop) -> None:
    place, release = _kept(shop)
    records = records_of(place)
    assert find_release(records, release.digest[:8]) == release
    for start in (release.digest[:5], "feedfeed"):
        with pytest.raises(Refused, match="no release"):
            find_release(records, start)


def test_a_copy_in_other_records_is_the_same_and_a_part_is_none(shop: Shop, tmp_path: Path) -> None:
    place, release = _kept(shop)
    other = LocalRecords(tmp_path / "other")
    copy_release(records_of(place), other, release)
    assert find_release(other, release.digest) == release
    assert unpack(tmp_path, other, release).folder.is_dir()
    records_of(place).remove(f"releases/{release.digest}.tar.gz")
    with pytest.raises(Refused, match="not whole"):
        copy_release(records_of(place), LocalRecords(tmp_path / "third"), release)


def test_a_value_that_is_lacking_is_named_and_one_that_is_not_read_is_told(shop: Shop) -> None:
    place, release = _kept(shop)
    shop.write({"environments/dev/terraform.tfvars": 'y = "new"\n'})
    with pytest.raises(ProjectInvalid) as refused:
        open_release(place, records_of(place), release)
    (fault,) = refused.value.faults
    assert "'x' has no value in 'dev'" in fault.what
    shop.write({"environments/dev/terraform.tfvars": 'x = "x"\ny = "new"\n'})
    _, unread = open_release(place, records_of(place), release)
    assert len(unread) == 1
    assert "terraform.tfvars:2: unknown variable 'y': no stack reads it." in unread[0]


def test_a_release_from_before_a_migration_of_states_is_refused(shop: Shop) -> None:
    place, release = _kept(shop)
    moved = (shop.folder / "landform.yaml").read_text()
    shop.write({"landform.yaml": moved.replace("backend: local", "backend: {s3: {bucket: elsewhere}}")})
    with pytest.raises(Refused, match="keeps the states of dev in local"):
        open_release(shop.place(), records_of(place), release)


def test_a_diff_shows_lines_and_says_what_is_no_text(shop: Shop) -> None:
    place, before = _kept(shop)
    shop.write({"modules/m/run.sh": "echo other\n"})
    (shop.folder / "modules/m/blob").write_bytes(b"\xff\xfe")
    _, after = _kept(shop)
    diff = diff_releases(before, after, place.project)
    assert diff.files == {"modules/m/blob": "added", "modules/m/run.sh": "changed"}
    assert diff.stacks == ("net",)
    records = records_of(place)
    lines = list(text_diff(diff.files, texts_of(records, before), texts_of(records, after)))
    assert "binary file modules/m/blob differs" in lines
    assert {"-echo hello", "+echo other"} <= set(lines)
