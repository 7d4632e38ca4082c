"""Batches of a window that was closed or killed, resumed by the next window."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from PySide6.QtCore import Qt

from tests.support.batch_stories import key, names, under_way
from tests.support.paths import ROOT


def test_closing_during_a_folder_keeps_it_for_the_next_start(
    scripted, qtbot, filled, queue, show_next_window
):
    filled.view_models.parameters.set_steps(20)
    scripted.hold_before(3)
    key(qtbot, filled, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(queue))
    order = names(queue)
    filled.close()
    assert scripted.evaluations == 2  # closing did not even wait for the first file
    results = queue.state.output_location.folder
    assert not [path for path in results.iterdir() if path.suffix in (".png", ".part")]

    second = show_next_window()
    second.view_models.batch.load_saved_batch()
    qtbot.waitUntil(second.message_bar.isVisible, timeout=5000)
    assert second.message_bar.title_label.text() == "A folder is not finished: 6 of 6 left"
    second.bottom_panel.hide()
    assert second.welcome_page.isVisible()  # no picture of a folder whose list is not shown
    second.bottom_panel.open_page(second.batch_controller.page)
    again = second.view_models.batch
    assert names(again) == order
    assert again.state.captured_settings.restore.sampler.steps == 20
    scripted.hold_before(3)
    qtbot.mouseClick(second.message_bar.action_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(again))
    assert not second.welcome_page.isVisible()
    second.close()
    assert scripted.evaluations == 2


STARTED_WITH = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app import compose
build = compose.build_window

def built(*arguments, **options):
    window = build(*arguments, **options)

    def look():
        state = window.view_models.batch.state
        if len(state.items) == int(sys.argv[1]) and not state.active_searches:
            print(*(row.source.name for row in state.items), sep=", ", flush=True)
            window.close()
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
    return window

compose.build_window = built
sys.exit(compose.run_window([Path(sys.argv[2])]))
"""


def test_a_window_started_with_a_folder_keeps_what_was_left_the_last_time(tmp_path, original):
    homes = {f"XDG_{k}_HOME": str(tmp_path / k) for k in ("STATE", "CONFIG", "CACHE", "DATA")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT)}
    for name, count, rows in (("a", 1, "a.jpg"), ("b", 2, "a.jpg, b.jpg")):
        (tmp_path / name).mkdir()
        original.crop((0, 0, 16, 16)).save(tmp_path / name / f"{name}.jpg")
        ended = subprocess.run(
            [sys.executable, "-c", STARTED_WITH, str(count), str(tmp_path / name)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (ended.returncode, ended.stdout.strip()) == (0, rows), ended.stderr


def test_a_killed_window_leaves_a_folder_that_the_next_one_goes_on_with(tmp_path, original):
    folder = tmp_path / "thirty"
    folder.mkdir()
    for number in range(26):
        original.crop((number, 0, number + 16, 16)).save(folder / f"{number:02}.jpg", quality=10)
    for number in range(4):
        (folder / f"bad {number}.jpg").write_text("Dear reader,", encoding="utf-8")
    homes = {f"XDG_{k}_HOME": str(tmp_path / k) for k in ("STATE", "CONFIG", "CACHE", "DATA")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(ROOT / "tests" / "support" / "batch_window.py")]
    results = tmp_path / "thirty restored"

    start = [*command, "start", str(folder), "8"]
    first = subprocess.run(start, env=environment, check=False, timeout=200)
    assert first.returncode == -signal.SIGKILL
    before = {path: path.stat().st_mtime_ns for path in results.glob("*.png")}
    # Another result may have been written after the eighth was counted.
    assert len(before) in (8, 9)

    second = subprocess.run(
        [*command, "go-on"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert second.returncode == 0, second.stderr
    offered, ended = map(json.loads, second.stdout.splitlines())
    assert offered["offered"].startswith("A folder is not finished: ")
    assert (ended["done"] + ended["skipped"], ended["failed"]) == (26, 4)
    assert ended["order"] == sorted(ended["order"], key=lambda n: (not n[0].isdigit(), n))
    assert len(list(results.glob("*.png"))) == 26
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(results.glob(".*.part")) or len(list(results.glob(".*.part"))) == 1
