"""Build the program as one folder with all that it needs, test it, and pack it.

    python3 .ci/build.py                              the folder build/bundle/dist/ddrm-restore
    python3 .ci/build.py --package                    also a .deb (Linux) or an archive
    python3 .ci/build.py --if-changed-since COMMIT    nothing unless a file of the build has changed

The build machine's system decides on which systems the program runs: on Linux those with its
version of glibc or a newer one. Needed on Linux: binutils, and dpkg-deb for the package. The script
itself uses the standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from launch import ROOT, TORCH, install_system_packages

from ddrm_core.program import PROGRAM_NAME, __version__

WORK = ROOT / "build" / "bundle"
VENV = WORK / "venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
COMMAND = "ddrm-restore"
PROGRAM = WORK / "dist" / COMMAND
BUILD_FILES = (
    "build_installer.spec",
    "pyproject.toml",
    *(f".ci/{name}.py" for name in ("build", "bundle_files", "debian_package", "third_party")),
    *(".ci/macos_image.sh", ".ci/macos_entitlements.plist", ".ci/windows_installer.iss"),
)
LARGEST = 10
CHECK_CPU_ONLY = "import sys, torch; sys.exit(torch.version.cuda is not None)"


def main(arguments: list[str]) -> int:
    options = parse_arguments(arguments)
    changed = find_changed_files(options.if_changed_since)
    if not changed:
        print("No file of the build has changed.")
        return 0
    began = time.monotonic()
    set_up()
    subprocess.check_call(
        [
            *(BIN / "python", "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", WORK / "dist", "--workpath", WORK / "work"),
            ROOT / "build_installer.spec",
        ]
    )
    print(f"Built in {time.monotonic() - began:.0f} s: {PROGRAM}")
    test_program(PROGRAM)
    print_sizes(PROGRAM)
    if options.package:
        write_checksum(pack())
    return 0


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", action="store_true")
    parser.add_argument("--if-changed-since", metavar="COMMIT")
    return parser.parse_args(arguments)


def find_changed_files(commit: str | None) -> list[str]:
    """Return the files of the build that differ from a commit; all of them without a commit."""
    if commit is None:
        return list(BUILD_FILES)
    command = ["git", "diff", "--name-only", commit, "--", *BUILD_FILES]
    return subprocess.check_output(command, cwd=ROOT, text=True).split()


def set_up() -> None:
    """Install the program's dependencies and PyInstaller in an environment of their own."""
    if sys.platform == "linux":
        install_system_packages()
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])
        pip = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.check_call([*pip, TORCH, f"{ROOT}[build]"])
        # The build takes the program from the repository.
        subprocess.check_call([*pip[:3], "uninstall", "--quiet", "--yes", COMMAND])
        stamp.write_text(wanted)
    if subprocess.call([BIN / "python", "-c", CHECK_CPU_ONLY]):
        sys.exit(
            "torch is a build for CUDA, which would make the program several times as large. Let"
            " pip find the build for the CPU, for example with"
            " PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu"
            f" and {TORCH}+cpu, and remove {VENV}."
        )


def test_program(folder: Path) -> None:
    """Run the self-test of the built program without any other program within its reach."""
    with tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        environment = {"HOME": home, "PATH": "", **kept}
        program = folder / f"{COMMAND}{'.exe' if os.name == 'nt' else ''}"
        print(f"+ {program} --self-test", flush=True)
        subprocess.check_call([program, "--self-test"], cwd=home, env=environment)


def print_sizes(folder: Path) -> None:
    """Print the sizes of the largest parts of the program, also compressed as in an archive."""
    parts = folder / "_internal"
    rows = [(sum(sizes), sum(packed), path.name) for path, sizes, packed in measure_parts(parts)]
    rows.append((*measure_file(next(folder.glob(f"{COMMAND}*"))), "the program's own modules"))
    rows.sort(reverse=True)
    print(f"{'part':32} {'MB':>8} {'deflated':>9}")
    for size, packed, name in rows[:LARGEST]:
        print(f"{name:32} {size / 1e6:8.1f} {packed / 1e6:9.1f}")
    others = rows[LARGEST:]
    for name, chosen in (("others", others), ("all", rows)):
        size, packed = (sum(row[column] for row in chosen) for column in (0, 1))
        print(f"{name:32} {size / 1e6:8.1f} {packed / 1e6:9.1f}")


def measure_parts(folder: Path) -> Iterator[tuple[Path, list[int], list[int]]]:
    for path in folder.iterdir():
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        measured = [measure_file(file) for file in files if not file.is_symlink()]
        yield path, [size for size, _ in measured], [packed for _, packed in measured]


def measure_file(path: Path) -> tuple[int, int]:
    """Return the size of a file, and its size after deflate at the fastest level."""
    compressor = zlib.compressobj(1)
    packed = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            packed += len(compressor.compress(block))
    return path.stat().st_size, packed + len(compressor.flush())


def pack() -> Path:
    """Return the path of the package of this system that is made from the program's folder."""
    if sys.platform == "linux":
        command = [BIN / "python", ROOT / ".ci" / "debian_package.py"]
        return Path(subprocess.check_output(command, text=True).strip())
    if sys.platform == "win32":
        values = [f"/DVersion={__version__}", f"/DName={PROGRAM_NAME}"]
        subprocess.check_call(["iscc", *values, ROOT / ".ci" / "windows_installer.iss"])
        return next((WORK / "packages").glob("*.exe"))
    if sys.platform == "darwin":
        script = ROOT / ".ci" / "macos_image.sh"
        subprocess.check_call(["bash", script, PROGRAM_NAME, __version__])
        return next((WORK / "packages").glob("*.dmg"))
    sys.exit(f"no package is known for {sys.platform}")


def write_checksum(package: Path) -> None:
    """Write the SHA-256 of a package to a file beside it, as `sha256sum --check` reads it."""
    digest = hashlib.sha256()
    with package.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    line = f"{digest.hexdigest()}  {package.name}\n"
    package.with_name(f"{package.name}.sha256").write_text(line)
    print(f"{package} ({package.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"The build failed: {' '.join(map(str, error.cmd))}\nIts own message is above.")
    except KeyboardInterrupt:
        sys.exit(130)
