"""Registry of corrections: built in, registered by a script, or installed with a package."""

from __future__ import annotations

from ddrm_core.plugins import PluginKind, PluginRegistry
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.corrections.parameters import CorrectionParameters

CORRECTIONS: PluginRegistry[CorrectionParameters] = PluginRegistry(
    PluginKind.CORRECTION,
    "ddrm_restore.corrections",
    CorrectionParameters,
    (BinsParameters(), PaperParameters()),
)
"""Each correction with its default parameters.

The entry point of a package names an object with default parameters, too.
"""
