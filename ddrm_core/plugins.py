"""Plug-ins by name, registered by a script or offered by installed packages.

An installed package offers a plug-in by an entry point. Names of entry points are listed without
importing a package. Only `load_installed` imports a package, and its callers may only pass a name
that the user gave.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from ddrm_core.errors import CoreError
from ddrm_core.messages import Reason, tr_noop
from ddrm_core.os_errors import reading

if TYPE_CHECKING:  # importing importlib.metadata takes as long as reading a header
    from importlib.metadata import EntryPoint

_NAME_PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_MAX_PRINTED_LENGTH = 64


class PluginKind(Enum):
    """The kind of a plug-in: a correction or an architecture."""

    CORRECTION = "correction"
    ARCHITECTURE = "architecture"


class CorrectionProblem(Reason):
    """The reason why a correction cannot be used."""

    UNKNOWN = tr_noop("There is no correction {name} here")
    NEEDED = tr_noop("{path} needs the correction {name}, which is not in use")
    UNUSABLE = tr_noop("The correction {name} of {distribution} cannot be used: {reason}")


class ArchitectureProblem(Reason):
    """The reason why an architecture cannot be used."""

    UNKNOWN = tr_noop("There is no architecture {name} here")
    NEEDED = tr_noop("{path} needs the architecture {name}, which is not in use")
    UNUSABLE = tr_noop("The architecture {name} of {distribution} cannot be used: {reason}")


_PROBLEMS: dict[PluginKind, type[CorrectionProblem] | type[ArchitectureProblem]] = {
    PluginKind.CORRECTION: CorrectionProblem,
    PluginKind.ARCHITECTURE: ArchitectureProblem,
}


@dataclass(eq=False)
class UnknownPlugin(CoreError):
    """The error that a correction or an architecture is not registered.

    Attributes:
        kind: Kind of the plug-in.
        name: Name of the plug-in, without control characters.
        distribution: Installed distribution that offers the plug-in, None if no distribution does.
        path: File that names the plug-in, None for a name that the user gave.
    """

    kind: PluginKind
    name: str
    distribution: str | None = None
    path: Path | None = None

    @property
    def template(self) -> Reason:
        problems = _PROBLEMS[self.kind]
        return problems.UNKNOWN if self.path is None else problems.NEEDED


@dataclass(eq=False)
class UnusablePlugin(CoreError):
    """The error that an installed plug-in cannot be imported or is not a plug-in of its kind.

    Attributes:
        kind: Kind of the plug-in.
        name: Name of the plug-in.
        distribution: Distribution that offers the plug-in.
        reason: Error of the import in one line, without control characters.
    """

    kind: PluginKind
    name: str
    distribution: str
    reason: str

    @property
    def template(self) -> Reason:
        return _PROBLEMS[self.kind].UNUSABLE


@runtime_checkable
class Plugin(Protocol):
    """The interface of a plug-in: an object with the name by which a registry finds it."""

    @property
    def name(self) -> str:
        """Name in the registry, on the command line and in stored files."""


PluginT = TypeVar("PluginT", bound=Plugin)


@dataclass(frozen=True, slots=True)
class PluginIdentity:
    """The origin of a plug-in's code, which distinguishes two plug-ins of the same name.

    Attributes:
        name: Name in the registry.
        distribution: Name of the installed distribution, empty for a script.
        version: Version of the distribution, empty for a script.
        sha256: SHA-256 of the script in hexadecimal, empty for an installed distribution.
    """

    name: str
    distribution: str = ""
    version: str = ""
    sha256: str = ""


class PluginRegistry(Generic[PluginT]):
    """A registry of the plug-ins of one kind.

    Plug-ins are built in, registered by a script, or loaded from installed packages on request.
    """

    def __init__(
        self, kind: PluginKind, group: str, plugin_type: type, built_in: Iterable[PluginT]
    ) -> None:
        """Create a registry of built-in plug-ins.

        Args:
            kind: Kind of the plug-ins, for errors.
            group: Group of the entry points.
            plugin_type: Class of the plug-ins; an installed object of another class is refused.
            built_in: Built-in plug-ins, whose names no other plug-in can have.
        """
        self._kind, self._group, self._plugin_type = kind, group, plugin_type
        self._plugins = {plugin.name: plugin for plugin in built_in}
        self._identities: dict[str, PluginIdentity] = {}

    def register(self, plugin: PluginT, file: str | Path) -> None:
        """Add a plug-in of a script.

        Args:
            plugin: Plug-in with an unused name of lower-case letters, digits, "_" and "-".
            file: File of the plug-in's code, `__file__`, whose SHA-256 identifies the plug-in.

        Raises:
            ValueError: If the name is malformed or taken.
            UnreadableFile: If the file cannot be read.
        """
        with reading(Path(file)):
            sha256 = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        self._add(plugin, PluginIdentity(plugin.name, sha256=sha256))

    def names(self) -> tuple[str, ...]:
        """Return the names of the registered plug-ins, built-in plug-ins first."""
        return tuple(self._plugins)

    def get(self, name: str, path: Path | None = None) -> PluginT:
        """Return a registered plug-in, without importing packages.

        Args:
            name: Name as given by the user or a file.
            path: File that contains the name, None for a name that the user gave.

        Raises:
            UnknownPlugin: If no plug-in of this name is registered.
        """
        if name in self._plugins:
            return self._plugins[name]
        offer = self.list_installed().get(name)
        distribution = None if offer is None else offer.distribution
        raise UnknownPlugin(self._kind, make_printable(name), distribution, path)

    def list_installed(self) -> dict[str, PluginIdentity]:
        """Return the origin of every plug-in that installed packages offer, by name.

        No package is imported. Plug-ins with the name of a built-in plug-in are left out.
        """
        return {
            name: _identify(entry_point)
            for name, entry_point in self._find_entry_points().items()
            if not self._is_built_in(name)
        }

    def list_refused(self) -> tuple[str, ...]:
        """Return the names of plug-ins of installed packages that are refused.

        A plug-in is refused if a built-in plug-in has the same name.
        """
        return tuple(filter(self._is_built_in, self._find_entry_points()))

    def load_installed(self, name: str) -> None:
        """Import an installed plug-in, whose name the user gave, and register it.

        Do nothing if a plug-in of this name is registered already.

        Raises:
            UnknownPlugin: If no installed package, or more than one, offers the name.
            UnusablePlugin: If the import fails or does not give a plug-in of this name.
        """
        if name in self._plugins:
            return
        entry_point = self._find_entry_points().get(name)
        if entry_point is None:
            raise UnknownPlugin(self._kind, make_printable(name))
        identity = _identify(entry_point)
        try:
            plugin: PluginT = entry_point.load()
            if not isinstance(plugin, self._plugin_type) or plugin.name != name:
                raise TypeError(f"{entry_point.value} is not the {self._kind.value} {name}")
            self._add(plugin, identity)
        # Foreign code may raise any exception at its import.
        except Exception as error:
            reason = make_printable(f"{type(error).__name__}: {error}", 300)
            raise UnusablePlugin(self._kind, name, identity.distribution, reason) from error

    def identify(self, name: str) -> PluginIdentity | None:
        """Return the origin of a registered plug-in, None for a built-in one."""
        return self._identities.get(name)

    def format_origin(self, name: str) -> str | None:
        """Return the origin of a plug-in for run records and hashes, None for a built-in one.

        The origin is a distribution and its version, or the SHA-256 of a script.
        """
        identity = self.identify(name)
        if identity is None:
            return None
        if identity.sha256:
            return f"sha256:{identity.sha256}"
        return f"{identity.distribution} {identity.version}"

    def _add(self, plugin: PluginT, identity: PluginIdentity) -> None:
        if not _NAME_PATTERN.fullmatch(plugin.name):
            raise ValueError(f"{make_printable(plugin.name)!r} is no name of a plug-in")
        if plugin.name in self._plugins:
            raise ValueError(f"the {self._kind.value} {plugin.name!r} is registered already")
        self._plugins[plugin.name] = plugin
        self._identities[plugin.name] = identity

    def _is_built_in(self, name: str) -> bool:
        return name in self._plugins and name not in self._identities

    def _find_entry_points(self) -> dict[str, EntryPoint]:
        """Return the entry points of installed packages by name, if valid and unique."""
        from importlib.metadata import entry_points

        found = [e for e in entry_points(group=self._group) if _NAME_PATTERN.fullmatch(e.name)]
        counts = Counter(entry_point.name for entry_point in found)
        return {e.name: e for e in sorted(found) if counts[e.name] == 1}


def make_printable(text: str, max_length: int = _MAX_PRINTED_LENGTH) -> str:
    """Return a text from outside the program, shortened and with "?" for control characters."""
    return "".join(c if c.isprintable() else "?" for c in text[:max_length])


def _identify(entry_point: EntryPoint) -> PluginIdentity:
    distribution = entry_point.dist
    if distribution is None:
        return PluginIdentity(entry_point.name)
    return PluginIdentity(entry_point.name, distribution.name, distribution.version)
