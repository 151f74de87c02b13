"""landform's own Terraform CLI configuration: the user's settings, plus mirrors found, plus a plugin cache.

Facts (1.11.4): with an unpacked mirror, ``init`` makes a symbolic link, with or without a plugin cache, so
nothing is copied; a plugin cache is not safe for two ``init`` at once ("not guaranteed to be concurrency
safe"). So the cache is given to an ``init`` only when a provider may have to be fetched, and then under a
lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from landform.engine.environment import cache_folder, home_folder
from landform.engine.mirrors import Mirror, find_mirrors

_COMMENTS = re.compile(r"\"(?:\\.|[^\"\\])*\"|#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_LOCKED = re.compile(r'^provider "([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CliConfig:
    """What an engine is configured with.

    ``path`` is for ``TF_CLI_CONFIG_FILE``, None where the engine's own defaults do; ``mirrored`` are the
    providers a mirror holds; ``cache`` is landform's plugin cache, None when the user has one of their own;
    ``lock`` is held while any cache is written.
    """

    path: Path | None
    mirrored: frozenset[str]
    cache: Path | None
    lock: Path


def prepare_cli_config(environ: Mapping[str, str], *, cache_dir: Path | None = None) -> CliConfig:
    """Write the configuration into the user's cache and say where it is.

    ``environ`` is the shell's own environment, before ``clean_environment``. The file is 0600: it may hold
    the user's tokens.
    """
    cache = cache_dir or cache_folder(environ)
    users, text = _users_settings(environ)
    mirrors = () if _sets(text, "provider_installation") else find_mirrors(environ)
    has_cache = bool(environ.get("TF_PLUGIN_CACHE_DIR")) or _sets(text, "plugin_cache_dir")
    if text.lstrip().startswith("{"):  # the JSON form takes no block after it: theirs is used as it is
        mirrors = ()
    path = _write(cache, f"{text}\n{render_mirrors(mirrors)}".lstrip()) if mirrors else users
    return CliConfig(
        path=path,
        mirrored=frozenset(name for mirror in mirrors for name in mirror.providers),
        cache=None if has_cache else cache / "plugins",
        lock=cache / "plugins.lock",
    )


def render_mirrors(mirrors: tuple[Mirror, ...]) -> str:
    """A ``provider_installation`` block: each mirror for what it holds, the registries for the rest."""
    lines = ["provider_installation {"]
    for mirror in mirrors:
        include = f"    include = {_list(mirror.providers)}"
        lines += ["  filesystem_mirror {", f"    path    = {_quote(str(mirror.path))}", include, "  }"]
    everything = tuple(dict.fromkeys(name for mirror in mirrors for name in mirror.providers))
    # Without the exclusion Terraform asks the registry as well, and fails where there is no network.
    return "\n".join([*lines, "  direct {", f"    exclude = {_list(everything)}", "  }", "}", ""])


@asynccontextmanager
async def plugin_cache(
    config: CliConfig | None, folder: Path, env: Mapping[str, str]
) -> AsyncIterator[dict[str, str]]:
    """What to add to the environment of an ``init`` in ``folder``; holds the lock while a cache is in use.

    Roots whose locked providers are all mirrored use no cache, and so run side by side.
    """
    if config is None or _all_mirrored(config, folder):
        yield {}
        return
    from asyncio import sleep

    from filelock import FileLock, Timeout

    added = {}
    try:
        config.lock.parent.mkdir(parents=True, exist_ok=True)
        if config.cache and not env.get("TF_PLUGIN_CACHE_DIR"):
            config.cache.mkdir(exist_ok=True)
            added["TF_PLUGIN_CACHE_DIR"] = str(config.cache)
    except OSError:  # a home that cannot be written: providers are then kept per data folder
        yield {}
        return
    lock = FileLock(config.lock)
    while not lock.is_locked:
        with suppress(Timeout):
            lock.acquire(blocking=False)
            break
        await sleep(0.05)
    try:
        yield added
    finally:
        lock.release()


def link_past_cache(data_dir: Path) -> None:
    """Link a root to what a plugin cache itself only links to, such as a mirror.

    Another root's ``init`` makes the link in the cache anew, and for a moment there is none.
    """
    for link in data_dir.glob("providers/*/*/*/*/*"):
        if link.is_symlink() and link.readlink().is_symlink():
            beside = link.with_name(f"{link.name}.new")
            beside.unlink(missing_ok=True)
            beside.symlink_to(link.resolve())
            beside.replace(link)


def _all_mirrored(config: CliConfig, folder: Path) -> bool:
    try:
        locked = _LOCKED.findall((folder / ".terraform.lock.hcl").read_text())
    except OSError:
        return False
    return bool(locked) and config.mirrored.issuperset(locked)


def _users_settings(environ: Mapping[str, str]) -> tuple[Path | None, str]:
    """The user's one file, and the text of all files Terraform would read for them."""
    named = environ.get("TF_CLI_CONFIG_FILE") or environ.get("TERRAFORM_CONFIG")
    if named and (text := _text(Path(named))) is not None:
        return Path(named).absolute(), text
    home = home_folder(environ)
    texts = []
    for path in (home / ".terraformrc", home / ".tofurc"):
        if (text := _text(path)) is not None:
            texts.append(text)
            break
    # Terraform reads these as well, but only when no file is named in the environment.
    texts += [_text(path) or "" for path in sorted((home / ".terraform.d").glob("*.tfrc"))]
    return None, "\n".join(texts)


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        return None


def _sets(text: str, name: str) -> bool:
    if name not in text:
        return False
    import pygohcl

    with suppress(pygohcl.HCLParseError, pygohcl.HCLInternalError, pygohcl.UnknownFunctionError):
        return name in pygohcl.loads(text)
    bare = _COMMENTS.sub("", text)
    return bool(re.search(rf"(?m)^\s*{name}\b", bare))


def _write(cache: Path, text: str) -> Path:
    """Named after its content: two landforms with different settings never overwrite each other's."""
    folder = cache / "cli-config"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:  # no home that can be written, as in many containers
        from tempfile import mkdtemp

        folder = Path(mkdtemp(prefix="landform-"))
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.tfrc"
    if _text(path) != text:
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        fresh.replace(path)
    return path


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_quote, names)) + "]"
