"""Notes about what a format does not hold of a result."""

from ddrm_core.messages import Reason, tr_noop


class FormatNote(Reason):
    """Note for the user about metadata that a file format cannot hold."""

    DAMAGED_EXIF = tr_noop("{format} holds no damaged EXIF.")
    EXTENDED_XMP = tr_noop("{format} holds no extended XMP.")
    IPTC = tr_noop("{format} holds no IPTC.")
    COMMENTS = tr_noop("{format} holds no comments.")
    COMMENTS_WITH_ZEROS = tr_noop("{format} holds no comments with zero bytes.")
    FURTHER_COMMENTS = tr_noop("{format} holds no comments besides one description in ASCII.")
    DENSITY = tr_noop("{format} holds no density.")
    RGB_JPEG_DENSITY = tr_noop("An RGB JPEG holds no density.")
    SEGMENTS = tr_noop("{format} holds no other JPEG segments ({segments}).")


class ProfileNote(Reason):
    """Note for the user that a color profile was changed or left out to fit format or pixels."""

    UNUSABLE_LEFT_OUT = tr_noop("The color profile was left out: {defect}.")
    UNUSABLE_KEPT = tr_noop(
        "The color profile is kept as it is in the source, but cannot be used: {defect}."
    )
    NAMED_UNUSABLE_LEFT_OUT = tr_noop("The color profile “{name}” was left out: {defect}.")
    NAMED_UNUSABLE_KEPT = tr_noop(
        "The color profile “{name}” is kept as it is in the source, but cannot be used: {defect}."
    )
    NOT_FOR_PICTURES = tr_noop("The color profile was left out: it does not describe a picture.")
    OTHER_COLOR_SPACE = tr_noop(
        "The color profile was left out: it is for {profile}, the picture is {picture}."
    )
    GRAY_TO_RGB = tr_noop(
        "The gray profile became an RGB one with its curve: {format} has no gray."
    )
    GRAY_LEFT_OUT = tr_noop(
        "The gray profile was left out: it has no curve, and {format} has no gray."
    )
    RGB_TO_GRAY = tr_noop(
        "The RGB profile became a gray one with its curve: a gray {format} takes no other."
    )
    RGB_LEFT_OUT = tr_noop("The RGB profile was left out: a gray {format} takes none.")
