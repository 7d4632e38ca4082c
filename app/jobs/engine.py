"""What restoring needs in memory, kept from one run to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior


class Engine:
    """The loaded prior. Only the worker thread calls its methods.

    torch takes seconds to import and the window starts without it, so it is imported here when
    the first of these is called.
    """

    def __init__(self, prior_path: Path) -> None:
        self._path = prior_path
        self._prior: Prior | None = None

    def prior(self, device_name: str) -> Prior:
        """The prior on that device. Raises as `choose_device` and `load_prior`."""
        from ddrm_core.prior.checkpoint import load_prior
        from ddrm_core.prior.precision import choose_device

        device = choose_device(device_name)
        if self._prior is None or self._prior.device != device:
            self._prior = load_prior(self._path, device)
        return self._prior

    def devices(self) -> tuple[str, ...]:
        """Names of the devices present, for `prior`; imports the engine on the way."""
        import torch

        import ddrm_core.restore  # noqa: F401

        found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
        return ("auto", "cpu", *(name for name, present in found.items() if present))
