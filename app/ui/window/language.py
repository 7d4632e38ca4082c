"""Which language the window speaks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.translation import ENGLISH, LANGUAGES, Language, read_message_catalog, set_language

_QT_CATALOG = "qtbase"


def install_language(app: QApplication, language_code: str | None) -> None:
    """Speak a language from now on, in Qt's own dialogs too; what is shown already stays.

    Args:
        app: The application.
        language_code: Of one of `LANGUAGES`; None follows the system, as far as they reach.
    """
    language_names = QLocale.system().uiLanguages() if language_code is None else [language_code]
    language = find_supported_language(language_names)
    path = TRANSLATIONS_FOLDER / f"ddrm_restore_{language.code}.ts"
    set_language(None if language == ENGLISH else read_message_catalog(path), language)
    locale = QLocale(language.code)
    QLocale.setDefault(locale)
    for old_translator in app.findChildren(QTranslator, _QT_CATALOG):
        app.removeTranslator(old_translator)
        old_translator.deleteLater()
    translator = QTranslator(app)
    translator.setObjectName(_QT_CATALOG)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, _QT_CATALOG, "_", folder):
        app.installTranslator(translator)


def find_supported_language(language_names: Sequence[str]) -> Language:
    """The first of these, e.g. "de-AT", that the program speaks; English where it speaks none."""
    languages = {language.code: language for language in LANGUAGES}
    codes = [name.replace("_", "-").split("-")[0].lower() for name in language_names]
    return next((languages[code] for code in codes if code in languages), ENGLISH)
