"""In the smallest window, each text fits in every language or is complete in a tool tip."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QSize, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.compose import build_window
from app.config.settings import PanelLayer
from app.i18n.translation import LANGUAGES, set_language, tr
from app.jobs.batch.batch_items import ItemStatus
from app.ui.batch.batch_columns import BatchColumn
from app.ui.batch.batch_table_view import BatchTableView
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.window.language import install_language
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady, RunInProgress
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset

SMALLEST = QSize(900, 600)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture(params=[language.code for language in LANGUAGES])
def window(request, qtbot, qapp, answers, store) -> Iterator[QWidget]:
    former = QLocale()
    install_language(qapp, request.param)
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    window.resize(SMALLEST)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(former)
    set_language(None)


def cut_off(window: QWidget) -> list[str]:
    """Return the visible texts of a window that do not fit and have no tool tip."""
    QCoreApplication.processEvents()
    parts = [p for p in window.findChildren(QWidget) if p.isVisible() and p.window() is window]
    return [part.text() for part in parts if not _has_own_tooltip(part) and _is_cut(part)]


def _has_own_tooltip(part: QWidget) -> bool:
    """Return whether a tool tip tells the text; the label of a control has the control's."""
    return bool(part.toolTip()) and not (isinstance(part, QLabel) and part.buddy() is not None)


def _is_cut(part: QWidget) -> bool:
    match part:
        case QLabel() if part.text() and not part.wordWrap():
            lines = part.text().replace("&", "").split("\n")
            needed = max(part.fontMetrics().horizontalAdvance(line) for line in lines)
            return needed > part.contentsRect().width() + 1
        case QLabel() if part.text():
            return part.heightForWidth(part.width()) > part.height() + 1
        case QToolButton() | QPushButton() | QAbstractButton() if part.text():
            return part.sizeHint().width() > part.width() + 1
        case QComboBox():
            raise AssertionError("a choice has a tooltip, for it may cut its words")
        case _:
            return False


def _is_content_cut(area: QScrollArea) -> bool:
    """Return whether the content is wider than a scroll area, behind a scroll bar or without."""
    return area.widget().width() > area.viewport().width()


def test_what_is_cut_is_found(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    whole, cut, told = (QLabel("Quantisierungstabelle", page) for _ in range(3))
    told.setToolTip(told.text())
    for label, width in ((whole, 400), (cut, 40), (told, 40)):
        label.setFixedWidth(width)
    page.show()
    assert cut_off(page) == ["Quantisierungstabelle"]


def test_the_smallest_window_shows_every_word(qtbot, window, photo):
    cut = cut_off(window)
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    cut += cut_off(window)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(
        lambda: (
            isinstance(window.view_models.run.state, RunInProgress)
            and window.view_models.run.state.estimate is not None
        ),
        timeout=20000,
    )
    cut += cut_off(window)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    for fold in window.findChildren(CollapsibleSection):
        fold.header.setChecked(True)
    window.side_panel.parameter_panel.settings_line.setChecked(True)
    for layer in PanelLayer:
        window.view_models.panel_layer.set_layer(layer)
        cut += cut_off(window)
    assert window.size() == SMALLEST
    assert cut == []


def test_the_pages_show_every_word(window):
    cut = []
    for action in (window.action_set.show_priors, window.action_set.show_settings):
        action.trigger()
        (page,) = [page for page in window.findChildren(QDialog) if page.isVisible()]
        page.resize(page.minimumSize())
        cut += cut_off(page)
        cut += [str(area) for area in page.findChildren(QScrollArea) if _is_content_cut(area)]
        page.close()
    assert cut == []


def test_the_page_of_the_folder_has_room_for_its_rows(qtbot, window, photo):
    """Neither the list, its scroll bar nor an option of the folder page is cut off at an edge."""
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    window.action_set.batch.show_page.trigger()
    page = window.batch_controller.page
    page.options_section.header.click()
    options = page.output_options
    qtbot.waitUntil(options.isVisible)
    QCoreApplication.processEvents()
    assert window.size() == SMALLEST
    assert page.height() >= page.minimumSizeHint().height()
    for field in (options.folder_edit, options.template_edit):
        assert field.visibleRegion().boundingRect() == field.rect()


def test_the_list_of_the_queue_shows_every_heading_and_state(window):
    window.action_set.batch.show_page.trigger()
    view = window.findChild(BatchTableView)
    header = view.horizontalHeader()
    columns = [c for c in range(header.count()) if not header.isSectionHidden(c)]
    assert len(columns) >= 5
    narrow = [c for c in columns if header.sectionSize(c) < header.sectionSizeHint(c)]
    assert narrow == []
    words = [tr(status.value) for status in ItemStatus]
    widest = max(view.fontMetrics().horizontalAdvance(word) for word in words)
    assert view.columnWidth(BatchColumn.STATE) >= widest + view.iconSize().width()
