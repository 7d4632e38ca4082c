"""Selection of the window's language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.translation import ENGLISH, LANGUAGES, Language, read_message_catalog, set_language

_QT_CATALOG = "qtbase"


def install_language(app: QApplication, language_code: str | None) -> None:
    """Set the language of texts created from now on, including those of Qt's own dialogs.

    Args:
        app: The application, which owns Qt's translator.
        language_code: Code of one of `LANGUAGES`; None selects the system's language if supported.
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
    """Return the first supported language among names such as "de-AT", or English if none is."""
    languages = {language.code: language for language in LANGUAGES}
    codes = [name.replace("_", "-").split("-")[0].lower() for name in language_names]
    return next((languages[code] for code in codes if code in languages), ENGLISH)
