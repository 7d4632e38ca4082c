"""Bring resources/translations up to date with the program's sentences. Standard library only.

    .venv/bin/python .ci/update_translations.py

New sentences become unfinished messages, and those that are gone are dropped. How to translate
them, and how to add a language, is in docs/TRANSLATING.md.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "app", ROOT / "ddrm_core")
CATALOGUES = ROOT / "resources" / "translations"
OPTIONS = (
    # `tr_noop("…")` is what `QT_TR_NOOP("…")` is elsewhere.
    *("-tr-function-alias", "QT_TR_NOOP+=tr_noop"),
    # Places in the sources would change with every change of them.
    *("-locations", "none", "-no-obsolete", "-sort-messages", "-silent"),
    # What is merely alike is not to pass for a translation.
    *("-disable-heuristic", "sametext", "-disable-heuristic", "similartext"),
    *("-source-language", "en"),
)


def update(catalogues: Sequence[Path]) -> None:
    """Rewrite these .ts files; fails where lupdate does."""
    tool = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if tool is None:
        sys.exit("There is no pyside6-lupdate beside this Python: run it with that of .venv.")
    sources = sorted(str(path) for folder in SOURCES for path in folder.rglob("*.py"))
    subprocess.run([tool, *OPTIONS, *sources, "-ts", *map(str, catalogues)], check=True)


if __name__ == "__main__":
    update(sorted(CATALOGUES.glob("*.ts")))
