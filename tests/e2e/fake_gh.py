"""GitHub's comments in a file, for a ``gh`` that knows ``gh api`` as the workflows call it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import jq


def _option(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else ""


def main() -> None:
    """Answer one call; anything else than what GitHub has is an error."""
    store = Path(os.environ["GH_STORE"])
    comments: list[dict[str, Any]] = json.loads(store.read_text(encoding="utf-8"))
    assert os.environ["GH_TOKEN"] == "token"
    (url,) = (each for each in sys.argv if each.startswith("repos/shop/shop/issues/"))
    match _option("--method"):
        case "":
            assert url == "repos/shop/shop/issues/7/comments?per_page=100"
            for found in jq.compile(_option("--jq")).input_value(comments).all():
                sys.stdout.write(f"{found}\n")
        case "POST":
            assert url == "repos/shop/shop/issues/7/comments"
            comments.append({"id": len(comments), "user": {"login": "github-actions[bot]"}, "body": _body()})
        case "PATCH":
            (comment,) = (each for each in comments if str(each["id"]) == url.rpartition("/")[2])
            comment["body"] = _body()
    store.write_text(json.dumps(comments), encoding="utf-8")


def _body() -> str:
    key, _, path = _option("--field").partition("=@")
    assert key == "body"
    return Path(path).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
