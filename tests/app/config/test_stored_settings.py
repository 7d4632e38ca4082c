"""Everything that the window of 0.1.0 stored is read, value by value."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QSplitter, QWidget

from app.config.paths import cache_folder, config_folder
from app.config.prior_locations import create_prior_library, downloads_folder
from app.config.save_choices import SaveChoices
from app.config.settings import (
    Appearance,
    LivePreviewFrequency,
    Settings,
)
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.jobs.batch.batch_file import BatchFileStore, batch_file_path
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    ItemStatus,
    OutputLocation,
)
from app.jobs.parameters.preset_file import PRESET_FILE_NAME, UserPreset, load_presets
from app.jobs.parameters.recorded_settings import RecordedSettings, read_recorded_settings
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.source import open_source_image
from tests.support.stored_by_0_1_0 import HOME, OTHER, SAMPLER, STORED, copy_priors, copy_text


class TestSettingsOfTheWindow:
    @pytest.fixture
    def store(self, tmp_path) -> QSettings:
        path = copy_text("settings.ini", tmp_path / "settings.ini")
        return QSettings(str(path), QSettings.Format.IniFormat)

    def test_every_value_comes_back(self, store):
        assert SettingsStore(store).load_settings() == Settings(
            appearance=Appearance.DARK,
            language="de",
            reopen_last_file=True,
            live_preview=LivePreviewFrequency.OCCASIONALLY,
            device="cuda:1",
            result_memory_mib=300,
            result_disk_mib=4096,
            results_folder=HOME / "Results, böld",
        )
        assert SettingsStore(store).load_save_choices() == SaveChoices(
            ExportSettings(
                bits=16,
                policy=MetadataPolicy.NO_GPS,
                bake_orientation=True,
                jpeg_quality=80,
                same_levels=True,
            ),
            format=SaveFormat.TIFF,
        )
        assert SettingsStore(store).load_prior_name() == "tiny"

    def test_no_value_is_a_default(self, store):
        choices = SettingsStore(store).load_save_choices()
        assert choices.format != SaveChoices().format
        # The position of a result between its images is not stored.
        stored_export = replace(
            choices.export,
            sharpness=0.5,
            sample=2,
            strength=0.5,
            kept_areas=(Rectangle(0, 0, 1, 1),),
        )
        pairs = (
            (Settings(), SettingsStore(store).load_settings()),
            (ExportSettings(), stored_export),
        )
        for first, found in pairs:
            for field in fields(first):
                assert getattr(found, field.name) != getattr(first, field.name), field.name

    def test_the_last_session_comes_back(self, qtbot, store):
        session = SettingsStore(store).load_window_state()
        assert session == WindowState(
            geometry=session.geometry,
            splitter_state=session.splitter_state,
            bottom_panel_page="CropsPage",
            last_folder=HOME / "Photos 火",
            recent_files=(HOME / "Photos 火" / "a, b.jpg", HOME / "böld.tiff"),
        )
        window = QWidget()
        qtbot.addWidget(window)
        assert window.restoreGeometry(session.geometry)
        # The height is that of the window of 0.1.0; the screen limits the width.
        assert window.height() == 703
        split = QSplitter()
        qtbot.addWidget(split)
        for _ in range(2):
            split.addWidget(QLabel())
        assert split.restoreState(session.splitter_state)


ALBUM = Path("/home/ann/album")


class TestQueueOfFiles:
    @pytest.fixture
    def kept(self, tmp_path):
        store = BatchFileStore(Path(shutil.copy(STORED / "queue.jsonl", tmp_path / "queue.jsonl")))
        yield store.load()
        store.release()

    def test_what_holds_for_every_file_comes_back(self, kept):
        assert kept.output_location == OutputLocation(
            folder=Path("/home/ann/results"),
            name_template="{stem} q{quality}{ext}",
            keep_subfolders=False,
        )
        assert kept.settings == CommonSettings(
            restore=RestoreSettings(
                sampler=SAMPLER,
                seed=12345,
                device="cpu",
                prior="tiny",
                assumption=CompressionAssumption(quality=20, grid=(1, 2), sampling="4:4:4"),
            ),
            export=ExportSettings(
                bits=16,
                policy=MetadataPolicy.NO_GPS,
                bake_orientation=True,
                jpeg_quality=80,
                same_levels=True,
            ),
            suffix=".tiff",
        )
        assert (kept.recursive, kept.include_all_formats, kept.tolerate_damage) == (
            False,
            True,
            True,
        )

    def test_every_file_comes_back(self, kept):
        own = RestoreSettings(
            sampler=OTHER,
            seed=2**63 - 1,
            device="cuda:1",
            prior="tiny-adm",
            assumption=CompressionAssumption(quality=35, grid=(3, 5), sampling="4:2:2"),
        )
        assert kept.items == (
            BatchItem(item_id=3, source=ALBUM / "böld 火.jpg", base_folder=ALBUM, own_settings=own),
            BatchItem(
                item_id=1,
                source=ALBUM / "sub" / "b.jpg",
                base_folder=ALBUM,
                status=ItemStatus.DONE,
                target=Path("/home/ann/results/sub/b q10.tiff"),
                consistency=0.875,
                seconds=1.5,
                evaluation_count=6,
                message="Its EXIF is left out",
            ),
            BatchItem(
                item_id=2,
                source=Path("/home/ann/c.jpg"),
                status=ItemStatus.FAILED,
                seconds=0.25,
                message="No.\nReally.",
            ),
            BatchItem(
                item_id=5,
                source=ALBUM / "d.jpg",
                base_folder=ALBUM,
                status=ItemStatus.SKIPPED,
                target=Path("/home/ann/results/d q10.tiff"),
                consistency=1.0,
                message="Done before",
            ),
            BatchItem(
                item_id=4, source=ALBUM / "e.jpg", base_folder=ALBUM, status=ItemStatus.STOPPED
            ),
            # The item was being restored when the window ended.
            BatchItem(
                item_id=7, source=ALBUM / "\udcff.jpg", base_folder=ALBUM, status=ItemStatus.STOPPED
            ),
        )


def test_files_are_where_they_were(monkeypatch):
    def folder(kind: str):
        return property(lambda folders: f"/{kind}/{folders.appname}/{folders.appauthor}")

    for kind in ("data", "cache", "config", "state"):
        monkeypatch.setattr(f"platformdirs.PlatformDirs.user_{kind}_dir", folder(kind))
    assert batch_file_path() == Path("/state/ddrm-restore/False/queue.jsonl")
    assert config_folder() / PRESET_FILE_NAME == Path("/config/ddrm-restore/False/presets.json")
    assert create_prior_library().folder == Path("/data/ddrm-restore/False/priors")
    assert downloads_folder() == Path("/data/ddrm-restore/False/priors/downloads")
    assert cache_folder() == Path("/cache/ddrm-restore/False")


def test_presets_come_back():
    assert load_presets(STORED / "presets.json") == (
        UserPreset("Mine", SAMPLER),
        UserPreset("Nº 2, böld 火", OTHER),
    )


@pytest.mark.parametrize("with_prior", [True, False], ids=["with", "without"])
def test_a_result_gives_back_its_settings(prior_folder, with_prior):
    if with_prior:
        copy_priors(prior_folder)
    path = STORED / "results" / "assumed.tiff"
    source = open_source_image(STORED / "results" / "source.jpg")
    repeated = read_recorded_settings(PriorCache(BUNDLED_PRIOR_PATH), path, source, "cpu")
    assert repeated == RecordedSettings(
        path,
        RestoreSettings(
            replace(OTHER, start_factor=repeated.settings.sampler.start_factor),
            7,
            "cpu",
            prior="tiny",
            assumption=CompressionAssumption(quality=20, grid=(3, 5), sampling=None),
        ),
        prior_mismatch=None,
        missing_prior=None if with_prior else "tiny",
    )
    assert repeated.settings.sampler.correction == "paper"
