"""landform's CLI configuration: mirrors are found, the user's own settings stay."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from landform.engine import Terraform, prepare_cli_config
from landform.engine.cli_config import CliConfig, link_past_cache, plugin_cache
from landform.engine.mirrors import Mirror, find_mirrors

PROVIDER = "registry.terraform.io/example/thing"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror that holds one provider: a program that cannot do anything."""
    path = tmp_path / "srv" / "providers"
    program = path / PROVIDER / "1.2.3" / "linux_amd64" / "terraform-provider-thing_v1.2.3"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return path


def shell(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        "HOME": str(tmp_path / "home"),
        "LANDFORM_PROVIDER_MIRROR": str(tmp_path / "srv" / "providers"),
        **more,
    }


def prepare(tmp_path: Path, **more: str) -> tuple[CliConfig, str]:
    config = prepare_cli_config(shell(tmp_path, **more), cache_dir=tmp_path / "cache")
    return config, config.path.read_text() if config.path else ""


def test_a_mirror_serves_what_it_holds_and_the_registry_the_rest(tmp_path: Path, mirror: Path) -> None:
    config, text = prepare(tmp_path)
    assert PROVIDER in config.mirrored
    assert f'path    = "{mirror}"' in text
    assert f'include = ["{PROVIDER}"]' in text
    direct = text[text.index("direct {") :]
    assert PROVIDER in direct
    assert config.cache == tmp_path / "cache" / "plugins"
    assert config.path is not None
    assert config.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.terraform
def test_terraform_initialises_from_the_mirror_without_copying(
    make: Callable[..., Terraform], tmp_path: Path, mirror: Path
) -> None:
    root = make('terraform {\n  required_providers {\n    thing = { source = "example/thing" }\n  }\n}\n')
    config, _ = prepare(tmp_path)
    terraform = replace(root, cli_config=config)
    asyncio.run(terraform.init())
    assert PROVIDER in (root.folder / ".terraform.lock.hcl").read_text()
    asyncio.run(terraform.init(lockfile_readonly=True))
    assert root.data_dir is not None
    (installed,) = root.data_dir.glob(f"providers/{PROVIDER}/1.2.3/*")
    assert installed.is_symlink()
    assert installed.resolve().is_relative_to(mirror)


def test_the_users_settings_stay(tmp_path: Path, mirror: Path) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text(
        'credentials "app.terraform.io" {\n  token = "t0ken"\n}\nplugin_cache_dir = "/their/cache"\n'
    )
    config, text = prepare(tmp_path, TF_CLI_CONFIG_FILE=str(own))
    assert text.startswith(own.read_text())
    assert PROVIDER in text
    assert config.cache is None


def test_the_users_home_is_read_as_terraform_reads_it(tmp_path: Path, mirror: Path) -> None:
    home = tmp_path / "home"
    (home / ".terraform.d").mkdir(parents=True)
    (home / ".terraformrc").write_text("disable_checkpoint = true\n")
    (home / ".terraform.d" / "more.tfrc").write_text('credentials "example.com" {\n  token = "t"\n}\n')
    _, text = prepare(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "missing.tfrc"))
    assert "disable_checkpoint" in text
    assert "example.com" in text


@pytest.mark.parametrize(
    "text",
    [
        'provider_installation {\n  direct {}\n}\n',
        'provider_installation {\n  filesystem_mirror { path = "x" include = ["a/*/*"] }\n}\n',  # HCL 1 only
        '{"provider_installation": [{"direct": [{}]}]}',
    ],
)  # fmt: skip
def test_a_user_who_says_where_providers_come_from_is_obeyed(tmp_path: Path, mirror: Path, text: str) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text(text)
    config, _ = prepare(tmp_path, TF_CLI_CONFIG_FILE=str(own))
    assert config.path == own
    assert config.mirrored == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "# provider_installation {\n",
        "/* provider_installation {\n} */\n",
        'credentials "provider_installation" {\n token = "x" other = "y"\n}\n',
    ],
)
def test_a_remark_is_not_a_setting(tmp_path: Path, mirror: Path, text: str) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text(text)
    assert PROVIDER in prepare(tmp_path, TF_CLI_CONFIG_FILE=str(own))[0].mirrored


def test_without_mirrors_nothing_is_changed(tmp_path: Path) -> None:
    config, _ = prepare(tmp_path, LANDFORM_PROVIDER_MIRROR="off")
    assert (config.path, config.mirrored) == (None, frozenset())


def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path, mirror: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    config, text = prepare(tmp_path)
    assert PROVIDER in text

    async def main() -> None:
        async with plugin_cache(config, tmp_path, {}) as added:
            assert added == {}

    asyncio.run(main())


def test_mirrors_are_found_where_machines_have_them(tmp_path: Path, mirror: Path) -> None:
    packed = tmp_path / "share" / "terraform" / "plugins" / "registry.opentofu.org" / "example" / "packed"
    packed.mkdir(parents=True)
    (packed / "terraform-provider-packed_1.0.0_linux_amd64.zip").touch()
    (tmp_path / "srv" / "other" / "registry.terraform.io" / "empty").mkdir(parents=True)
    environ = {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "share"),
        "XDG_DATA_DIRS": str(tmp_path),
    }
    assert find_mirrors(environ, usual_roots=(str(tmp_path / "srv"), str(tmp_path / "missing"))) == (
        Mirror(tmp_path / "share" / "terraform" / "plugins", ("registry.opentofu.org/example/packed",)),
        Mirror(mirror, (PROVIDER,)),
    )


def test_only_inits_that_may_fetch_wait_for_each_other(tmp_path: Path, mirror: Path) -> None:
    config, _ = prepare(tmp_path)
    mirrored = tmp_path / "mirrored"
    mirrored.mkdir()
    (mirrored / ".terraform.lock.hcl").write_text(f'provider "{PROVIDER}" {{\n  version = "1.2.3"\n}}\n')
    entered: list[str] = []

    async def second() -> None:
        async with plugin_cache(config, tmp_path, {}):
            entered.append("second")

    async def main() -> None:
        async with plugin_cache(config, tmp_path, {}) as added:
            assert added == {"TF_PLUGIN_CACHE_DIR": str(tmp_path / "cache" / "plugins")}
            assert Path(added["TF_PLUGIN_CACHE_DIR"]).is_dir()
            waiting = asyncio.create_task(second())
            async with plugin_cache(config, mirrored, {}) as nothing:
                assert nothing == {}
            await asyncio.sleep(0.2)  # long enough for the other to have entered, were it allowed to
            assert entered == []
        await waiting

    asyncio.run(main())
    assert entered == ["second"]


def test_a_cache_of_the_users_own_is_used(tmp_path: Path, mirror: Path) -> None:
    config, _ = prepare(tmp_path, TF_PLUGIN_CACHE_DIR="/theirs")

    async def main() -> None:
        async with plugin_cache(config, tmp_path, {**os.environ, "TF_PLUGIN_CACHE_DIR": "/theirs"}) as added:
            assert added == {}

    asyncio.run(main())
    assert config.cache is None


def test_a_root_is_linked_to_the_mirror_and_not_to_the_caches_link(tmp_path: Path) -> None:
    """Another init takes the cache's link away for a moment, and a plan of this root would fail in it."""
    mirrored, kept = tmp_path / "mirror", tmp_path / "cache" / "unpacked"
    for folder in (mirrored, kept):
        folder.mkdir(parents=True)
    cached = tmp_path / "cache" / "linux_amd64"
    cached.symlink_to(mirrored)
    provider = tmp_path / "data" / "providers" / "registry.terraform.io" / "hashicorp" / "aws" / "5.100.0"
    provider.mkdir(parents=True)
    (provider / "linux_amd64").symlink_to(cached)
    (provider / "darwin_arm64").symlink_to(kept)

    link_past_cache(tmp_path / "data")

    cached.unlink()
    assert (provider / "linux_amd64").resolve(strict=True) == mirrored
    assert (provider / "darwin_arm64").readlink() == kept
    assert {each.name for each in provider.iterdir()} == {"linux_amd64", "darwin_arm64"}
