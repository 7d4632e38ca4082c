"""What the panels say about a file and a result, as rows of a label and a value."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n.core_messages import core_words
from app.i18n.error_messages import message_for
from app.i18n.formatting import (
    color_space_words,
    count_words,
    damage_words,
    decimal_words,
    percent,
    size_words,
    whole_percent,
)
from app.i18n.translation import mark, tr
from app.jobs.document.open import Document
from app.jobs.run.result import Restored
from app.viewmodels.document.recompression import HistoryState, Looked, LookFailed
from ddrm_core.jpeg.header import sampling_name
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import Quality
from ddrm_core.jpeg.recompression import Earlier
from ddrm_core.metadata.color_space import ToldBy, color_space

if TYPE_CHECKING:  # import torch, see `Engine`
    from ddrm_core.restoration.input import PixelImage
    from ddrm_core.verification.consistency import Consistency

Rows = tuple[tuple[str, str], ...]

_ESTIMATED = mark("{value}, estimated")
_COLOURS = MappingProxyType({1: "grey", 3: "RGB", 4: "CMYK"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a result agrees with the file, in a line or two.

    Attributes:
        holds: Whether every level is in its bin.
        words: The line.
        detail: What rounding to 8-bit pixels costs; empty where nothing.
    """

    holds: bool
    words: str
    detail: str


def file_facts(document: Document) -> Rows:
    """What the file says of itself, and how it is shown."""
    source, display = document.source, document.display
    size = tr("{width} × {height} px")  # noqa: RUF001
    if display.turned:
        size = tr("{width} × {height} px, shown turned")  # noqa: RUF001
    width, height = source.size
    rows = [
        (tr("Name"), source.path.name),
        (tr("Size"), size.format(width=width, height=height)),
    ]
    if isinstance(source, JpegImage):
        rows += _jpeg_facts(source)
    else:
        no_jpeg = tr("{format}, no JPEG").format(format=document.format)
        rows += [(tr("Format"), no_jpeg), *_estimates(source)]
    space = color_space(source.metadata)
    if space.told_by is not ToldBy.NOTHING:
        rows.append((tr("Color space"), color_space_words(space)))
    if document.bits is not None:
        rows.append((tr("Bits per channel"), tr(_ESTIMATED).format(value=document.bits)))
    if display.profile_unusable:
        rows.append((tr("Colour profile"), tr("not usable, shown without it")))
    return tuple(rows)


def _jpeg_facts(image: JpegImage) -> Rows:
    header, colour = image.header, core_words(image.colour)
    if len(image.components) > 1:
        colour += f", {sampling_name(image.components)}"
    rows = [(tr("Quality factor"), quality_words(image.quality)), (tr("Colour"), colour)]
    if header is not None:
        found = dict.fromkeys(s.name for s in header.segments if s.name != "JFIF")
        names = ", ".join(core_words(name) for name in found)
        rows.insert(1, (tr("Coding"), core_words(header.coding)))
        rows.append((tr("Metadata"), names or tr("none")))
        rows.append((tr("File"), size_words(header.file_size)))
    if image.damage is not None:
        rows.append((tr("Damage"), damage_words(image.damage.words)))
    return tuple(rows)


def _estimates(source: PixelImage) -> Rows:
    """Of a picture that is no JPEG."""
    colour = (tr("Colour"), core_words(_COLOURS[len(source.picture)]))
    earlier, estimated = source.earlier, tr(_ESTIMATED)
    if earlier is None:
        return (colour, (tr("Earlier JPEG"), tr("no sign of JPEG compression")))
    certainty = tr("{certainty}, from its pixels")
    return (
        colour,
        (tr("Quality factor"), estimated.format(value=earlier.quality)),
        (tr("Sampling"), estimated.format(value=core_words(earlier.sampling))),
        (tr("Grid"), estimated.format(value=grid_words(earlier))),
        (tr("Certainty"), certainty.format(certainty=whole_percent(earlier.confidence))),
    )


def history_facts(state: HistoryState) -> Rows:
    """What is known of a JPEG's earlier compression; nothing while it is looked for."""
    match state:
        case Looked(earlier=None):
            words = tr("no sign of a harsher one")
        case Looked(earlier=Earlier() as earlier):
            words = tr("QF {quality} on grid {grid}, {certainty} sure").format(
                quality=earlier.quality,
                grid=grid_words(earlier),
                certainty=whole_percent(earlier.confidence),
            )
        case LookFailed(error=error):
            words = tr("not known: {reason}").format(reason=message_for(error).title)
        case _:
            return ()
    return ((tr("Earlier JPEG"), words),)


def grid_words(earlier: Earlier) -> str:
    """By how many pixels its blocks begin left of and above the picture."""
    return f"{earlier.left},{earlier.top}"


def result_facts(restored: Restored) -> Rows:
    """What a run gave, and what it used."""
    restoration = restored.restoration
    run = restoration.run
    evaluations = count_words(restoration.evaluations)
    if not restoration.complete:
        planned = count_words(run.settings.evaluations)
        words = tr("{done} of {total}, stopped")
        evaluations = words.format(done=evaluations, total=planned)
    rounded = percent(restored.rounded.inside) if _total(restored.exact) else "—"
    prior = tr("{prior} on {device}").format(prior=run.prior.info.name, device=run.prior.device)
    rows: Rows = (
        (tr("Consistency"), share_words(restored.exact, levels=_has_levels(restored))),
        (tr("As 8-bit pixels"), rounded),
        (tr("Evaluations"), evaluations),
        (tr("Start"), str(run.start)),
        (tr("Time"), duration_words(restoration.seconds)),
        (tr("Prior"), prior),
        (tr("Seed"), str(run.seed)),
    )
    if run.region is not None:
        left, top, width, height = astuple(run.region)
        words = tr("{width} × {height} px at {left}, {top}")  # noqa: RUF001
        region = words.format(width=width, height=height, left=left, top=top)
        rows = ((tr("Region"), region), *rows)
    if restoration.fallbacks:
        less = ", ".join(core_words(fallback.value) for fallback in restoration.fallbacks)
        rows = (*rows, (tr("Memory"), tr("not enough; went on with {less}").format(less=less)))
    return rows


def agreement(restored: Restored) -> Agreement:
    """What a result's badge says."""
    exact, rounded = restored.exact, restored.rounded
    if not _total(exact):
        words = tr("Too small to compare with the file: no whole block")
        return Agreement(holds=False, words=words, detail="")
    levels, holds = _has_levels(restored), exact.inside == 1
    if holds:
        words = tr("Agrees with the file: {share} of values in their bins")
        if levels:
            words = tr("Agrees with the file: {share} of levels in their bins")
    else:
        words = tr("{outside} of {total} values outside their bins")
        if levels:
            words = tr("{outside} of {total} levels outside their bins")
    detail = tr("{outside} of {total} values outside, as 8-bit pixels")
    if levels:
        detail = tr("{outside} of {total} levels outside, as 8-bit pixels")
    detail = "" if rounded.inside == 1 else _filled(detail, rounded)
    return Agreement(holds, _filled(words, exact), detail)


def _filled(words: str, consistency: Consistency) -> str:
    total = _total(consistency)
    return words.format(
        share=percent(consistency.inside),
        outside=count_words(total - sum(c.inside for c in consistency.components)),
        total=count_words(total),
    )


def _has_levels(restored: Restored) -> bool:
    """Whether what the file holds, and has bins for, are levels; values of pixels otherwise."""
    return isinstance(restored.restoration.run.image, JpegImage)


def _total(consistency: Consistency) -> int:
    """How many levels or values were held against the file."""
    return sum(c.coefficients for c in consistency.components)


def quality_words(quality: Quality) -> str:
    """Where the tables are on libjpeg's scale."""
    exact = tr("{factor} (tables)").format(factor=quality.factor)
    return exact if quality.exact else core_words(str(quality))


def share_words(consistency: Consistency, *, levels: bool) -> str:
    """The share in the bins, and of how many: `levels` of a JPEG, or values of pixels."""
    if not _total(consistency):
        return tr("not known, without a whole block")
    words = tr("{share} of {total} values in their bins")
    if levels:
        words = tr("{share} of {total} levels in their bins")
    return _filled(words, consistency)


def duration_words(seconds: float) -> str:
    """A duration: seconds with a decimal below a minute, then minutes, then hours."""
    if seconds < 60:
        return f"{decimal_words(seconds, 1)} s"
    return tr("{time} min").format(time=clock_words(seconds))


def clock_words(seconds: float) -> str:
    """A duration as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
