"""Reasons why a JPEG cannot be read or restored as a whole."""

from ddrm_core.messages import Description, Reason, tr_noop


class FoundFormat(Reason):
    """Kind of a file that is not a JPEG, for kinds without the name of a single format."""

    EMPTY = tr_noop("an empty file")
    HEIF_OR_AVIF = tr_noop("HEIF or AVIF")
    UNKNOWN = tr_noop("not a picture")


class Coding(Reason):
    """Coding process of a JPEG (T.81, clause 4)."""

    BASELINE = tr_noop("baseline")
    EXTENDED = tr_noop("extended sequential")
    PROGRESSIVE = tr_noop("progressive")
    LOSSLESS = tr_noop("lossless coding")
    HIERARCHICAL = tr_noop("hierarchical coding")
    ARITHMETIC = tr_noop("arithmetic coding")
    ARITHMETIC_PROGRESSIVE = tr_noop("progressive, arithmetic coding")


class UnsupportedFeature(Reason):
    """Feature of a JPEG, besides its coding process, that the program does not support."""

    BITS = tr_noop("{bits}-bit samples")
    SIDE = tr_noop("a side of more than {pixels:,} pixels")
    COLOR_MODEL = tr_noop("{color_model} color")
    CHROMA_SAMPLING = tr_noop("chroma sampling {sampling} (not whole ratios)")
    CHANGING_TABLES = tr_noop("quantization tables that change between scans")


class DamageReason(Reason):
    """Damage because of which no part of a JPEG can be read."""

    HEADER = tr_noop("its header is cut off or contradictory")
    NO_IMAGE = tr_noop("it holds no picture")
    NO_HEIGHT = tr_noop("it does not say how high the picture is")
    EQUAL_COMPONENTS = tr_noop("two of its color components have the same number")
    TOO_LITTLE_DATA = tr_noop("it holds next to nothing of the picture that it claims")
    UNDECODABLE = tr_noop("its data does not decode")
    NOTHING_DECODES = tr_noop("nothing of it decodes")


class CutOffReason(Reason):
    """Damage of a JPEG whose data ends too early, with the part that could be read."""

    PART = tr_noop("it ends in the middle of the picture; {share} % could be read")
    TRACE = tr_noop("it ends in the middle of the picture; less than 1 % could be read")
    SCAN = tr_noop("it ends in the middle of the picture; 1 scan could be read, coarse only")
    SCANS = tr_noop(
        "it ends in the middle of the picture; {scans} scans could be read, coarse only"
    )
    NOTHING = tr_noop("it ends in the middle of the picture; nothing could be read")


class CorruptionReason(Reason):
    """Damage of a JPEG whose data is corrupt, with the part that could be read."""

    PART = tr_noop("its data is corrupt; at most {share} % could be read")
    TRACE = tr_noop("its data is corrupt; at most less than 1 % could be read")
    SCAN = tr_noop("its data is corrupt; 1 scan could be read, coarse only")
    SCANS = tr_noop("its data is corrupt; {scans} scans could be read, coarse only")
    NOTHING = tr_noop("its data is corrupt; nothing could be read")


def has_readable_part(damage: Description) -> bool:
    """Return whether the damage of a JPEG leaves a part that can be restored."""
    return not isinstance(damage, DamageReason) and damage not in (
        CutOffReason.NOTHING,
        CorruptionReason.NOTHING,
    )


class ReadFailure(Reason):
    """Reason why an existing file cannot be read."""

    LIBJPEG_NOT_STARTED = tr_noop("the JPEG reader did not start, {problem}")
    CHANGED = tr_noop("it has changed since it was opened")


class LibjpegStartProblem(Reason):
    """Reason why the process of libjpeg could not be used after its start."""

    ENDED = tr_noop("it ended at once")
    ENDED_WITH_ERROR = tr_noop("it ended at once with the message: {error}")
    OTHER_PROGRAM = tr_noop("it is another program")
