"""The words of the inspector."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n.core_messages import core_words
from app.i18n.formatting import (
    count_words,
    decimal_words,
    metadata_words,
    percent,
    restart_words,
    size_words,
    whole_percent,
)
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.jobs.inspector.inspect import BandFound
from app.viewmodels.document.facts import FactRows, file_facts
from app.viewmodels.document.recompression import RecompressionChecked, RecompressionState
from ddrm_core.jpeg.header import ZIGZAG, JpegHeader, sampling_name
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.quality_factor import Quality
from ddrm_core.jpeg.recompression import Earlier
from ddrm_core.metadata.exif import tags

_NAMES = {
    "grey": ("Y",),
    "YCbCr": ("Y", "Cb", "Cr"),
    "RGB": ("R", "G", "B"),
    "CMYK": ("C", "M", "Y", "K"),
    "YCCK": ("Y", "Cb", "Cr", "K"),
}


def component_names(image: JpegImage) -> tuple[str, ...]:
    """As the core's colour models call them."""
    return _NAMES[image.colour]


def band_name(band: int) -> str:
    """Short: DC, or its two frequencies."""
    if band == 0:
        return tr("DC")
    down, across = divmod(band, 8)
    return tr("band {across},{down}").format(across=across, down=down)


def band_words(band: int, step: int) -> str:
    """A cell of a quantisation table."""
    down, across = divmod(band, 8)
    if band == 0:
        return tr("DC, the mean of a block: step {step}").format(step=step)
    return tr("horizontal {across}, vertical {down}: step {step}").format(
        across=across, down=down, step=step
    )


def band_tip(band: int, step: int) -> str:
    """The same with what it means."""
    order = ZIGZAG.tolist().index(band) + 1
    return tr(
        "{band}\nNumber {order} of 64 in the file's zigzag order.\n"
        "Coefficients of this band are stored in whole steps of {step} grey levels."
    ).format(band=band_words(band, step), order=order, step=step)


def signed(value: float, places: int) -> str:
    """With a minus as wide as a plus, and without a needless .0."""
    text = decimal_words(abs(value), 0 if value == int(value) else places)
    return f"−{text}" if value < 0 else text  # noqa: RUF001


def inspector_facts(document: Document) -> FactRows:
    """More than the panel says of a file."""
    source = document.source
    header = source.header if isinstance(source, JpegImage) else None
    if not isinstance(source, JpegImage) or header is None:
        return file_facts(document)
    width, height = source.size
    turned = tr(", shown turned") if document.display.turned else ""
    rows = [
        (tr("Size"), f"{width} × {height} px{turned}"),  # noqa: RUF001
        (tr("File"), size_words(header.file_size)),
        (tr("Coding"), _coding(header)),
        (tr("Restarts"), restart_words(header)),
        (tr("Colour"), core_words(source.colour)),
        (tr("Sampling"), core_words(sampling_name(source.components))),
        (tr("Quality factor"), exactness_words(source.quality)),
        (tr("Metadata"), metadata_words(header)),
    ]
    if header.trailing:
        rows.append((tr("After it"), size_words(header.trailing)))
    rows += _taken_with(source)
    said = {tr("Name"), *(label for label, _ in rows)}
    return (*rows, *(row for row in file_facts(document) if row[0] not in said))


def fact_tips() -> Mapping[str, str]:
    """What the labels of facts mean."""
    return {
        tr("Coding"): tr("In one go from top to bottom (baseline), or from coarse to fine"),
        tr("Restarts"): tr("Places from which a damaged file can be read on"),
        tr("Colour"): tr("YCbCr splits brightness (Y) from colour (Cb and Cr)"),
        tr("Sampling"): tr("How much more coarsely colour is stored than brightness"),
        tr("Quality factor"): tr(
            "From the tables, on libjpeg's scale from 1 to 100: the lower, the more was lost"
        ),
        tr("Metadata"): tr("What the file holds besides its picture, and how large that is"),
        tr("Earlier JPEG"): tr("Signs that the picture was compressed before, more harshly"),
        tr("After it"): tr("Behind the end of the picture, as some cameras add it"),
        tr("Place"): tr("Whether the metadata says where the picture was taken"),
        tr("Grid"): tr("Pixels by which the first blocks begin left of and above the picture"),
        tr("Certainty"): tr("Share of findings with such evidence that were right"),
    }


def _taken_with(image: JpegImage) -> FactRows:
    """Who took the picture, with what and when, as far as EXIF says so."""
    facts = tags(image.metadata.exif) if image.metadata.exif is not None else None
    if facts is None:
        return ()
    camera = " ".join(facts[name] for name in ("Make", "Model") if name in facts)
    place = tr("in the metadata") if facts["GPS"] == "yes" else tr("not in the metadata")
    rows = (
        (tr("Camera"), camera),
        (tr("Taken"), facts.get("DateTimeOriginal", "")),
        (tr("Written by"), facts.get("Software", "")),
        (tr("Place"), place),
    )
    return tuple(row for row in rows if row[1])


def history_words(state: RecompressionState) -> str:
    """Whether the file was compressed before, and what that means; empty while it is looked for."""
    match state:
        case RecompressionChecked(previous_compression=None):
            return tr("There is no sign that this picture was compressed more harshly before.")
        case RecompressionChecked(previous_compression=Earlier() as earlier):
            return tr(
                "This picture was compressed before, at about quality factor {quality}"
                " ({certainty} sure). What was lost then is lost in this file too; a run restores"
                " it once the earlier compression is assumed."
            ).format(quality=earlier.quality, certainty=whole_percent(earlier.confidence))
        case _:
            return ""


def _coding(header: JpegHeader) -> str:
    return tr("{coding}, {bits} bits").format(
        coding=core_words(header.coding), bits=header.precision
    )


def exactness_words(quality: Quality) -> str:
    """Where the tables are on libjpeg's scale, and how well they fit it."""
    if quality.exact:
        return tr("{factor}, exactly libjpeg's tables").format(factor=quality.factor)
    return tr("near {factor}; the tables are not libjpeg's own").format(factor=quality.factor)


def sampling_words(image: JpegImage) -> str:
    """Which pixels share a colour sample."""
    if len(image.components) == 1:
        return tr("A grey picture: every pixel has a sample of its own.")
    across, down = sharing(image)
    if (across, down) == (1, 1):
        return tr("Every pixel has a sample of every component.")
    return tr(
        "Brightness has a sample for every pixel; colour one for each {across} × {down} pixels."  # noqa: RUF001
    ).format(across=across, down=down)


def sharing(image: JpegImage) -> tuple[int, int]:
    """Pixels across and down that share a sample of the coarsest component."""
    most_across = max(c.horizontal for c in image.components)
    most_down = max(c.vertical for c in image.components)
    across = max(most_across // c.horizontal for c in image.components)
    return across, max(most_down // c.vertical for c in image.components)


def table_title(image: JpegImage, component: int) -> str:
    """Above a heat-map."""
    name = component_names(image)[component]
    if image.source is QualitySource.TABLES:
        return tr("Quantisation table of {component}").format(component=name)
    return tr("Quantisation table of {component}, estimated or assumed").format(component=name)


def level_words(found: BandFound, level: int) -> str:
    """What is in one bin."""
    levels, spread = found.levels, found.spread
    low, high = levels.bin(level)
    count = levels.count(level)
    lines = [
        tr("Level {level}: {count} of {total} blocks, {share}").format(
            level=signed(level, 0),
            count=count_words(count),
            total=count_words(levels.total),
            share=percent(count / max(levels.total, 1)),
        ),
        tr("Bin from {low} to {high} grey levels").format(low=signed(low, 1), high=signed(high, 1)),
    ]
    if spread is not None:
        there = int(spread.in_bin(level).sum())
        lines.append(tr("Blocks of the result here: {count}").format(count=count_words(there)))
    return "\n".join(lines)


def band_summary(found: BandFound) -> str:
    """Below the histogram."""
    levels, spread = found.levels, found.spread
    words = tr("{blocks} blocks, levels {first} to {last}").format(
        blocks=count_words(levels.total), first=signed(levels.first, 0), last=signed(levels.last, 0)
    )
    if spread is None:
        return tr("{blocks}. The result's coefficients appear here after a run.").format(
            blocks=words
        )
    if not spread.blocks:
        return words
    inside = percent(spread.inside / spread.blocks)
    if spread.blocks == spread.of:
        return tr("{blocks}. Result: {inside} in their bins.").format(blocks=words, inside=inside)
    return tr("{blocks}. Result: {inside} in their bins, of {looked} blocks looked at.").format(
        blocks=words, inside=inside, looked=count_words(spread.blocks)
    )
