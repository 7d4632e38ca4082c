"""Restore one JPEG and save the result with its metadata and run record.

Run `python docs/examples/restore_one.py photo.jpg restored.png`. The suffix of the second path
determines the format. An existing file is not replaced.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ddrm_core as ddrm


def restore_one(source: Path, target: Path) -> None:
    """Restore a JPEG, save the result, and verify the saved file."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings = ddrm.PRESETS[ddrm.Preset.FAST]
    run = ddrm.create_jpeg_run(ddrm.read_jpeg(source), prior, settings, seed=0)
    result = ddrm.restore(run, ddrm.CancelToken()).drain()
    for note in ddrm.save_result(result, target).notes:
        print(note)
    consistency = ddrm.verify(target, source).consistency
    print(f"{target}: {consistency.inside_fraction:.2%} of the file's levels in their bins")


if __name__ == "__main__":
    restore_one(Path(sys.argv[1]), Path(sys.argv[2]))
