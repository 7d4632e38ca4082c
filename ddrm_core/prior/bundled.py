"""The prior that is installed with the program."""

from pathlib import Path

_RESOURCES_FOLDER = Path(__file__).resolve().parents[2] / "resources"
PRIORS_FOLDER = _RESOURCES_FOLDER / "priors"
BUNDLED_PRIOR_PATH = PRIORS_FOLDER / "compact.safetensors"
