"""What the user goes through to compare regions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import Message, message_for
from app.i18n.translation import tr
from app.ui.compare.compare_view import CompareView
from app.ui.regions.actions import CropsActions
from app.ui.regions.regions_page import CropsPage
from app.ui.widgets.bottom_panel import Drawer
from app.ui.widgets.dialogs import FileDialogs, open_folder
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.compare.compare import CompareViewModel, visible_image_rectangle
from app.viewmodels.compare.gallery import GalleryItem, GalleryState, GalleryViewModel, ImageKey
from app.viewmodels.document.document import DocumentState, DocumentViewModel
from app.viewmodels.regions.contact_sheet import (
    DrawingSheet,
    SheetFailed,
    SheetMade,
    SheetState,
    SheetViewModel,
    sheet_message,
    sheet_proposal,
    sheet_request,
)
from app.viewmodels.regions.regions import (
    MOST_CROPS,
    Crop,
    CropsState,
    CropsViewModel,
    columns,
    view_of,
)
from app.viewmodels.run.run import Done, RunViewModel
from ddrm_core.imaging.rectangle import Rectangle


class CropsKeeper(QObject):
    """Marks regions, shows them in the drawer, and exports the contact sheet.

    Attributes:
        page: In the drawer.
    """

    def __init__(
        self,
        window: QWidget,
        actions: CropsActions,
        crops: CropsViewModel,
        sheet: SheetViewModel,
        gallery: GalleryViewModel,
        document: DocumentViewModel,
        run: RunViewModel,
        compare: CompareViewModel,
        *,
        canvas: CompareView,
        drawer: Drawer,
        message: MessageBar,
        dialogs: FileDialogs,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._crops = crops
        self._sheet = sheet
        self._gallery = gallery
        self._document = document
        self._run = run
        self._compare = compare
        self._canvas = canvas
        self._drawer = drawer
        self._message = message
        self._dialogs = dialogs
        self._opened = document.document
        self.page = CropsPage()
        drawer.add_page(
            self.page, "CropsPage", tr("Crops"), tr("Marked regions, large and side by side")
        )
        self._connect()
        self._render()

    @Slot(object)
    def mark(self, place: Rectangle) -> None:
        """Mark a region in pixels of the picture as shown, and show them all."""
        if self._crops.state.full:
            self._message.show_note(
                Message(
                    tr("{most} regions are marked already").format(most=MOST_CROPS),
                    tr("Remove one to mark another."),
                )
            )
        else:
            self._crops.mark(place)
        if not self._drawer.isVisible() or self._drawer.currentWidget() is not self.page:
            # The focus stays where regions are marked.
            self._drawer.setCurrentWidget(self.page)
            self._drawer.show()
            self._drawer.page_shown.emit(self.page)

    @Slot()
    def export(self) -> None:
        """Ask where to, once all pictures are there; nothing where the user names no file."""
        document, state = self._document.document, self._crops.state
        entries = columns(state, self._gallery.state)
        drawing = isinstance(self._sheet.state, DrawingSheet)
        if document is None or not state.crops or not entries or drawing:
            return
        if any(entry.image is None and not entry.is_unreadable for entry in entries):
            self._want(entries)
            self._message.show_note(
                Message(
                    tr("A picture for the contact sheet is still fetched"),
                    tr("Export again in a moment."),
                )
            )
            return
        path = self._dialogs.ask_sheet(self._window, sheet_proposal(document.source.path))
        if path is not None:
            run = self._run.state
            restored = run.restored if isinstance(run, Done) else None
            request = sheet_request(document, state.crops, entries, restored)
            self._sheet.export(request, path)

    def _connect(self) -> None:
        page, crops = self.page, self._crops
        self._canvas.region_drawn.connect(self.mark)
        self._actions.mark.triggered.connect(self._on_mark_visible)
        self._actions.crops.triggered.connect(self._on_toggle)
        self._actions.export.triggered.connect(self.export)
        page.go_wanted.connect(self._on_go)
        page.remove_wanted.connect(crops.remove)
        page.clear_wanted.connect(crops.clear)
        page.version_wanted.connect(self._on_version)
        page.export_wanted.connect(self.export)
        crops.state_changed.connect(self._on_crops_changed)
        self._gallery.state_changed.connect(self._on_gallery_changed)
        self._document.state_changed.connect(self._on_document_changed)
        self._sheet.state_changed.connect(self._on_sheet_changed)
        self._drawer.page_shown.connect(self._on_page_shown)

    @Slot()
    def _on_mark_visible(self) -> None:
        if self._document.document is not None:
            self.mark(visible_image_rectangle(self._compare.state))

    @Slot()
    def _on_toggle(self) -> None:
        self._drawer.toggle_page(self.page)

    @Slot(object)
    def _on_go(self, crop: Crop) -> None:
        scale, x, y = view_of(crop.place, self._compare.state)
        self._compare.set_scale(scale)
        state = self._compare.state
        self._compare.pan((state.center.x - x) * state.scale, (state.center.y - y) * state.scale)

    @Slot(object, bool)
    def _on_version(self, key: ImageKey, wanted: bool) -> None:
        self._crops.choose_version(key, wanted=wanted)

    @Slot(object)
    def _on_crops_changed(self, _state: CropsState) -> None:
        self._render()

    @Slot(object)
    def _on_gallery_changed(self, _state: GalleryState) -> None:
        self._render()

    @Slot(QWidget)
    def _on_page_shown(self, page: QWidget) -> None:
        if page is self.page:
            self._render()

    @Slot(object)
    def _on_document_changed(self, _state: DocumentState) -> None:
        # A file that is being opened, or could not be, leaves the old one there.
        if self._document.document is not self._opened:
            self._opened = self._document.document
            self._crops.clear()
        self._render()

    @Slot(object)
    def _on_sheet_changed(self, state: SheetState) -> None:
        match state:
            case SheetMade():
                self._message.show_note(sheet_message(state))
                folder = state.path.parent
                show = partial(open_folder, self._dialogs, folder, self._message)
                self._message.add_action(tr("Open folder"), show)
            case SheetFailed(error=error):
                self._message.show_failure(message_for(error))
        self._render()

    def _want(self, entries: Sequence[GalleryItem]) -> None:
        self._gallery.request((entry.key for entry in entries), client="crops")

    def _render(self) -> None:
        actions, state = self._actions, self._crops.state
        entries = columns(state, self._gallery.state)
        opened = self._document.document is not None
        drawing = isinstance(self._sheet.state, DrawingSheet)
        actions.mark.setEnabled(opened)
        actions.crops.setEnabled(opened)
        actions.export.setEnabled(bool(state.crops and entries) and not drawing)
        self._canvas.show_region_frames(tuple((crop.place, crop.number) for crop in state.crops))
        # Without regions it lets go of the pictures that it showed, seen or not.
        if self.page.isVisible() or not state.crops:
            self._want(entries if state.crops else ())
            self.page.show_crops(state, self._gallery.state)
