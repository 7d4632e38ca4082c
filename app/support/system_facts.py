"""Facts about the program and its computer for reports, without names of users and computers."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import psutil

from app.i18n.formatting import format_size
from ddrm_core import PROGRAM_NAME, __version__


def describe_program() -> list[str]:
    """Return lines with the versions of the program and of Python."""
    return [
        f"{PROGRAM_NAME} {__version__}",
        f"Python {platform.python_version()}, {platform.python_implementation()}",
    ]


def describe_computer() -> list[str]:
    """Return lines with the system, the processor and the memory of this computer."""
    memory = psutil.virtual_memory()
    return [
        f"System: {platform.system()} {platform.release()} {platform.machine()}",
        f"Processor: {_find_processor_name()}, {psutil.cpu_count()} cores",
        f"Memory: {format_size(memory.total)}, {format_size(memory.available)} free",
    ]


def _find_processor_name() -> str:
    """Return the product name of the processor, or its architecture if the name is unknown."""
    try:
        cpu_info = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", cpu_info, re.MULTILINE)
    return found[1] if found else platform.machine()
