"""The controller of regions and the contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.jobs.run.result_strength import expand_kept_areas
from app.ui.compare.compare_view import CompareView
from app.ui.compare.region_painting import RegionFrame
from app.ui.regions.actions import RegionsActions
from app.ui.regions.regions_page import RegionsPage
from app.ui.widgets.dialogs import open_folder
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.compare.compare import Point, visible_image_rectangle
from app.viewmodels.compare.comparison_file import (
    ComparisonFileLoaded,
    ComparisonFileRefused,
    ComparisonFileState,
    comparison_refused_message,
)
from app.viewmodels.compare.gallery import ComparisonFileKey, GalleryItem, ImageKey
from app.viewmodels.regions.contact_sheet import (
    ContactSheetExported,
    ContactSheetExporting,
    ContactSheetState,
    build_contact_sheet_request,
    contact_sheet_message,
    suggest_contact_sheet_path,
)
from app.viewmodels.regions.regions import (
    MAX_REGIONS,
    NumberedRegion,
    compared_items,
    scale_and_center_for_region,
)
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.imaging.rectangle import Rectangle


class RegionsController(Controller):
    """The controller that connects regions with the compare view, their page and the contact sheet.

    Attributes:
        page: The page of regions in the bottom panel.
    """

    def __init__(
        self, context: WindowContext, actions: RegionsActions, compare_view: CompareView
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._regions = view_models.regions
        self._contact_sheet = view_models.contact_sheet
        self._comparison_file = view_models.comparison_file
        self._gallery = view_models.gallery
        self._document = view_models.document
        self._run = view_models.run
        self._compare = view_models.compare
        self._compare_view = compare_view
        self._bottom_panel = context.bottom_panel
        self.page = RegionsPage()
        self._bottom_panel.add_page(
            self.page, "CropsPage", tr("Crops"), tr("Marked crops, large and side by side")
        )
        self._connect_signals()
        self._render()

    @Slot(object)
    def add_region(self, rectangle: Rectangle) -> None:
        """Add a region in pixels of the displayed image, and show the page of regions."""
        if self._regions.state.is_full:
            self._message_bar.show_info(
                UserMessage(
                    tr("{most} crops are marked already").format(most=MAX_REGIONS),
                    tr("Remove one to mark another."),
                )
            )
        else:
            self._regions.add(rectangle)
        if (
            not self._bottom_panel.isVisible()
            or self._bottom_panel.currentWidget() is not self.page
        ):
            # The focus stays in the compare view, so that the user can add more regions.
            self._bottom_panel.setCurrentWidget(self.page)
            self._bottom_panel.show()
            self._bottom_panel.page_shown.emit(self.page)

    @Slot()
    def export_contact_sheet(self) -> None:
        """Ask for a path and export the contact sheet, or say that images are still loading."""
        document, state = self._document.document, self._regions.state
        items = compared_items(state, self._gallery.state)
        is_exporting = isinstance(self._contact_sheet.state, ContactSheetExporting)
        if document is None or not state.regions or not items or is_exporting:
            return
        if any(item.image is None and not item.is_lost for item in items):
            self._request_images(items)
            self._message_bar.show_info(
                UserMessage(
                    tr("A picture for the contact sheet is still fetched"),
                    tr("Export again in a moment."),
                )
            )
            return
        path = self._dialogs.ask_contact_sheet_path(
            self._window, suggest_contact_sheet_path(document.source.path)
        )
        if path is not None:
            run_state = self._run.state
            result = run_state.result if isinstance(run_state, ResultReady) else None
            request = build_contact_sheet_request(document, state, items, result)
            self._contact_sheet.export(request, path)

    def _connect_signals(self) -> None:
        page, regions = self.page, self._regions
        self._compare_view.region_drawn.connect(self.add_region)
        self._actions.add_visible_region.triggered.connect(self._add_visible_region)
        self._actions.toggle_regions_page.triggered.connect(self._toggle_page)
        self._actions.export_contact_sheet.triggered.connect(self.export_contact_sheet)
        page.grid.go_to_requested.connect(self._center_region)
        page.grid.remove_requested.connect(regions.remove)
        page.grid.cell_size_changed.connect(self._on_cell_size_changed)
        page.grid.zoom_requested.connect(self._on_zoom_requested)
        page.grid.pan_requested.connect(self._on_pan_requested)
        page.grid.fit_requested.connect(regions.fit_cells)
        page.add_visible_requested.connect(self._add_visible_region)
        page.clear_requested.connect(regions.clear)
        page.close_requested.connect(self._bottom_panel.hide)
        page.versions_menu.image_toggled.connect(self._on_image_toggled)
        page.versions_menu.other_file_requested.connect(self._ask_for_other_file)
        self._comparison_file.state_changed.connect(self._on_comparison_file_changed)
        page.export_requested.connect(self.export_contact_sheet)
        for view_model in (regions, self._gallery, self._document):
            view_model.state_changed.connect(self._render)
        self._run.state_changed.connect(self._render_frames)
        self._contact_sheet.state_changed.connect(self._on_contact_sheet_changed)
        self._bottom_panel.page_shown.connect(self._on_page_shown)
        self._bottom_panel.enlarged_changed.connect(self._render)

    @Slot()
    def _add_visible_region(self) -> None:
        if self._document.document is not None:
            self.add_region(visible_image_rectangle(self._compare.state))

    @Slot()
    def _toggle_page(self) -> None:
        """Show the crops as large as the window permits, or the images alone again.

        Without regions, the page stays below the images, on which the user marks some.
        """
        panel, has_regions = self._bottom_panel, bool(self._regions.state.regions)
        if self.page.isVisible() and (panel.is_enlarged or not has_regions):
            panel.hide()
            self._compare_view.setFocus()
        else:
            panel.set_enlarged(is_enlarged=has_regions)
            panel.open_page(self.page)
        self._render()

    @Slot(QSize)
    def _on_cell_size_changed(self, size: QSize) -> None:
        self._regions.set_cell_size(size.width(), size.height())

    @Slot(float, QPointF)
    def _on_zoom_requested(self, factor: float, anchor: QPointF) -> None:
        self._regions.zoom_cells(factor, Point(anchor.x(), anchor.y()))

    @Slot(QPointF)
    def _on_pan_requested(self, distance: QPointF) -> None:
        self._regions.move_cells(distance.x(), distance.y())

    @Slot(object)
    def _center_region(self, region: NumberedRegion) -> None:
        self._bottom_panel.set_enlarged(is_enlarged=False)
        scale, x, y = scale_and_center_for_region(region.rectangle, self._compare.state)
        self._compare.set_scale(scale)
        state = self._compare.state
        self._compare.pan((state.center.x - x) * state.scale, (state.center.y - y) * state.scale)

    @Slot()
    def _ask_for_other_file(self) -> None:
        document = self._document.document
        if document is not None:
            path = self._dialogs.ask_comparison_image(self._window, document.source.path.parent)
            if path is not None:
                self._comparison_file.load(path)

    @Slot(object)
    def _on_comparison_file_changed(self, state: ComparisonFileState) -> None:
        match state:
            case ComparisonFileLoaded():
                self._regions.set_image_compared(ComparisonFileKey(), is_compared=True)
            case ComparisonFileRefused():
                self._message_bar.show_error(comparison_refused_message(state))
            case JobFailed(error=error):
                self._message_bar.show_error(message_from_error(error))

    @Slot(object, bool)
    def _on_image_toggled(self, key: ImageKey, is_compared: bool) -> None:
        self._regions.set_image_compared(key, is_compared=is_compared)

    @Slot(QWidget)
    def _on_page_shown(self, page: QWidget) -> None:
        if page is not self.page:
            self._bottom_panel.set_enlarged(is_enlarged=False)
        self._render()

    @Slot(object)
    def _on_contact_sheet_changed(self, state: ContactSheetState) -> None:
        match state:
            case ContactSheetExported():
                self._message_bar.show_info(contact_sheet_message(state))
                folder = state.path.parent
                open_sheet_folder = partial(open_folder, self._dialogs, folder, self._message_bar)
                self._message_bar.add_button(tr("Open folder"), open_sheet_folder)
            case JobFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
        self._render()

    def _request_images(self, items: Sequence[GalleryItem]) -> None:
        self._gallery.request((item.key for item in items), client="crops")

    @Slot()
    def _render(self) -> None:
        actions, state = self._actions, self._regions.state
        items = compared_items(state, self._gallery.state)
        is_document_open = self._document.document is not None
        is_exporting = isinstance(self._contact_sheet.state, ContactSheetExporting)
        actions.add_visible_region.setEnabled(is_document_open)
        actions.toggle_regions_page.setEnabled(is_document_open)
        is_page_shown = self.page.isVisible()
        actions.toggle_regions_page.setChecked(is_page_shown)
        if not state.regions and is_page_shown:
            self._bottom_panel.set_enlarged(is_enlarged=False)
        actions.export_contact_sheet.setEnabled(bool(state.regions and items) and not is_exporting)
        self._render_frames()
        # Without regions, the page releases its images even while it is hidden.
        if is_page_shown or not state.regions:
            self._request_images(items if state.regions else ())
            # Another arrangement may change the size of the cells, and with it the state.
            self.page.grid.arrange(state.regions, items)
            self.page.show_regions(self._regions.state, self._gallery.state)

    @Slot()
    def _render_frames(self) -> None:
        """Show the frames of the regions, and dashed ones of the kept areas of the result."""
        frames = [RegionFrame(r.rectangle, f"{r.number}") for r in self._regions.state.regions]
        run_state, document = self._run.state, self._document.document
        if isinstance(run_state, ResultReady) and document is not None:
            run = run_state.result.restoration.run
            for area in expand_kept_areas(run, run_state.strength):
                upright = document.display.to_upright_rectangle(area, document.source.size)
                frames.append(RegionFrame(upright, tr("As in the file"), is_dashed=True))
        self._compare_view.show_region_frames(tuple(frames))
