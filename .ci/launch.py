"""Set everything up in .venv, then run the program or its tests. Standard library only.

    python3 .ci/launch.py run [arguments of ddrm-restore]    without any: the window on the sample
    python3 .ci/launch.py test [arguments of pytest]         linters, types, layers, then the tests
    python3 .ci/launch.py test-scale                         tests of clusters, stores and kills
    python3 .ci/launch.py docs                               the documents as a site in build/site

Started again it reuses .venv and installs only when pyproject.toml has changed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SAMPLE = ROOT / "resources" / "samples" / "budgie_branch_qf10.jpg"
# The release the project is tested with; a bare "torch" would take whatever is newest.
TORCH = "torch==2.13.0"
# The pages of the site, and the files to which they link.
SITE_FILES = (
    *("*.md", "CITATION.cff", "LICENSE", "resources/**/*.md", "docs/**/*.md", "docs/examples/*.py"),
    *(f"docs/**/*.{suffix}" for suffix in ("csv", "png", "svg")),
)
PAGES = ROOT / "build" / "pages"
# Each test uses one thread, and waits for windows and programs a third of its time: so a process
# more than there are cores. Modules are not torn apart.
PARALLEL = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "loadscope"]
# A batch has two workers, so that more than two modules at once would wait for each other.
PARALLEL_BATCHES = ["-n", "auto", "--maxprocesses", "2", "--dist", "loadscope"]
# What Qt's plugins for Linux link to and its wheel does not bring, and Debian's package for each.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        sys.exit("DDRM Restore needs Python 3.11 or newer; this is " + sys.version.split()[0])
    match arguments:
        case ["run", *rest]:
            set_up("")
            return subprocess.call([BIN / "ddrm-restore", *(rest or ["open", str(SAMPLE)])])
        case ["test", *rest]:
            set_up("[test]")
            return test(rest)
        case ["test-scale"]:
            set_up("[test-scale]")
            return test_scale()
        case ["docs"]:
            set_up("[docs]")
            return build_site()
        case _:
            print(__doc__)
            return 2


def set_up(extras: str) -> None:
    """Bring system libraries and .venv to what pyproject.toml asks for."""
    if sys.platform == "linux":
        install_system_packages()
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "installed"
    done = stamp.read_text().split() if stamp.exists() else []
    if any(line.startswith(wanted) and line.endswith(extras) for line in done):
        return
    print("Setting up .venv; the first time this takes a few minutes.", flush=True)
    subprocess.check_call([sys.executable, "-m", "venv", VENV])  # completes one cut short, too
    pip = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.check_call([*pip, TORCH, "--editable", f"{ROOT}{extras}"])
    with stamp.open("a") as file:
        file.write(f"{wanted}{extras}\n")


def install_system_packages() -> None:
    """Debian's packages for what is missing: as root install them, else name them and stop."""
    missing = [package for name, package in QT_LIBRARIES.items() if not loads(name)]
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if not missing:
        return
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.check_call(["apt-get", "update", "-qq"], env=environment)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        subprocess.check_call([*install, *missing], env=environment)
        return
    sys.exit(
        "These system packages are missing; install them and start again:\n"
        f"    sudo apt-get install {' '.join(missing)}"
    )


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def test(arguments: list[str]) -> int:
    """Everything that must hold on main; the exit status of the first thing that does not."""
    steps = [
        ["ruff", "format", "--check", "--quiet", "."],
        ["ruff", "check", "--quiet", "."],
        ["mypy"],
        ["lint-imports"],
        ["pytest", *(arguments or PARALLEL)],
    ]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    for step in steps:
        print("+", *step, flush=True)
        status = subprocess.call([BIN / step[0], *step[1:]], cwd=ROOT, env=environment)
        if status:
            return status
    return 0


def test_scale() -> int:
    """Run the tests of clusters and of killed processes, which the other tests skip."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "DDRM_RESTORE_TEST_SCALE": "1"}
    command = [BIN / "pytest", "tests/scale", *PARALLEL_BATCHES]
    return subprocess.call(command, cwd=ROOT, env=environment)


def build_site() -> int:
    """Build the site from copies of its pages, which lie where they do in the repository."""
    if PAGES.exists():
        shutil.rmtree(PAGES)
    for source in {path for pattern in SITE_FILES for path in ROOT.glob(pattern)}:
        target = PAGES / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    config = ROOT / "docs" / "mkdocs.yml"
    return subprocess.call([BIN / "mkdocs", "build", "--strict", "--config-file", config])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"Set-up failed: {' '.join(map(str, error.cmd))}\nIts own message is above.")
    except KeyboardInterrupt:
        sys.exit(130)
