"""Files that version 0.1.0 wrote, and the settings in them.

golden/stored_0.1.0/README.md describes the files.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.settings import NoiseSpacing, SamplerSettings
from tests.support.paths import GOLDEN

STORED = GOLDEN / "stored_0.1.0"
SOURCES = STORED.parent / "batch_0.1.0" / "sources"
# A path that is absolute on this system; the stored files contain /home/ann.
HOME = Path("/home/ann").absolute()

SAMPLER = SamplerSettings(
    steps=3,
    samples=2,
    start=400,
    correction="paper",
    eta=0.75,
    antithetic=False,
    start_factor=3.5,
    end_factor=0.5,
    spacing=NoiseSpacing.UNIFORM,
    temperature=0.875,
    momentum=0.125,
    turned_views=False,
    correction_parameters=(PaperParameters(0.25), BinsParameters(1.25)),
)
"""Settings of the first preset and of the batch; no value is a default of 0.1.0."""
OTHER = SamplerSettings(
    steps=5,
    samples=4,
    start=123,
    correction="paper",
    eta=0.5,
    antithetic=False,
    start_factor=2.5,
    end_factor=0.3,
    spacing=NoiseSpacing.UNIFORM,
    temperature=0.25,
    momentum=0.375,
    turned_views=False,
    correction_parameters=(PaperParameters(0.625), BinsParameters(2.25)),
)
"""Settings of the second preset and of one file of the batch."""


def copy_priors(folder: Path) -> Path:
    """Copy the imported priors stored by 0.1.0, "tiny" and "tiny-adm", to a folder; return it."""
    shutil.copytree(STORED / "priors", folder)
    packed = folder / "tiny-adm.safetensors.gz"
    packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    (folder / "estimates.safetensors").unlink()
    return folder


def copy_text(name: str, target: Path) -> Path:
    """Copy a text file stored by 0.1.0 to `target`, and return `target`.

    Its paths are replaced by paths that are absolute on this system.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    text = (STORED / name).read_text("utf-8")
    target.write_text(text.replace("/home/ann", HOME.as_posix()), "utf-8")
    return target
