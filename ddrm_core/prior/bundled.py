"""The prior that is installed with the program."""

from importlib.resources import files
from pathlib import Path

PRIORS_FOLDER = Path(str(files("resources"))).resolve() / "priors"
BUNDLED_PRIOR_PATH = PRIORS_FOLDER / "compact.safetensors"
