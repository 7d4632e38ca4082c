"""Which language the window speaks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.translation import ENGLISH, LANGUAGES, Language, read_message_catalog, set_language

_QT = "qtbase"


def choose_language(app: QApplication, code: str | None) -> None:
    """Speak a language from now on, in Qt's own dialogs too; what is shown already stays.

    Args:
        app: The application.
        code: Of one of `LANGUAGES`; None follows the system, as far as they reach.
    """
    wanted = QLocale.system().uiLanguages() if code is None else [code]
    language = first_spoken(wanted)
    path = TRANSLATIONS_FOLDER / f"ddrm_restore_{language.code}.ts"
    set_language(None if language == ENGLISH else read_message_catalog(path), language)
    locale = QLocale(language.code)
    QLocale.setDefault(locale)
    for former in app.findChildren(QTranslator, _QT):
        app.removeTranslator(former)
        former.deleteLater()
    translator = QTranslator(app)
    translator.setObjectName(_QT)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, _QT, "_", folder):
        app.installTranslator(translator)


def first_spoken(wanted: Sequence[str]) -> Language:
    """The first of these, e.g. "de-AT", that the program speaks; English where it speaks none."""
    known = {language.code: language for language in LANGUAGES}
    codes = [name.replace("_", "-").split("-")[0].lower() for name in wanted]
    return next((known[code] for code in codes if code in known), ENGLISH)
