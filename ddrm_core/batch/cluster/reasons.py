"""Errors of a cluster, and the check whether its package is installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from ddrm_core.errors import CoreError
from ddrm_core.messages import Text, tr_noop


@dataclass(eq=False)
class ClusterNotInstalled(CoreError):
    """The error that the package for clusters is not installed.

    Attributes:
        package_name: Name of the missing package.
    """

    template = tr_noop("{package_name} is not installed, and --cluster needs it")
    package_name: str


def check_installed() -> None:
    """Raise ClusterNotInstalled if Ray is not installed; Ray is not imported."""
    if importlib.util.find_spec("ray") is None:
        raise ClusterNotInstalled("Ray")


@dataclass(eq=False)
class ClusterUnavailable(CoreError):
    """The error that no cluster is reached at an address, or that none can be started.

    Attributes:
        address: Address that the user gave.
        reason: Reason in the words of Ray.
    """

    template = tr_noop("The cluster {address} cannot be used: {reason}")
    address: str
    reason: Text


@dataclass(eq=False)
class NoWorkerStarted(CoreError):
    """The warning that no worker of a cluster has started, which may change at any time.

    Attributes:
        cpu_count: Number of CPUs that a worker needs on one machine.
        gpu_count: Number of GPUs that a worker needs there.
    """

    template = tr_noop(
        "The cluster has started no worker for a minute; each needs a machine with free resources"
        " (CPUs: {cpu_count}, GPUs: {gpu_count})"
    )
    cpu_count: int
    gpu_count: int


@dataclass(eq=False)
class VersionDiffers(CoreError):
    """The error that a machine of a cluster has another version of the program.

    Attributes:
        host: Name of the machine.
        actual: Version on the machine.
        expected: Version of the driver.
    """

    template = tr_noop("{host} has version {actual} of the program, this is {expected}")
    host: str
    actual: str
    expected: str
