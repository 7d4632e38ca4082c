"""Texts of allowed values, for errors about invalid settings."""

from ddrm_core.messages import Message, Reason, tr_noop


class AllowedValues(Reason):
    """A description of the values that a setting may have, for `InvalidSetting.allowed`."""

    RANGE = tr_noop("{low} to {high}")
    RANGE_OR_WORD = tr_noop("{low} to {high}, or {word}")
    GRID_OF_DAMAGED_FILE = tr_noop("0,0 for a damaged file")
    GRID_WITH_QUALITY = tr_noop("only together with a quality factor")
    OTHERS_WITH_BELOW_QUALITY = tr_noop("only together with a quality factor to stay below")
    OTHERS_BESIDE_SOURCES = tr_noop("skip, as the folder of the results is that of the pictures")
    QUALITY_OR_EARLIER = tr_noop("left out where an earlier compression is assumed")
    SAMPLING_OF_JPEG = tr_noop("the file's own, for a JPEG")
    RECTANGLE = tr_noop("a rectangle inside the {width}x{height} pixels")
    NO_SAMPLES = tr_noop("0 where no sample was kept")
    JPEG_NAME = tr_noop("a .jpg name")
    OWN_LEVELS = tr_noop("a JPEG's own levels")
    WHOLE_IMAGE = tr_noop("the whole picture")
    STORED_ORIENTATION = tr_noop("pixels as they are stored")
    ENDING = tr_noop("a name that ends in {endings}")
    ENDING_WITHOUT_PACKAGE = tr_noop(
        "a name that ends in {endings}; {ending} needs the package {package}"
    )
    TEMPLATE_SYNTAX = tr_noop("text with blanks such as {example}")
    TEMPLATE_FIELDS = tr_noop("text with the blanks {blanks}")
    TEMPLATE_CHARACTERS = tr_noop("names without {letter!r}, with / between folders")
    NAMES_INSIDE_FOLDER = tr_noop(
        "names inside the target folder, none of them empty or with a dot in front"
    )
    SHORT_NAMES = tr_noop("names of at most {count} letters")
    PORTABLE_NAMES = tr_noop("names that every system takes")
    NEW_NAMES = tr_noop("names that no source has")
    NAMES_WITHOUT_NUMBER = tr_noop("names without {field}, since not all files are known")
    NAMES_WITHOUT_QUALITY = tr_noop(
        "names without {field}, unless a quality is given, since objects are not read for names"
    )
    FOLDER_WITHOUT_SOURCES = tr_noop("a folder that does not contain the images")
    SHARD = tr_noop("a part and the number of parts, such as 3/16")
    ORIGINALS = tr_noop("a folder with lossless originals ({endings})")
    ORIGINALS_NOT_JPEGS = tr_noop(
        "a folder with lossless originals ({endings}); JPEGs are not originals,"
        " because compression has removed detail from them"
    )


class RefusedValue(Reason):
    """The reason why a result cannot be exported with the quantization tables of its source."""

    PIXELS = tr_noop("of pixels")
    ASSUMED_LEVELS = tr_noop("of assumed levels")
    ESTIMATED_LEVELS = tr_noop("of estimated levels")
    REGION = tr_noop("of a region")
    TURNED = tr_noop("a turned picture")


def describe_range(low: int | float, high: int | float) -> Message:
    """Return a translatable text about the range from `low` to `high`, both included."""
    return Message(AllowedValues.RANGE, {"low": low, "high": high})
