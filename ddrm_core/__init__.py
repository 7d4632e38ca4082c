"""JPEG artifact removal with a diffusion prior, without a graphical interface.

Each name of `__all__` is loaded at its first use. Importing this package loads no other library, so
that reading a header never waits for torch. `ddrm_core.errors` has all errors, and
docs/examples shows the use of the names.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ddrm_core.program import PROGRAM_NAME, __version__

__all__ = [
    "BUNDLED_PRIOR_PATH",
    "PRESETS",
    "PROGRAM_NAME",
    "CancelToken",
    "CoreError",
    "ExportSettings",
    "OutputSelection",
    "Preset",
    "Restoration",
    "SamplerSettings",
    "Verification",
    "__version__",
    "choose_device",
    "create_jpeg_run",
    "errors",
    "load_prior",
    "read_jpeg",
    "restore",
    "save_result",
    "verify",
]

if TYPE_CHECKING:
    from ddrm_core import errors
    from ddrm_core.cancel import CancelToken
    from ddrm_core.device.selection import choose_device
    from ddrm_core.errors import CoreError
    from ddrm_core.export.save_result import save_result
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.export.verify import verify
    from ddrm_core.jpeg.read import read_jpeg
    from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
    from ddrm_core.prior.checkpoint import load_prior
    from ddrm_core.restoration.executor import OutputSelection
    from ddrm_core.restoration.restore import Restoration, restore
    from ddrm_core.restoration.run import create_jpeg_run
    from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
    from ddrm_core.verification.verify import Verification
else:  # type checkers report a name that does not exist
    _MODULES = {
        "BUNDLED_PRIOR_PATH": "prior.bundled",
        "PRESETS": "sampler.settings",
        "CancelToken": "cancel",
        "CoreError": "errors",
        "ExportSettings": "export.settings",
        "OutputSelection": "restoration.executor",
        "Preset": "sampler.settings",
        "Restoration": "restoration.restore",
        "SamplerSettings": "sampler.settings",
        "Verification": "verification.verify",
        "choose_device": "device.selection",
        "create_jpeg_run": "restoration.run",
        "load_prior": "prior.checkpoint",
        "read_jpeg": "jpeg.read",
        "restore": "restoration.restore",
        "save_result": "export.save_result",
        "verify": "export.verify",
    }

    def __getattr__(name: str) -> object:
        """Import a public name at its first use."""
        if name == "errors":
            return import_module(f"{__name__}.errors")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
