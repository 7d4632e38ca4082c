from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from PySide6.QtCore import QSettings

from app.config.save_choices import SaveChoices
from app.config.settings_store import SettingsStore
from app.jobs.document.open import open_document
from app.jobs.export.save import SavedFile, save_result
from app.jobs.run.restore import restore_job, result_from_estimate
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.export.saving import (
    SavingInProgress,
    SavingViewModel,
    result_saved_message,
)
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    InvalidSetting,
    OutputIsInput,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.formats.notes import FormatNote
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.messages import Message
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.sampler.settings import SamplerSettings


@pytest.fixture
def restored(photo, engine):
    settings = SamplerSettings(steps=1, samples=1)
    request = RestoreRequest(open_document(photo).source, RestoreSettings(settings, 0, "cpu"))
    return result_from_estimate(next(restore_job(engine, request, CancelToken())).estimate)


def test_the_file_holds_the_result(restored, tmp_path):
    exported = save_result(restored, tmp_path / "out 火.png", ExportSettings())
    assert (exported.path, exported.notes) == (tmp_path / "out 火.png", ())
    assert exported.byte_count == exported.path.stat().st_size
    assert exported.source_byte_count == restored.restoration.run.image.path.stat().st_size
    with Image.open(exported.path) as image:
        assert image.format == "PNG"
        assert np.array_equal(np.asarray(image), to_uint8(restored.restoration.image))


def test_another_file_is_replaced_and_the_source_never(restored, tmp_path, photo):
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    save_result(restored, target, ExportSettings())
    assert target.read_bytes().startswith(b"\x89PNG")
    source = photo.read_bytes()
    link = tmp_path / "link.png"
    link.symlink_to(photo)
    for path in (photo, link):
        with pytest.raises(OutputIsInput):
            save_result(restored, path, ExportSettings())
    assert photo.read_bytes() == source


def test_a_result_outlives_its_source(restored, tmp_path, photo):
    photo.unlink()
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    assert save_result(restored, target, ExportSettings()).source_byte_count is None
    assert target.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UnreadableFile):
        save_result(restored, tmp_path / "out.jpg", ExportSettings(same_levels=True))
    assert not (tmp_path / "out.jpg").exists()


@pytest.mark.parametrize(
    ("name", "settings", "error"),
    [
        ("out.gif", ExportSettings(), UnsupportedFormat),
        ("out", ExportSettings(), UnsupportedFormat),
        ("out.webp", ExportSettings(bits=16), UnsupportedFormat),
        ("out.png", ExportSettings(same_levels=True), InvalidSetting),
        ("nowhere/out.png", ExportSettings(), UnwritableOutput),
    ],
)
def test_what_cannot_be_written(restored, tmp_path, name, settings, error):
    with pytest.raises(error):
        save_result(restored, tmp_path / name, settings)
    assert not (tmp_path / name).exists()


def test_the_model_saves_with_the_options_in_force_and_says_so(qtbot, runner, restored, tmp_path):
    model, path = SavingViewModel(runner), tmp_path / "out.tiff"
    model.options.set_bits(16)
    model.save(restored, path, sharpness=0.0)
    assert model.state == SavingInProgress(path)
    model.options.set_bits(8)  # too late for the file that is being saved
    qtbot.waitUntil(lambda: isinstance(model.state, SavedFile), timeout=5000)
    assert model.state.path == path
    assert tifffile.imread(path).dtype == np.uint16
    model.save(restored, tmp_path / "no" / "out.png", sharpness=0.0)
    qtbot.waitUntil(lambda: isinstance(model.state, JobFailed), timeout=5000)
    assert isinstance(model.state.error, UnwritableOutput)


def test_what_the_format_cannot_hold_comes_with_the_state(qtbot, runner, restored, tmp_path):
    model, path = SavingViewModel(runner), tmp_path / "out.webp"
    model.save(restored, path, sharpness=0.0)
    qtbot.waitUntil(lambda: isinstance(model.state, SavedFile), timeout=5000)
    assert model.state.path == path
    assert model.state.notes == (Message(FormatNote.COMMENTS, {"format": "WebP"}),)


def test_an_existing_file_is_kept_on_request(restored, tmp_path):
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    (tmp_path / "out (2).png").mkdir()
    (tmp_path / "out (3).png").symlink_to("nothing")
    saved = save_result(restored, target, ExportSettings(), overwrite=False)
    assert saved.path == tmp_path / "out (4).png"
    assert (target.read_bytes(), len(list(tmp_path.glob("*.part")))) == (b"old", 0)


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        (0, []),
        (1, ["Note 1."]),
        (4, ["Note 1.", "Note 2.", "Note 3.", "Note 4."]),
        (5, ["Note 1.", "Note 2.", "Note 3.", "And 2 more."]),
        (9, ["Note 1.", "Note 2.", "Note 3.", "And 6 more."]),
    ],
)
def test_notes_are_a_line_each_and_the_last_line_counts_the_rest(count, lines):
    saved = SavedFile(Path("/there/out.webp"), tuple(f"Note {n + 1}" for n in range(count)))
    message = result_saved_message(saved)
    assert message.title == "Saved out.webp"
    assert message.advice.splitlines() == ["It is in /there.", *lines]
    assert len(result_saved_message(saved, max_notes=None).advice.splitlines()) == 1 + count


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_choices_come_back(store):
    assert SettingsStore(store).load_save_choices() == SaveChoices()
    choices = SaveChoices(ExportSettings(16, MetadataPolicy.NO_GPS, True, 7, True), SaveFormat.WEBP)
    SettingsStore(store).save_save_choices(choices)
    store.sync()
    again = QSettings(store.fileName(), QSettings.Format.IniFormat)
    assert SettingsStore(again).load_save_choices() == choices


@pytest.mark.parametrize("value", ["", "9" * 9999, "-1", "101", "maybe", "PNG\0", 8.5, [1], b"8"])
def test_unknown_choices_are_as_at_the_first_start_and_the_others_stay(store, value):
    known = {
        "bits": "32",
        "metadata": "none",
        "upright": "true",
        "jpeg_quality": "1",
        "same_levels": "true",
        "format": "TIFF",
    }
    for unknown in known:
        for key in known:
            store.setValue(f"saving/{key}", value if key == unknown else known[key])
        found, first = SettingsStore(store).load_save_choices(), SaveChoices()
        export = ExportSettings(32, MetadataPolicy.NONE, True, 1, True)
        if unknown == "format":
            assert found == SaveChoices(export, first.format)
        else:
            field = {"metadata": "policy", "upright": "bake_orientation"}.get(unknown, unknown)
            export = replace(export, **{field: getattr(first.export, field)})
            assert found == SaveChoices(export, SaveFormat.TIFF)
