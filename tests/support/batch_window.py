"""A real window in a process of its own, driven by keys, for tests that kill the process.

`python batch_window.py start FOLDER COUNT` adds a folder, starts the batch, and kills its own
process after COUNT files are restored. `python batch_window.py go-on` continues the batch of an
earlier window, prints the outcome, and closes the window.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.compose import build_window
from app.ui.widgets.dialogs import Dialogs
from app.viewmodels.batch.batch_state import BatchPhase, BatchState
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH


def main(command: str, *arguments: str) -> None:
    app = QApplication([])
    window = build_window(
        app,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=QSettings(),
        dialogs=Dialogs(),
    )
    window.show()
    queue = window.view_models.batch

    def tell(document: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(document) + "\n")
        sys.stdout.flush()

    def when(ready: Callable[[], bool], act: Callable[[], object]) -> None:
        if ready():
            act()
        else:
            QTimer.singleShot(10, lambda: when(ready, act))

    def go_on() -> None:
        tell({"offered": window.message_bar.title_label.text()})
        window.message_bar.action_button.setFocus()
        QTest.keyClick(window.message_bar.action_button, Qt.Key.Key_Space)
        when(lambda: queue.state.phase is BatchPhase.IDLE and not queue.state.counts.remaining, end)

    def end() -> None:
        tally = queue.state.counts
        ended = {"done": tally.done, "skipped": tally.skipped, "failed": tally.failed}
        tell(ended | {"order": [row.source.name for row in queue.state.items]})
        window.close()

    if command == "start":
        window.view_models.parameters.set_steps(1)
        window.view_models.parameters.set_samples(1)
        window.open_paths([Path(arguments[0])])
        # An inactive window ignores its shortcuts.
        when(
            lambda: queue.state.can_start and window.isActiveWindow(),
            lambda: QTest.keyClick(window, Qt.Key.Key_F5),
        )
        queue.state_changed.connect(partial(kill_once, int(arguments[1])))
    else:
        queue.load_saved_batch()
        when(window.message_bar.isVisible, go_on)
    sys.exit(app.exec())


def kill_once(count: int, state: BatchState) -> None:
    """Kill this process as soon as `count` items of the batch are done."""
    if state.counts.done >= count:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
