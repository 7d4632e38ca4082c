"""The prior that is installed with the program."""

from pathlib import Path

_RESOURCES_FOLDER = Path(__file__).resolve().parents[2] / "resources"
BUNDLED_PRIOR_PATH = _RESOURCES_FOLDER / "priors" / "compact.safetensors"
