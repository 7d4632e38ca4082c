"""The dialog of Save as: filters, suffixes and names."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QWidget

from app.compose import build_window
from app.ui.widgets.dialogs import Dialogs
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.saving_stories import open_and_restore, save_as
from tests.support.unsaved_answers import DiscardingDialogs


class Dialog:
    """A simulated user who selects a filter in the file dialog, types a name and accepts."""

    def __init__(self, qtbot, *, filter_words: str, name: str) -> None:
        self._qtbot, self._filter, self._name = qtbot, filter_words, name
        self.proposed: list[str] = []
        QTimer.singleShot(0, self._answer)

    def _answer(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(10, self._answer)
            return
        edit = dialog.findChild(QLineEdit, "fileNameEdit")
        box = dialog.findChild(QComboBox, "fileTypeCombo")
        self.filters = [box.itemText(i) for i in range(box.count())]
        self.proposed.append(edit.text())
        [wanted] = [
            i for i, text in enumerate(self.filters) if text.startswith(f"{self._filter} files")
        ]
        while box.currentIndex() != wanted:
            down = box.currentIndex() < wanted
            self._qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
        self.proposed.append(edit.text())
        if self._name:
            edit.selectAll()
            self._qtbot.keyClicks(edit, self._name)
        self._qtbot.keyClick(edit, Qt.Key.Key_Return)


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, for every dialog
class TestTheDialog:
    @pytest.fixture
    def window(self, qtbot, qapp, store):
        window = build_window(
            qapp,
            bundled_prior_path=BUNDLED_PRIOR_PATH,
            settings_store=store,
            dialogs=DiscardingDialogs(),
        )
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        yield window
        window.close()

    @pytest.mark.parametrize(
        ("filter_words", "name", "written"),
        [
            ("PNG", "a name", "a name.png"),
            ("JPEG", "a name", "a name.jpg"),
            ("TIFF", "a name", "a name.tiff"),
            ("TIFF", "a name.tif", "a name.tif"),
            ("WebP", "", "camera_restored.webp"),
            ("PNG", "", "camera_restored.png"),
        ],
    )
    def test_the_suffix_follows_the_filter(
        self, qtbot, window, camera, tmp_path, filter_words, name, written
    ):
        open_and_restore(qtbot, window, camera)
        dialog = Dialog(qtbot, filter_words=filter_words, name=name)
        save_as(qtbot, window)
        assert dialog.filters == [
            "PNG files (*.png)",
            "TIFF files (*.tiff *.tif)",
            "WebP files (*.webp)",
            "JPEG files (*.jpg *.jpeg)",
            "JPEG XL files (*.jxl)",
            "AVIF files (*.avif)",
        ]
        suffix = written.rpartition(".")[2].replace("tif", "tiff").replace("tifff", "tiff")
        assert dialog.proposed == ["camera_restored.png", f"camera_restored.{suffix}"]
        assert window.view_models.saving.state.path == tmp_path / written
        with Image.open(tmp_path / written) as image:
            assert image.format == filter_words.upper()

    def test_a_suffix_of_another_format_is_the_users_word(self, qtbot, window, camera, tmp_path):
        open_and_restore(qtbot, window, camera)
        Dialog(qtbot, filter_words="PNG", name="a.tiff")
        save_as(qtbot, window)
        with Image.open(tmp_path / "a.tiff") as image:
            assert image.format == "TIFF"


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, for every dialog
@pytest.mark.parametrize(
    ("name", "followed"),
    [("a.png", "a.tiff"), ("a.JPG", "a.tiff"), ("a.tif", "a.tif"), ("2024.12", "2024.12")],
)
def test_names_follow_the_filter_where_the_systems_dialog_leaves_them(
    qtbot, tmp_path, name, followed
):
    parent, found = QWidget(), []
    qtbot.addWidget(parent)

    def choose():
        dialog = QApplication.activeModalWidget()
        dialog.selectFile(name)
        dialog.filterSelected.emit("TIFF files (*.tiff *.tif)")  # emitted by the native dialog
        found.extend((dialog.selectedFiles(), dialog.defaultSuffix()))
        dialog.reject()

    QTimer.singleShot(0, choose)
    assert Dialogs().ask_save_path(parent, tmp_path / "b.png", tuple(SaveFormat)) is None
    assert found == [[str(tmp_path / followed)], "tiff"]
