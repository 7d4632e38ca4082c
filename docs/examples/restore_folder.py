"""Restore the JPEGs of a folder with a progress bar; continue after a file that fails.

Run `python docs/examples/restore_folder.py album restored`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ddrm_core as ddrm


def list_jpegs(folder: Path) -> list[Path]:
    """Return the files of `folder` that end with .jpg; end the script if there are none."""
    if not folder.is_dir():
        sys.exit(f"{folder} is not a folder. Name a folder with JPEGs.")
    sources = sorted(folder.glob("*.jpg"))
    if not sources:
        sys.exit(f"{folder} has no file that ends with .jpg. Name a folder with JPEGs.")
    return sources


def restore_files(sources: list[Path], output: Path) -> None:
    """Restore JPEGs as PNG files in the folder `output`, which is created if it is missing."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings = ddrm.PRESETS[ddrm.Preset.FAST]
    output.mkdir(exist_ok=True)
    for source in sources:
        try:
            run = ddrm.create_jpeg_run(ddrm.read_jpeg(source), prior, settings, seed=0)
            steps = ddrm.restore(run, ddrm.CancelToken())
            for step in steps:
                bar = "#" * (20 * step.evaluations_done // step.total_evaluations)
                print(f"\r{source.name} [{bar:<20}]", end="", flush=True)
            print()
            ddrm.save_result(steps.result, output / f"{source.stem}.png", overwrite=True)
        except ddrm.CoreError as error:
            print(error)


if __name__ == "__main__":
    restore_files(list_jpegs(Path(sys.argv[1])), Path(sys.argv[2]))
