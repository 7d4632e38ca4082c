"""Texts of the folder page before the start and after the end of a batch."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from app.i18n.formatting import format_size
from app.jobs.batch.batch_items import ItemStatus
from app.ui.batch.batch_columns import BatchColumn
from app.ui.batch.overview.quality_histogram import QualityHistogram
from app.ui.widgets.theme import Theme
from ddrm_core.batch.selection.rule import OthersPolicy, SelectionRule
from tests.support.batch_stories import added, click, finished, names

LEFT = Qt.MouseButton.LeftButton


def known_cost(window):
    state = window.view_models.batch_cost.state
    return None if state.is_estimating else state.cost


def test_the_folder_says_time_and_size_before_the_start_and_sizes_at_the_end(qtbot, filled, queue):
    """Point 7 of the review's big steps: the expected size is visible before the click."""
    page = filled.batch_controller.page
    qtbot.waitUntil(lambda: known_cost(filled) is not None)
    assert page.progress_label.accessibleName().startswith("6 of 6 left, about ")
    png_bytes = known_cost(filled).result_bytes
    assert ", about " in page.options_section.header.accessibleName()
    filled.view_models.saving.options.set_bits(16)
    assert known_cost(filled) is None
    qtbot.waitUntil(lambda: known_cost(filled) is not None)
    assert known_cost(filled).result_bytes > 1.5 * png_bytes
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    before = sum(item.source.stat().st_size for item in queue.state.items)
    after = sum(item.target.stat().st_size for item in queue.state.items)
    expected = f"All 6 finished, {format_size(before)} → {format_size(after)}"
    assert page.progress_label.accessibleName() == expected


def test_details_of_the_files_are_one_click_away_and_a_header_sorts_the_list(
    qtbot, filled, queue, folder, original
):
    """Triage: quality, size and earlier compression before the start, worst files first."""
    original.crop((0, 0, 40, 40)).save(folder / "photo 2.jpg", quality=95)
    original.crop((0, 0, 16, 16)).save(folder / "photo 3.jpg", quality=5)
    queue.remove_items([item.item_id for item in queue.state.items])
    filled.open_paths([folder])
    added(qtbot, queue, 6)
    facts = filled.view_models.batch_file_facts
    qtbot.waitUntil(lambda: len(facts.state.by_source) == 6 and not facts.state.is_reading)
    page = filled.batch_controller.page
    view, model = page.table_view, page.table_view.table_model
    assert page.overview.files_label.accessibleName().startswith("6 files, ")
    assert "JPEG quality 91 to 100: 1 file" in page.overview.histogram.accessibleDescription()
    assert view.isColumnHidden(BatchColumn.IMAGE_SIZE)
    click(qtbot, filled, filled.action_set.batch.show_details)
    assert not view.isColumnHidden(BatchColumn.IMAGE_SIZE)
    earlier = model.index(0, BatchColumn.EARLIER_COMPRESSION)
    qtbot.waitUntil(lambda: earlier.data() == "no")
    header = view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(BatchColumn.QUALITY) + 9, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert names(queue)[0] == "photo 3.jpg"
    assert names(queue)[-1] == "photo 2.jpg"
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert names(queue)[0] == "photo 2.jpg"
    assert model.index(0, BatchColumn.QUALITY).data() == "95"
    assert model.index(0, BatchColumn.IMAGE_SIZE).data() == "40 × 40"  # noqa: RUF001
    assert view.selected_ids() == ()
    sort_menu = page.more_button.menu().actions()[-1].menu()
    by_quality = next(entry for entry in sort_menu.actions() if entry.text() == "Quality")
    by_quality.trigger()
    assert names(queue)[-1] == "photo 2.jpg"
    click(qtbot, filled, filled.action_set.batch.show_details)
    assert view.isColumnHidden(BatchColumn.IMAGE_SIZE)


def test_the_bars_of_the_histogram_tell_their_files(qtbot, qapp):
    theme = Theme(qapp)
    histogram = QualityHistogram(theme)
    qtbot.addWidget(histogram)
    histogram.resize(histogram.sizeHint())
    counts = (0, 4, 0, 0, 0, 0, 0, 0, 0, 1)
    histogram.show_counts(counts, below_quality=20)
    image = histogram.grab().toImage()
    ratio = image.width() / histogram.width()

    def color(x, y):
        return image.pixelColor(round(x * ratio), round(y * ratio)).name()

    bar = histogram.width() / 10
    assert color(1.5 * bar, 4) == theme.colors.accent
    assert color(9.5 * bar, 4) != theme.colors.secondary_text  # a quarter as high
    assert color(9.5 * bar, 27) == theme.colors.secondary_text
    assert color(0.5 * bar, 27) not in (theme.colors.accent, theme.colors.secondary_text)


def test_only_files_below_a_quality_are_restored_and_the_others_copied(
    qtbot, filled, queue, folder, original
):
    """The filter shows count and saved time before the start, and leaves the others as they are."""
    high = folder / "photo 2.jpg"
    original.crop((0, 0, 40, 40)).save(high, quality=95)
    queue.remove_items([item.item_id for item in queue.state.items])
    filled.open_paths([folder])
    added(qtbot, queue, 6)
    fields = filled.batch_controller.page.overview.selection_fields
    box = fields.limit_box
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    qtbot.waitUntil(lambda: fields.effect_label.accessibleName().startswith("5 of 6 files, saves"))
    fields.others_field.setFocus()
    qtbot.keyClick(fields.others_field, Qt.Key.Key_Down)
    assert queue.state.selection == SelectionRule(80, OthersPolicy.COPY)
    click(qtbot, filled, filled.action_set.batch.start)
    assert not box.isEnabled()
    finished(qtbot, queue)
    copied = next(item for item in queue.state.items if item.source == high)
    assert copied.status is ItemStatus.COPIED
    assert copied.target.read_bytes() == high.read_bytes()
    assert queue.state.counts.done == 5
    qtbot.keyClick(fields.quality_field, Qt.Key.Key_Up)
    assert queue.state.counts.remaining == 1
