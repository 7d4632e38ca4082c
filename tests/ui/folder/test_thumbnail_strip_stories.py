"""Walking through the folder of the open file with keys and the thumbnail strip."""

from __future__ import annotations

import shutil
import threading

import pytest
from PySide6.QtCore import QPoint, Qt

from app.jobs.folder import folder_files as jobs
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from app.viewmodels.run.run import ResultReady
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.sampler.settings import Preset

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def album(tmp_path, photo):
    """Return the paths of four copies of the photo in a folder of their own."""
    folder = tmp_path / "album"
    folder.mkdir()
    paths = [folder / f"holiday {number}.jpg" for number in (1, 2, 9, 10)]
    for path in paths:
        shutil.copy(photo, path)
    return paths


@pytest.fixture
def strip_window(qtbot, window, album):
    """Return the window with the second picture of the album, when the folder is listed."""
    window.open_paths([album[1]])
    await_open(qtbot, window, album[1])
    qtbot.waitUntil(lambda: window.view_models.folder_files.state.files == tuple(album))
    return window


def await_open(qtbot, window, path):
    def is_open():
        state = window.view_models.document.state
        return isinstance(state, DocumentOpened) and state.document.source.path == path

    qtbot.waitUntil(is_open)


def await_details(qtbot, folder_files, paths):
    qtbot.waitUntil(lambda: all(folder_files.find_details(path) for path in paths))


def item_center(strip, row):
    return strip.visualRect(strip.model().index(row)).center()


def test_page_up_and_down_on_the_picture_walk_through_the_folder(qtbot, strip_window, album):
    view = strip_window.compare_view
    for key, path in (
        (Qt.Key.Key_PageDown, album[2]),
        (Qt.Key.Key_PageDown, album[3]),
        (Qt.Key.Key_PageDown, album[3]),  # the last one
        (Qt.Key.Key_PageUp, album[2]),
    ):
        qtbot.keyClick(view, key)
        await_open(qtbot, strip_window, path)
    strip = strip_window.folder_controller.strip
    assert strip.currentIndex().data() == "holiday 9.jpg"
    center = strip_window.view_models.compare.state.center
    strip_window.view_models.compare.set_scale(20)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert strip_window.view_models.compare.state.center != center
    await_open(qtbot, strip_window, album[2])


def test_two_quick_steps_go_two_files_on(qtbot, strip_window, album):
    for _ in range(2):
        qtbot.keyClick(strip_window.compare_view, Qt.Key.Key_PageDown)
    await_open(qtbot, strip_window, album[3])


def test_a_file_alone_in_its_folder_has_no_next_file(qtbot, strip_window, tmp_path, photo):
    steps = (strip_window.action_set.batch.previous_file, strip_window.action_set.batch.next_file)
    assert all(action.isEnabled() for action in steps)
    folder = tmp_path / "alone"
    folder.mkdir()
    path = folder / "holiday.jpg"
    shutil.copy(photo, path)
    strip_window.open_paths([path])
    await_open(qtbot, strip_window, path)
    qtbot.waitUntil(lambda: strip_window.view_models.folder_files.state.files == (path,))
    assert not any(action.isEnabled() for action in steps)


def test_arrows_and_clicks_in_the_strip_open_files(qtbot, strip_window, album):
    strip = strip_window.folder_controller.strip
    qtbot.waitUntil(lambda: strip.isVisible() and strip.width() > 300)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=item_center(strip, 0))
    await_open(qtbot, strip_window, album[0])
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    await_open(qtbot, strip_window, album[2])
    assert strip.hasFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    await_open(qtbot, strip_window, album[1])


def test_a_refused_file_is_not_marked_and_the_walk_goes_on_from_it(qtbot, strip_window, album):
    strip, document = strip_window.folder_controller.strip, strip_window.view_models.document
    good_bytes = album[2].read_bytes()
    album[2].write_text("Dear reader,")
    qtbot.keyClick(strip_window.compare_view, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpenFailed))

    def selected_paths():
        return [album[index.row()] for index in strip.selectedIndexes()]

    assert selected_paths() == [album[1]]
    album[2].write_bytes(good_bytes)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=item_center(strip, 2))
    await_open(qtbot, strip_window, album[2])
    assert selected_paths() == [album[2]]
    album[1].write_text("Dear reader,")
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpenFailed))
    assert selected_paths() == [album[2]]
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    await_open(qtbot, strip_window, album[0])
    assert selected_paths() == [album[0]]


def test_a_refused_file_of_another_folder_does_not_change_the_strip(
    qtbot, strip_window, album, text_file
):
    strip_window.open_paths([text_file])
    document = strip_window.view_models.document
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpenFailed))
    qtbot.waitUntil(lambda: strip_window.view_models.folder_files.state.files == tuple(album))
    state = strip_window.view_models.folder_files.state
    assert (state.opened_path, state.refused_path) == (album[1], None)


def test_the_strip_shows_thumbnails_and_marks_what_is_restored(qtbot, strip_window, album):
    window, strip = strip_window, strip_window.folder_controller.strip
    model = strip.model()
    names = lambda: [model.index(r).data(Qt.ItemDataRole.AccessibleTextRole) for r in range(4)]  # noqa: E731
    qtbot.waitUntil(
        lambda: all(model.index(r).data(Qt.ItemDataRole.DecorationRole) for r in range(4))
    )
    assert names() == [path.name for path in album]
    before = strip.grab().toImage()
    window.view_models.parameters.apply_preset(Preset.FAST)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names()[1] == "holiday 2.jpg, restored")
    assert names()[2] == "holiday 9.jpg"
    assert len(list(album[1].parent.iterdir())) == 5
    assert model.rowCount() == 4
    assert strip.grab().toImage() != before


def test_what_was_read_before_results_were_written_marks_no_file(
    qtbot, strip_window, album, monkeypatch
):
    folder_files = strip_window.view_models.folder_files
    await_details(qtbot, folder_files, album)
    is_read, may_end = threading.Event(), threading.Event()
    answers = iter([False, True])

    def wait_after_reading(_manifest, _path):
        is_restored = next(answers)
        is_read.set()
        may_end.wait()
        return is_restored

    monkeypatch.setattr(jobs, "is_file_restored", wait_after_reading)
    strip_window.folder_controller.strip.hide()
    folder_files.refresh()
    assert folder_files.find_details(album[3]) is None
    qtbot.waitUntil(is_read.is_set)
    folder_files.refresh()
    assert folder_files.find_details(album[3]) is None
    may_end.set()
    qtbot.waitUntil(lambda: folder_files.find_details(album[3]) is not None)
    assert folder_files.find_details(album[3]).is_restored


def test_the_strip_is_switched_off_and_gives_way_to_crops(qtbot, strip_window):
    window, strip = strip_window, strip_window.folder_controller.strip
    assert strip.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert not strip.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert strip.isVisible()
    window.action_set.batch.show_thumbnail_strip.trigger()
    assert not strip.isVisible()


def test_a_single_picture_has_no_strip(qtbot, open_photo):
    qtbot.waitUntil(lambda: len(open_photo.view_models.folder_files.state.files) == 1)
    assert not open_photo.folder_controller.strip.isVisible()


def test_folders_and_thumbnails_are_read_on_another_thread(qtbot, window, album, monkeypatch):
    threads = {}

    def note(name, function):
        def call(*arguments):
            threads.setdefault(name, set()).add(threading.get_ident())
            return function(*arguments)

        monkeypatch.setattr(f"app.viewmodels.folder.folder_files.{name}", call)

    for name in ("list_folder_files", "load_folder_file_details"):
        note(name, getattr(jobs, name))
    window.open_paths([album[0]])
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threading.get_ident() not in set.union(*threads.values())


def test_only_thumbnails_in_sight_are_loaded_of_a_large_folder(qtbot, window, tmp_path, photo):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2000):
        (folder / f"{number}.jpg").touch()
    shutil.copy(photo, folder / "1000.jpg")
    window.open_paths([folder / "1000.jpg"])
    await_open(qtbot, window, folder / "1000.jpg")
    strip, folder_files = window.folder_controller.strip, window.view_models.folder_files
    loaded = []
    folder_files.details_loaded.connect(loaded.append)
    qtbot.waitUntil(lambda: folder / "1000.jpg" in loaded and folder / "1001.jpg" in loaded)
    assert strip.model().rowCount() == 2000
    rect = strip.visualRect(strip.currentIndex())
    assert strip.viewport().rect().contains(rect.center() + QPoint(0, 1))
    qtbot.waitUntil(lambda: len(loaded) >= strip.width() // rect.width())
    assert len(set(loaded)) < 100


def test_a_thumbnail_that_is_asked_for_again_is_loaded_once(qtbot, strip_window, album):
    folder_files, loaded = strip_window.view_models.folder_files, []
    await_details(qtbot, folder_files, album)
    folder_files.details_loaded.connect(loaded.append)
    folder_files.refresh()
    for _ in range(2):
        folder_files.find_details(album[0])
    await_details(qtbot, folder_files, album)
    assert sorted(loaded) == sorted(album)


def test_thumbnails_of_a_folder_share_what_was_read_of_its_manifest(
    qtbot, strip_window, album, monkeypatch
):
    """A manifest has a line per result, so that thumbnails must not read it one by one."""
    folder_files, lines = strip_window.view_models.folder_files, []

    add = LineTable.add

    def note(table, line):
        lines.append(line)
        add(table, line)

    monkeypatch.setattr(LineTable, "add", note)
    await_details(qtbot, folder_files, album)
    target = album[0].with_name("elsewhere.png")
    shutil.copy(album[0], target)
    status, sha256 = target.stat(), compute_file_sha256(album[0])
    Manifest(target.parent).add(
        ManifestEntry(
            sha256, "0" * 64, target.name, status.st_size, status.st_mtime_ns, sha256, 1.0, 4, 2.0,
            "2026-01-01T00:00:00+00:00",
        )
    )  # fmt: skip
    folder_files.refresh()
    await_details(qtbot, folder_files, album)
    restored = sum(folder_files.find_details(path).is_restored for path in album)
    assert restored == len(album)  # the files are copies of one photo
    assert len([line for line in lines if line]) == 2  # for the list, and for all thumbnails
