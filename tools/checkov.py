"""Run checkov over the modules; exit 1 for a finding, and for a rule that checkov could not run itself.

checkov ends well when a rule of its own crashes, and then nobody has looked.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_CRASHED = "Failed to run check"


def main(program: str) -> int:
    """Run the checkov at ``program`` with the repository's own configuration."""
    done = subprocess.run(
        [program, "--config-file", str(_ROOT / ".checkov.yaml")],
        cwd=_ROOT, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    sys.stderr.write(done.stderr)
    return 1 if done.returncode or _CRASHED in done.stderr else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
