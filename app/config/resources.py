"""Files that come with the program."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2] / "resources"
BUNDLED_PRIOR = _ROOT / "priors" / "compact.safetensors"
TRANSLATIONS = _ROOT / "translations"
SAMPLE = _ROOT / "samples" / "budgie_branch_qf10.jpg"
APP_ICON = _ROOT / "desktop" / "org.ddrm-restore.app.svg"
