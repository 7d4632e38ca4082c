"""The page of the batch in the bottom panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.batch.actions import BatchActions
from app.ui.batch.batch_columns import COLUMN_ORDERS, BatchColumn, column_title
from app.ui.batch.batch_table_view import BatchTableView
from app.ui.batch.output_options import BatchOutputOptions
from app.ui.batch.overview.folder_overview import FolderOverview
from app.ui.widgets.action_factory import add_menu_entries
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.drop_highlight import DropHighlight
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.form_controls import create_action_button, create_secondary_label
from app.ui.widgets.mime_files import local_file_paths
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.batch_text import (
    batch_progress_text,
    output_location_text,
)
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostState
from app.viewmodels.batch.overview.batch_cost_text import batch_cost_tooltip
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.batch.overview.selection import SelectionSummary

_PROGRESS_BAR_WIDTHS_PX = (72, 140)
# In a narrower page, Pause and Stop show only their icons, and so do the buttons that add files.
_NARROW_WIDTH_PX = 760
_WIDE_WIDTH_PX = 900
_MIN_LIST_HEIGHT_PX = 114
"""Height of the header and two rows, which stay visible beside expanded output options."""
_MIN_OPTIONS_HEIGHT_PX = 66
"""Height of the folder and the file names, the first two rows of the output options."""
_PROGRESS_STEPS = 1000  # for the whole batch; fine enough to move within one file


class BatchPage(QWidget):
    """A page with buttons, output options, the table of files and the progress.

    Signals:
        files_dropped: Files or folders were dropped on the page. arg1: their paths.
    """

    files_dropped = Signal(object)

    def __init__(self, actions: BatchActions, theme: Theme) -> None:
        super().__init__()
        self._actions = actions
        self.setAcceptDrops(True)
        self.table_view = BatchTableView(theme)
        self.setFocusProxy(self.table_view)
        self.output_options = BatchOutputOptions()
        self.options_section = CollapsibleSection(
            tr("Output folder"),
            _OptionsArea(self.output_options),
            tooltip=tr("Output folder, file names, and which files are added"),
        )
        self.empty_label = create_secondary_label(
            tr("Drop pictures or folders here, or add them with the buttons above.")
        )
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.setWordWrap(True)
        self.progress_bar = QProgressBar(textVisible=False)
        self.progress_bar.setRange(0, _PROGRESS_STEPS)
        self.progress_bar.setMinimumWidth(_PROGRESS_BAR_WIDTHS_PX[0])
        self.progress_bar.setMaximumWidth(_PROGRESS_BAR_WIDTHS_PX[1])
        self.progress_bar.setAccessibleName(tr("Progress of the folder"))
        self.progress_bar.setToolTip(tr("Files that are finished, of all"))
        self.progress_label = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._state, self._cost = BatchState(), NO_COST
        self._location_text = ""
        self._file_stack = QStackedWidget()
        self._buttons_by_width: list[tuple[QToolButton, int]] = []
        self.row_menu = QMenu(self)
        add_menu_entries(self.row_menu, actions.row_menu_items())
        self.table_view.menu_requested.connect(self._show_row_menu)
        self.overview = FolderOverview(theme)
        self._lay_out(theme)
        self.drop_highlight = DropHighlight(self, theme)

    def show_state(self, state: BatchState) -> None:
        """Show a batch's files, output options and progress."""
        self._state = state
        self.table_view.show_state(state)
        self._file_stack.setCurrentWidget(self.table_view if state.items else self.empty_label)
        self.output_options.show_state(state)
        self.overview.show_state(state)
        counts = state.counts
        fraction_done = state.current_item.fraction_done if state.current_item else 0.0
        # Before the first file and after the last one, the bar would take space from the text.
        self.progress_bar.setVisible(state.is_active or 0 < counts.finished < counts.total)
        finished_fraction = (
            (counts.finished + fraction_done) / counts.total if counts.total else 0.0
        )
        self.progress_bar.setValue(round(_PROGRESS_STEPS * finished_fraction))
        self._show_texts()

    def show_cost(self, cost: BatchCostState) -> None:
        """Show the expected time of each pending file."""
        self.table_view.table_model.show_cost(cost)

    def show_selection(self, summary: SelectionSummary) -> None:
        """Show how many files are restored, and the expected time and size of their results."""
        self._cost = summary.cost
        self.overview.selection_fields.show_summary(summary)
        self._show_texts()

    def show_facts(self, facts: FileFactsState) -> None:
        """Show the facts about the files."""
        self.table_view.table_model.show_facts(facts)
        self.overview.show_facts(facts)

    def _show_texts(self) -> None:
        """Show the texts that name counts, the expected time, and the expected size."""
        text, explanation = (
            batch_progress_text(self._state, self._cost),
            batch_cost_tooltip(self._cost),
        )
        self.progress_label.show_text(text, tooltip="\n".join(filter(None, (text, explanation))))
        self._location_text = output_location_text(self._state, self._cost)
        self._elide_section_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        for button, min_width in self._buttons_by_width:
            is_wide_enough = self.width() >= min_width
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if is_wide_enough else style.ToolButtonIconOnly
            )
        self._elide_section_title()

    @Slot(QPoint)
    def _show_row_menu(self, position: QPoint) -> None:
        self.row_menu.popup(position)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file_paths(event.mimeData()):
            event.acceptProposedAction()
            self.drop_highlight.show_text(tr("Drop to add to the folder list"))

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.drop_highlight.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_highlight.hide()
        event.acceptProposedAction()
        self.files_dropped.emit(local_file_paths(event.mimeData()))

    def _create_sort_menu(self) -> QMenu:
        """Return the menu that sorts the list without a mouse on its headers."""
        menu = QMenu(tr("Sor&t the list by"), self)
        for column in COLUMN_ORDERS:
            action = menu.addAction(column_title(column))
            action.triggered.connect(partial(self._sort_by, column))
        return menu

    def _sort_by(self, column: BatchColumn, _checked: bool = False) -> None:
        self.table_view.sortByColumn(column, Qt.SortOrder.AscendingOrder)

    def _elide_section_title(self) -> None:
        """Shorten the title of the section of output options to the width of the page."""
        header, text = self.options_section.header, self._location_text
        width = max(self.width() - 48, 200)
        elided = header.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        header.setText(elided.replace("&", "&&"))
        header.setAccessibleName(text)

    def _lay_out(self, theme: Theme) -> None:
        actions = self._actions
        button_row = QHBoxLayout()
        button_row.setContentsMargins(SPACING, 4, SPACING, 0)
        button_row.setSpacing(4)
        for action in (actions.add_files, actions.add_folder):
            button = create_action_button(action)
            button_row.addWidget(button)
            self._buttons_by_width.append((button, _WIDE_WIDTH_PX))
        for action in (actions.remove_selected, actions.move_up, actions.move_down):
            button_row.addWidget(create_action_button(action))
        button_row.addSpacing(SPACING)
        for action in (actions.start, actions.pause, actions.stop):
            button = create_action_button(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button_row.addWidget(button)
            if action is actions.start:
                button.setAutoRaise(False)  # a frame makes the next action visible
            else:
                self._buttons_by_width.append((button, _NARROW_WIDTH_PX))
        details_button = create_action_button(actions.show_details)
        button_row.addWidget(details_button)
        self._buttons_by_width.append((details_button, _WIDE_WIDTH_PX))
        button_row.addWidget(self.progress_bar, 1)
        button_row.addWidget(self.progress_label, 3)
        more_button = QToolButton()
        more_button.setAccessibleName(tr("More"))
        more_button.setToolTip(tr("More actions on these files"))
        more_button.setAutoRaise(True)
        more_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        theme.set_icon(more_button, Icon.MORE)
        menu = QMenu(more_button)
        add_menu_entries(menu, (*actions.more_menu_items(), None, self._create_sort_menu()))
        more_button.setMenu(menu)
        self.more_button = more_button
        button_row.addWidget(more_button)
        self._file_stack.setMinimumHeight(_MIN_LIST_HEIGHT_PX)
        self._file_stack.addWidget(self.empty_label)
        self._file_stack.addWidget(self.table_view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(button_row)
        layout.addWidget(self.overview)
        layout.addWidget(self.options_section)
        layout.addWidget(self._file_stack, 1)


class _OptionsArea(VerticalScrollArea):
    """A scroll area that is as high as its content, or lower where there is no room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        hint = self._content.sizeHint()
        return QSize(hint.width(), max(hint.height(), self._content.heightForWidth(self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _MIN_OPTIONS_HEIGHT_PX)
