"""Where the results of a queue's files go."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.jobs.queue_places import PlanRequest, planning
from app.jobs.queue_rows import FileSettings, Place, QueueSettings, Row, Saving
from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.settings import PRESETS, Preset

SETTINGS = FileSettings(PRESETS[Preset.FAST], 0, "cpu")
OWN = FileSettings(PRESETS[Preset.FAST], 7, "cpu")


def test_no_result_takes_the_place_of_a_source_with_other_settings(tmp_path: Path):
    rows = (Row(1, tmp_path / "a.jpg"), Row(2, tmp_path / "a_restored.jpg", own=OWN))
    place = Place(tmp_path, "{stem}_restored.jpg", tree=False)
    with pytest.raises(InvalidSetting):
        planning(PlanRequest(rows, place, QueueSettings(SETTINGS, Saving())))


def test_files_with_other_settings_get_places_of_their_own(tmp_path: Path):
    rows = (Row(1, tmp_path / "x" / "a.jpg"), Row(2, tmp_path / "y" / "a.jpg", own=OWN))
    place = Place(tmp_path, tree=False)
    places = planning(PlanRequest(rows, place, QueueSettings(SETTINGS, Saving())))
    assert places == {1: tmp_path / "a_restored.png", 2: tmp_path / "a_restored (2).png"}
