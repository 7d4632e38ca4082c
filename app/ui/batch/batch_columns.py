"""The columns of the table of batch items."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt

from app.i18n.translation import tr, tr_noop
from app.viewmodels.batch.overview.item_order import ItemOrder


class BatchColumn(IntEnum):
    """The columns of the table of batch items, in their order."""

    THUMBNAILS = 0
    FILE = 1
    STATE = 2
    QUALITY = 3
    EXPECTED_ERROR = 4
    IMAGE_SIZE = 5
    SAMPLING = 6
    FILE_SIZE = 7
    EXPECTED_TIME = 8
    EARLIER_COMPRESSION = 9
    DAMAGE = 10
    ATTACHED_DATA = 11
    CONSISTENCY = 12
    SECONDS = 13
    SETTINGS = 14
    MESSAGE = 15


DETAIL_COLUMNS = (
    BatchColumn.EXPECTED_ERROR,
    BatchColumn.IMAGE_SIZE,
    BatchColumn.SAMPLING,
    BatchColumn.FILE_SIZE,
    BatchColumn.EXPECTED_TIME,
    BatchColumn.EARLIER_COMPRESSION,
    BatchColumn.DAMAGE,
    BatchColumn.ATTACHED_DATA,
)
"""Columns with details about the files, which are hidden at first."""
COLUMN_ORDERS = {
    BatchColumn.FILE: ItemOrder.FILE,
    BatchColumn.STATE: ItemOrder.STATUS,
    BatchColumn.QUALITY: ItemOrder.QUALITY,
    BatchColumn.EXPECTED_ERROR: ItemOrder.EXPECTED_ERROR,
    BatchColumn.IMAGE_SIZE: ItemOrder.IMAGE_SIZE,
    BatchColumn.SAMPLING: ItemOrder.SAMPLING,
    BatchColumn.FILE_SIZE: ItemOrder.FILE_SIZE,
    BatchColumn.EXPECTED_TIME: ItemOrder.EXPECTED_TIME,
    BatchColumn.EARLIER_COMPRESSION: ItemOrder.EARLIER_COMPRESSION,
    BatchColumn.DAMAGE: ItemOrder.DAMAGE,
    BatchColumn.ATTACHED_DATA: ItemOrder.ATTACHED_DATA,
    BatchColumn.CONSISTENCY: ItemOrder.CONSISTENCY,
    BatchColumn.SECONDS: ItemOrder.SECONDS,
}
"""Orders of the list by column; a column without an order is not sortable."""
_NUMERIC_COLUMNS = (
    BatchColumn.EXPECTED_ERROR,
    BatchColumn.IMAGE_SIZE,
    BatchColumn.FILE_SIZE,
    BatchColumn.EXPECTED_TIME,
    BatchColumn.CONSISTENCY,
    BatchColumn.SECONDS,
)
_TITLES = {
    BatchColumn.THUMBNAILS: tr_noop("Before, after"),
    BatchColumn.FILE: tr_noop("File"),
    BatchColumn.STATE: tr_noop("State"),
    BatchColumn.QUALITY: tr_noop("Quality"),
    BatchColumn.EXPECTED_ERROR: tr_noop("Expected error"),
    BatchColumn.IMAGE_SIZE: tr_noop("Pixels"),
    BatchColumn.SAMPLING: tr_noop("Sampling"),
    BatchColumn.FILE_SIZE: tr_noop("File size"),
    BatchColumn.EXPECTED_TIME: tr_noop("Expected time"),
    BatchColumn.EARLIER_COMPRESSION: tr_noop("Saved before at"),
    BatchColumn.DAMAGE: tr_noop("Damage"),
    BatchColumn.ATTACHED_DATA: tr_noop("Behind the picture"),
    BatchColumn.CONSISTENCY: tr_noop("Consistency"),
    BatchColumn.SECONDS: tr_noop("Seconds"),
    BatchColumn.SETTINGS: tr_noop("Settings"),
    BatchColumn.MESSAGE: tr_noop("Message"),
}
_TOOLTIPS = {
    BatchColumn.QUALITY: tr_noop("Quality of the file's compression, 1 to 100; lower is worse"),
    BatchColumn.EXPECTED_ERROR: tr_noop(
        "How far a photograph is off at this compression, in gray levels of 255; higher is worse"
    ),
    BatchColumn.SAMPLING: tr_noop("Resolution of the colors; 4:2:0 is a half in both directions"),
    BatchColumn.EXPECTED_TIME: tr_noop("How long the restoration of the file will take, about"),
    BatchColumn.EARLIER_COMPRESSION: tr_noop(
        "Signs that the picture was saved before at a lower quality"
    ),
    BatchColumn.DAMAGE: tr_noop("What is wrong with the file"),
    BatchColumn.ATTACHED_DATA: tr_noop(
        "Further pictures, videos and other data behind the picture"
    ),
}


def column_title(column: BatchColumn) -> str:
    return tr(_TITLES[column])


def column_tooltip(column: BatchColumn) -> str:
    """Return the explanation of a column for its header."""
    lines = [tr(_TOOLTIPS[column])] if column in _TOOLTIPS else []
    if column in COLUMN_ORDERS:
        lines.append(tr("A click sorts the list, in which files are restored in order"))
    return "\n".join(lines)


def column_alignment(column: BatchColumn) -> Qt.AlignmentFlag:
    """Return trailing alignment for columns of numbers, leading alignment for texts."""
    side = (
        Qt.AlignmentFlag.AlignTrailing
        if column in _NUMERIC_COLUMNS
        else Qt.AlignmentFlag.AlignLeading
    )
    return side | Qt.AlignmentFlag.AlignVCenter
