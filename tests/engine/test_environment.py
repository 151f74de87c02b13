"""What an engine inherits."""

from __future__ import annotations

from pathlib import Path

from landform.engine.environment import cache_folder, clean_environment


def test_nothing_of_the_shell_changes_what_a_command_means() -> None:
    shell = {
        "PATH": "/bin",
        "AWS_PROFILE": "dev",
        "TF_PLUGIN_CACHE_DIR": "/cache",
        "TF_CLI_ARGS": "-lock=false",
        "TF_CLI_ARGS_plan": "-destroy",
        "TF_CLI_CONFIG_FILE": "/missing",
        "TF_DATA_DIR": "elsewhere",
        "TF_INPUT": "1",
        "TF_LOG": "trace",
        "TF_LOG_PATH": "/tmp/log",
        "TF_REATTACH_PROVIDERS": "{}",
        "TF_VAR_size": "large",
        "TF_WORKSPACE": "prod",
    }
    ours = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
    kept = {name: shell[name] for name in ("PATH", "AWS_PROFILE", "TF_PLUGIN_CACHE_DIR")}
    assert clean_environment(shell) == kept | ours
    assert clean_environment(shell, keep_variables=True) == kept | ours | {"TF_VAR_size": "large"}


def test_a_certificate_bundle_that_is_not_there_is_not_handed_on(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    assert "AWS_CA_BUNDLE" not in clean_environment({"AWS_CA_BUNDLE": str(bundle)})
    bundle.touch()
    assert clean_environment({"AWS_CA_BUNDLE": str(bundle)})["AWS_CA_BUNDLE"] == str(bundle)


def test_the_cache_follows_the_xdg_specification() -> None:
    assert cache_folder({"HOME": "/home/ann"}) == Path("/home/ann/.cache/landform")
    assert cache_folder({"HOME": "/home/ann", "XDG_CACHE_HOME": "/big"}) == Path("/big/landform")
    assert cache_folder({"HOME": "/home/ann", "XDG_CACHE_HOME": "relative"}) == Path(
        "/home/ann/.cache/landform"
    )
