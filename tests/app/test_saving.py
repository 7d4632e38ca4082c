from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QSettings

from app.jobs.export_job import export
from app.jobs.open_job import open_document
from app.jobs.restore_job import RestoreRequest, keep, restoring
from app.jobs.worker import Outcome
from app.settings import Settings, load_settings, save_settings
from app.viewmodels.saving import Saved, Saving, SavingFailed, SavingViewModel, after_save
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OutputIsSource, UnsupportedFormat, UnwritableOutput
from ddrm_core.image import rounded
from ddrm_core.sampler.settings import SamplerSettings


@pytest.fixture
def restored(photo, engine):
    settings = SamplerSettings(steps=1, samples=1)
    request = RestoreRequest(open_document(photo).image, settings, None, 0, "cpu")
    return keep(next(restoring(engine, request, CancelToken())).estimate)


def test_the_file_holds_the_result(restored, tmp_path):
    path = export(restored, tmp_path / "out 火.png")
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert np.array_equal(np.asarray(image), rounded(restored.restoration.picture))


def test_another_file_is_replaced_and_the_source_never(restored, tmp_path, photo):
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    export(restored, target)
    assert target.read_bytes().startswith(b"\x89PNG")
    source = photo.read_bytes()
    link = tmp_path / "link.png"
    link.symlink_to(photo)
    for path in (photo, link):
        with pytest.raises(OutputIsSource):
            export(restored, path)
    assert photo.read_bytes() == source


def test_a_result_outlives_its_source(restored, tmp_path, photo):
    photo.unlink()
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    assert export(restored, target).read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_written(restored, tmp_path):
    with pytest.raises(UnsupportedFormat):
        export(restored, tmp_path / "out.gif")
    with pytest.raises(UnwritableOutput):
        export(restored, tmp_path / "nowhere" / "out.png")


def test_the_model_saves_and_says_so(qtbot, runner, restored, tmp_path):
    model = SavingViewModel(runner)
    model.save(restored, tmp_path / "out.png")
    assert model.state == Saving(tmp_path / "out.png")
    qtbot.waitUntil(lambda: model.state == Saved(tmp_path / "out.png"), timeout=5000)
    model.save(restored, tmp_path / "no" / "out.png")
    qtbot.waitUntil(lambda: isinstance(model.state, SavingFailed), timeout=5000)
    assert isinstance(model.state.error, UnwritableOutput)


def test_another_result_is_a_bug(restored):
    with pytest.raises(TypeError):
        after_save(Outcome(restored, None))


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_settings_come_back(store, tmp_path):
    assert load_settings(store) == Settings()
    save_settings(store, Settings(geometry=QByteArray(b"\0\1\2")))
    save_settings(store, Settings(folder=tmp_path / "böld"))
    store.sync()
    assert load_settings(store) == Settings(QByteArray(b"\0\1\2"), tmp_path / "böld")


def test_settings_of_another_type_are_as_at_the_first_start(store):
    store.setValue("window/geometry", "800x600")
    store.setValue("window/folder", "")
    assert load_settings(store) == Settings()
