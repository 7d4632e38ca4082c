"""Python's cyclic garbage collection, limited to the GUI thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 100


class GuiThreadGarbageCollector(QObject):
    """A cyclic garbage collector that runs only on the GUI thread.

    Python collects on whichever thread allocates and destroys objects there, but Qt objects must be
    destroyed on their own thread. Between `start` and `stop`, Python's automatic collection is off;
    a timer on the GUI thread checks ten times per second whether Python's thresholds are exceeded.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)
        self._was_enabled = False
        # Objects in the oldest generation after its last collection, and objects added since then.
        self._old_object_count = 0
        self._added_object_count = 0

    def start(self) -> None:
        """Disable automatic collection and collect on this thread from now on."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._old_object_count = len(gc.get_objects(generation=2))
        self._timer.start()

    def stop(self) -> None:
        """Stop collecting, and enable automatic collection if `start` disabled it."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def collect_due(self) -> None:
        """Collect the oldest generation whose collection is due, if any.

        A full collection traverses every object. As in CPython, a full collection therefore waits
        until the oldest generation has grown by a quarter.
        """
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [0 < threshold < count for count, threshold in zip(counts, thresholds, strict=True)]
        if due[2] and self._added_object_count > self._old_object_count / 4:
            gc.collect()
            self._old_object_count, self._added_object_count = len(gc.get_objects(generation=2)), 0
        elif due[1]:
            young_object_count = sum(
                len(gc.get_objects(generation=generation)) for generation in (0, 1)
            )
            self._added_object_count += young_object_count - gc.collect(1)
        elif due[0]:
            gc.collect(0)
