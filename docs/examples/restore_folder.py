"""Restore the JPEGs of a folder with a progress bar; continue after a file that fails.

Run `python docs/examples/restore_folder.py album restored`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ddrm_core as ddrm


def restore_folder(folder: Path, output: Path) -> None:
    """Restore all files of `folder` that end with .jpg as PNG files in `output`."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings = ddrm.PRESETS[ddrm.Preset.FAST]
    output.mkdir(exist_ok=True)
    for source in sorted(folder.glob("*.jpg")):
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
    restore_folder(Path(sys.argv[1]), Path(sys.argv[2]))
