"""CPU time that the prior takes in each process of a benchmark, written to a file per process.

Python imports a module of this name at its start. `workers.py` puts its folder into PYTHONPATH and
names the folder of the files in PRIOR_CLOCK_FOLDER, so that worker processes and Ray's actors are
measured, too, which do not run the code of the benchmark.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import os
import struct
import sys
import time
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

MODULE_NAME = "ddrm_core.prior.denoiser"


class ClockFinder(importlib.abc.MetaPathFinder):
    """A finder that adds a clock to the class `Prior` when its module is imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if name != MODULE_NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def execute_and_add_clock(module: ModuleType) -> None:
            execute(module)
            add_clock(module.Prior, self.folder / str(os.getpid()))

        spec.loader.exec_module = execute_and_add_clock  # type: ignore[method-assign]
        return spec


def add_clock(prior_class: type, path: Path) -> None:
    """Write the total CPU time of `denoise` in seconds to a file after each call."""
    denoise, total = prior_class.denoise, 0.0

    @functools.wraps(denoise)
    def measured(*arguments: object, **options: object) -> object:
        nonlocal total
        began = time.process_time()
        try:
            return denoise(*arguments, **options)
        finally:
            total += time.process_time() - began
            path.write_bytes(struct.pack("d", total))

    prior_class.denoise = measured


if folder_name := os.environ.get("PRIOR_CLOCK_FOLDER"):
    sys.meta_path.insert(0, ClockFinder(Path(folder_name)))
