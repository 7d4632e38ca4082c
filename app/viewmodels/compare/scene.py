"""Content of each pane, derived from the compare view's state and the gallery."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n.translation import localize_number, tr
from app.imaging.mipmap_image import MAX_SHOWN_SPREAD, MipmapImage, SpreadMap
from app.imaging.overlay import DeviationOverlay
from app.jobs.run.quick_preview import PreviewPatch
from app.viewmodels.compare.compare import (
    AFTER_SLOT,
    BEFORE_SLOT,
    CompareMode,
    CompareState,
    pane_rectangles,
)
from app.viewmodels.compare.gallery import (
    GalleryItem,
    GalleryState,
    ImageKey,
    OriginalKey,
    ResultKey,
)
from app.viewmodels.run.labels import after_pane_label, overlay_pane_label, preview_pane_label
from app.viewmodels.run.quick_preview import NO_PREVIEW, QuickPreviewState
from app.viewmodels.run.run import ResultReady, RunState, overlay_of_state
from ddrm_core.imaging.rectangle import Rectangle


@dataclass(frozen=True, slots=True)
class PlainImage:
    """An image that is painted as it is.

    Attributes:
        image: The image.
        overlay: Deviation overlay that is painted on top, None without one.
        preview_patches: Patches of a quick preview that are painted over the image.
    """

    image: MipmapImage
    overlay: DeviationOverlay | None = None
    preview_patches: tuple[PreviewPatch, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferenceImage:
    """Image of the difference `after` minus `before`, multiplied by `amplification`."""

    before: MipmapImage
    after: MipmapImage
    amplification: int


@dataclass(frozen=True, slots=True)
class SpreadImage:
    """Image of the spread of the samples, multiplied by `amplification`."""

    spread_map: SpreadMap
    amplification: int


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Text that is shown in a pane instead of an image that is not available."""

    text: str


PaneImage = PlainImage | DifferenceImage | SpreadImage


@dataclass(frozen=True, slots=True)
class ResultOverlays:
    """Overlay and spread of the current result, or the texts that replace them.

    Attributes:
        overlay: Overlay of the blocks that are outside their bins; None if not available.
        spread_map: Spread of the samples; None if not available.
        no_spread_text: Why the spread is not available.
        no_result_label: Label of the after image while there is no result.
        preview_patches: Patches of the quick preview, painted over the after image.
    """

    overlay: DeviationOverlay | None = None
    spread_map: SpreadMap | None = None
    no_spread_text: str = ""
    no_result_label: str = ""
    preview_patches: tuple[PreviewPatch, ...] = ()


@dataclass(frozen=True, slots=True)
class PaneContent:
    """Content of one pane.

    Attributes:
        pane_rectangle: The whole pane, in device pixels.
        visible_rectangle: The part of the pane that is painted, in device pixels.
        image_or_placeholder: The image, or the text in its place.
        label: Caption of the pane.
        selectable_slots: Slots whose image can be chosen in the label's menu.
        is_label_right: Whether the label is at the right edge, independent of the text direction.
    """

    pane_rectangle: Rectangle
    visible_rectangle: Rectangle
    image_or_placeholder: PaneImage | Placeholder
    label: str
    selectable_slots: tuple[int, ...]
    is_label_right: bool = False


@dataclass(frozen=True, slots=True)
class LoupeHalf:
    """One half of the loupe, before or after: its image and its label."""

    image: PlainImage
    label: str


@dataclass(frozen=True, slots=True)
class Legend:
    """Labels of the colors of a difference or of the spread.

    Attributes:
        low_text: Value of the first color, in gray levels.
        middle_text: Value of the middle color, in gray levels.
        high_text: Value of the last color, in gray levels.
        description: The legend as a sentence.
    """

    low_text: str
    middle_text: str
    high_text: str
    description: str


def build_legend(state: CompareState, overlays: ResultOverlays) -> Legend | None:
    """Return the legend of the shown difference or spread, None if neither is shown."""
    if state.is_showing_original or state.amplification is None:
        return None
    if state.mode is CompareMode.SPREAD:
        if overlays.spread_map is None:
            return None
        high_text, middle_text = (
            localize_number(f"{MAX_SHOWN_SPREAD / state.amplification / divisor:g}")
            for divisor in (1, 2)
        )
        description = tr("Spread from 0 to {most} gray levels or more").format(most=high_text)
        return Legend("0", middle_text, f"≥ {high_text}", description)
    high_text = localize_number(f"{128 / state.amplification:g}")
    description = tr(
        "Differences {gain} times enlarged: gray is 0, white is +{most} gray levels."
        " A color shows which of red, green and blue differ."
    )
    if state.amplification == 1:
        description = tr(
            "Differences as they are: gray is 0, white is +{most} gray levels."
            " A color shows which of red, green and blue differ."
        )
    description = description.format(gain=state.amplification, most=high_text)
    return Legend(f"\N{MINUS SIGN}{high_text}", "0", f"+{high_text}", description)


def build_result_overlays(
    run_state: RunState, preview: QuickPreviewState = NO_PREVIEW
) -> ResultOverlays:
    """Return the overlays, the spread and the quick preview that belong to a run's result."""
    overlay, spread_map, no_spread_text = overlay_of_state(run_state), None, ""
    match run_state:
        case ResultReady(result=result) if result.spread_map is not None:
            spread_map = result.spread_map
        case ResultReady(result=result) if not result.restoration.complete:
            no_spread_text = tr(
                "The run was stopped, so it is not known how far its versions differ."
            )
        case ResultReady():
            no_spread_text = tr(
                "One version has no other to differ from. Restore with two or more."
            )
        case _:
            no_spread_text = tr(
                "Restore with two versions or more to see where the versions differ."
            )
    label = preview_pane_label(preview) if preview.patches else after_pane_label(run_state)
    return ResultOverlays(overlay, spread_map, no_spread_text, label, preview.patches)


def build_pane_contents(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays
) -> tuple[PaneContent, ...]:
    """Return the content of each visible pane in painting order, empty without a file."""
    if gallery.find(OriginalKey()) is None:
        return ()
    rectangles = pane_rectangles(state)
    match state.mode:
        case CompareMode.SLIDER:
            return _build_split_contents(state, gallery, overlays)
        case CompareMode.DIFFERENCE | CompareMode.SPREAD if not state.is_showing_original:
            image_or_placeholder, label = _computed_image_and_label(state, gallery, overlays)
            return (
                PaneContent(
                    rectangles[0], rectangles[0], image_or_placeholder, label, state.visible_slots
                ),
            )
        case CompareMode.DIFFERENCE | CompareMode.SPREAD:
            slots: tuple[int, ...] = (BEFORE_SLOT,)
        case CompareMode.BLINK:
            slots = (BEFORE_SLOT if state.is_showing_before else AFTER_SLOT,)
        case _:
            slots = state.visible_slots
    contents = []
    for slot, rectangle in zip(slots, rectangles, strict=True):
        image_or_placeholder, label = _image_and_label_in_slot(state, gallery, overlays, slot)
        contents.append(PaneContent(rectangle, rectangle, image_or_placeholder, label, (slot,)))
    return tuple(contents)


def build_loupe_halves(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays
) -> tuple[LoupeHalf, ...]:
    """Return the available halves of the loupe, before first; empty without a loupe."""
    if state.loupe_position is None or gallery.find(OriginalKey()) is None:
        return ()
    slot_contents = (
        _image_and_label_in_slot(state, gallery, overlays, slot)
        for slot in (BEFORE_SLOT, AFTER_SLOT)
    )
    return tuple(
        LoupeHalf(image_or_placeholder, label)
        for image_or_placeholder, label in slot_contents
        if isinstance(image_or_placeholder, PlainImage)
    )


def visible_keys(state: CompareState) -> tuple[ImageKey, ...]:
    """Return the keys of the images in visible slots, including those in the loupe."""
    slots = dict.fromkeys(state.visible_slots)
    if state.loupe_position is not None:
        slots |= dict.fromkeys((BEFORE_SLOT, AFTER_SLOT))
    return tuple(state.slot_keys[slot] for slot in slots)


def item_in_slot(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays, slot: int
) -> GalleryItem | None:
    """Return the gallery's item to show in a slot, None without an open file.

    The original replaces an image that is not in the gallery, and every image while all panes show
    the original. The original also replaces a missing result, with the label `no_result_label`.
    """
    original_item = gallery.find(OriginalKey())
    if state.is_showing_original or original_item is None:
        return original_item
    key = state.slot_keys[slot]
    if key == ResultKey() and gallery.find(key) is None:
        return GalleryItem(key, overlays.no_result_label, original_item.image)
    return gallery.find(key) or original_item


def _build_split_contents(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays
) -> tuple[PaneContent, ...]:
    (pane_rectangle,) = pane_rectangles(state)
    split_x = round(state.split_fraction * pane_rectangle.width)
    visible_rectangles = (
        Rectangle(0, 0, split_x, pane_rectangle.height),
        Rectangle(split_x, 0, pane_rectangle.width - split_x, pane_rectangle.height),
    )
    contents = []
    for slot, visible_rectangle in zip(state.visible_slots, visible_rectangles, strict=True):
        image_or_placeholder, label = _image_and_label_in_slot(state, gallery, overlays, slot)
        contents.append(
            PaneContent(
                pane_rectangle,
                visible_rectangle,
                image_or_placeholder,
                label,
                (slot,),
                is_label_right=slot == AFTER_SLOT,
            )
        )
    return tuple(contents)


def _image_and_label_in_slot(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays, slot: int
) -> tuple[PaneImage | Placeholder, str]:
    item = item_in_slot(state, gallery, overlays, slot)
    assert item is not None  # there is an original
    if item.image is None:
        return _build_placeholder(item), item.label
    if item.key == ResultKey() and overlays.preview_patches:
        return PlainImage(item.image, preview_patches=overlays.preview_patches), item.label
    if state.is_overlay_visible and item.key == ResultKey() and overlays.overlay is not None:
        return PlainImage(item.image, overlays.overlay), overlay_pane_label(overlays.overlay)
    return PlainImage(item.image), item.label


def _build_placeholder(item: GalleryItem) -> Placeholder:
    """Return the text to show instead of an image that is being loaded or lost."""
    if item.is_lost:
        return Placeholder(
            tr("This picture cannot be read any more. Choose another one at its label.")
        )
    return Placeholder(tr("Fetching the picture…"))


def _computed_image_and_label(
    state: CompareState, gallery: GalleryState, overlays: ResultOverlays
) -> tuple[PaneImage | Placeholder, str]:
    if state.mode is CompareMode.SPREAD:
        label = tr("Uncertain areas")
        if overlays.spread_map is None:
            return Placeholder(overlays.no_spread_text), label
        return SpreadImage(overlays.spread_map, state.spread_amplification), label
    before_item, after_item = (
        item_in_slot(state, gallery, overlays, slot) for slot in (BEFORE_SLOT, AFTER_SLOT)
    )
    assert before_item is not None  # there is an original
    assert after_item is not None
    label = tr("{after} minus {before}").format(after=after_item.label, before=before_item.label)
    if before_item.image is None:
        return _build_placeholder(before_item), label
    if after_item.image is None:
        return _build_placeholder(after_item), label
    if before_item.image is after_item.image:
        return Placeholder(tr("Both are the same picture, so nothing differs.")), label
    return DifferenceImage(
        before_item.image, after_item.image, state.difference_amplification
    ), label
