"""Words for failures of plug-ins: corrections and architectures that are not built in."""

from __future__ import annotations

from app import COMMAND
from app.i18n.translation import tr, tr_noop
from ddrm_core.plugins import PluginKind, UnknownPlugin, UnusablePlugin

_UNKNOWN = {
    PluginKind.CORRECTION: tr_noop("There is no correction {name} here"),
    PluginKind.ARCHITECTURE: tr_noop("There is no architecture {name} here"),
}
_UNKNOWN_IN_FILE = {
    PluginKind.CORRECTION: tr_noop("{path} needs the correction {name}, which is not in use"),
    PluginKind.ARCHITECTURE: tr_noop("{path} needs the architecture {name}, which is not in use"),
}
_UNUSABLE = {
    PluginKind.CORRECTION: tr_noop("The correction {name} of {package} cannot be used: {reason}"),
    PluginKind.ARCHITECTURE: tr_noop(
        "The architecture {name} of {package} cannot be used: {reason}"
    ),
}
_OPTION_USAGE = {
    PluginKind.CORRECTION: f"{COMMAND} restore --correction",
    PluginKind.ARCHITECTURE: f"{COMMAND} --architecture",
}


def word_unknown_plugin(error: UnknownPlugin) -> tuple[str, str]:
    """Return a title and advice."""
    template = (_UNKNOWN if error.path is None else _UNKNOWN_IN_FILE)[error.kind]
    title = tr(template).format(path=error.path, name=error.name)
    if error.distribution is None:
        return title, tr("Install a package that offers it, or start a script that registers it.")
    advice = tr("{package} is installed and offers it; use it with `{option}`.")
    option = f"{_OPTION_USAGE[error.kind]} {error.name}"
    return title, advice.format(package=error.distribution, option=option)


def word_unusable_plugin(error: UnusablePlugin) -> tuple[str, str]:
    """Return a title and advice."""
    title = tr(_UNUSABLE[error.kind]).format(
        name=error.name, package=error.distribution, reason=error.reason
    )
    return title, tr("Update or remove the package {package}.").format(package=error.distribution)
