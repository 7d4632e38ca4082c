"""Notes about metadata that a result does not hold, or not as its source does."""

from ddrm_core.messages import Reason, tr_noop


class MetadataNote(Reason):
    """Note for the user: metadata of a result was left out or could not be changed."""

    XMP_DAMAGED = tr_noop("The XMP packet is damaged: the record of this run could not be added.")
    XMP_HAS_PLACE = tr_noop(
        "The XMP packet was left out: it may hold a place that cannot be removed."
    )
    XMP_TOO_FULL_FOR_RECORD = tr_noop(
        "The XMP packet has no room for the record of this run in a JPEG."
    )
    XMP_TOO_LARGE = tr_noop("The XMP packet is too large for a JPEG.")
    EXTENDED_XMP_HAS_PLACE = tr_noop("The extended XMP packet was left out: it names a place.")
    EXTENDED_XMP_TOO_LARGE = tr_noop("The extended XMP packet is in parts too large for a JPEG.")
    PHOTOSHOP_HAS_COPY = tr_noop(
        "The Photoshop resources were left out: they hold a copy of EXIF or XMP."
    )
    COMMENT_HAS_PLACE = tr_noop("A comment was left out: it names a place.")
    COMMENT_TOO_LARGE = tr_noop("A comment is too large for a JPEG.")
    SEGMENTS_UNKNOWN = tr_noop("Segments of unknown meaning were left out: they may hold a place.")
    SEGMENT_TOO_LARGE = tr_noop("A segment is too large for a JPEG.")
    EXIF_DAMAGED_LEFT_OUT = tr_noop(
        "The EXIF block is damaged: it was left out, for it may hold a place."
    )
    EXIF_DAMAGED_ORIENTATION = tr_noop("The EXIF block is damaged: it still turns the picture.")
    EXIF_DAMAGED_THUMBNAIL = tr_noop(
        "The EXIF block is damaged: its thumbnail still shows the source."
    )
    PREVIEWS_LEFT_OUT = tr_noop("Old previews were left out: they show the source.")
    XMP_HAS_PREVIEW = tr_noop(
        "The XMP packet was left out: it holds a preview of the source that cannot be removed."
    )
    EXTENDED_XMP_HAS_PREVIEW = tr_noop(
        "The extended XMP packet was left out: it holds a preview of the source."
    )
    PHOTOSHOP_DAMAGED_END = tr_noop(
        "The Photoshop resources are damaged: their end was left out, for it may show the source."
    )
    SEGMENTS_MAY_SHOW_SOURCE = tr_noop(
        "Segments of unknown meaning were left out: they may show what was cut away."
    )
    EXIF_MAY_SHOW_SOURCE = tr_noop(
        "The EXIF block was left out: it may show what was cut away, and cannot be changed."
    )
    EXIF_PREVIEW_LEFT_OUT = tr_noop(
        "EXIF entries with previews were left out: they may show what was cut away."
    )
    EXIF_DAMAGED_SOFTWARE = tr_noop("The EXIF block is damaged: it names no program.")
    EXIF_TOO_LARGE = tr_noop("The EXIF block is too large for a JPEG.")
    EXIF_SHORTENED = tr_noop(
        "The EXIF block is too large for a JPEG: its largest entries were left out."
    )
    EXIF_TOO_FULL_FOR_THUMBNAIL = tr_noop(
        "The EXIF block has no room for a thumbnail of the result."
    )
    EXIF_TOO_FULL_FOR_SOFTWARE = tr_noop("The EXIF block has no room for the program's name.")
    PROFILE_TOO_LARGE = tr_noop("The color profile is too large for a JPEG.")
