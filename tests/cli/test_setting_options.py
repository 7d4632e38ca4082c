"""The options of a command are the fields of its settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from app.cli.options.declaration import Changes, changes_of, create_command, options_of
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.export.replay import read_run_record
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.sampler.serialization import settings_to_values
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.setting_fields import Help, Label, Limits
from tests.support.stored_by_0_1_0 import SAMPLER


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Paint:
    """An example of a dataclass of settings, declared like those of the core."""

    layers: Annotated[int, Limits(1, 9), Help("Layers of paint.")]
    color: Annotated[Color, Help("Color of the paint.")] = Color.RED
    is_dry: Annotated[bool, Help("Wait for the paint.")] = True
    thin_by: Annotated[float | None, Label("thinner"), Limits(0, 1), Help("Thinner.")] = None
    batch_number: int = 7  # set by the program, not an option


@dataclass(frozen=True)
class Inner:
    brush: Annotated[str, typer.Option()] = "flat"


@dataclass(frozen=True, kw_only=True)
class PaintOptions:
    wall: Annotated[Path, typer.Argument()]
    changes: Annotated[Changes, changes_of(Paint, "layers", "color", "is_dry", "thin_by")]
    inner: Inner


@dataclass(frozen=True, kw_only=True)
class ReadyOptions:
    paint: Annotated[Paint, options_of(Paint, "is_dry", "layers")]


def call(options_class, *arguments):
    received = []

    def paint(options) -> None:
        """Paint a wall."""
        received.append(options)

    paint.__annotations__["options"] = options_class
    program = typer.Typer(rich_markup_mode=None)
    program.command()(create_command(paint))
    result = CliRunner().invoke(program, list(map(str, arguments)))
    return result, received


class TestCreateCommand:
    def test_each_named_setting_is_an_option_with_its_help(self):
        result, _ = call(PaintOptions, "--help")
        assert "Paint a wall." in result.stdout
        for text in ("--layers", "--color", "red|blue", "--is-dry / --no-is-dry", "--thin-by"):
            assert text in result.stdout
        for text in ("Layers of paint.", "Color of the paint.", "--brush"):
            assert text in result.stdout
        assert "batch" not in result.stdout

    def test_settings_that_were_given_arrive_and_no_others(self):
        _, (options,) = call(
            PaintOptions, "north", "--thin-by", 0, "--no-is-dry", "--color", "blue", "--brush", "x"
        )
        assert options == PaintOptions(
            wall=Path("north"),
            changes={"color": Color.BLUE, "is_dry": False, "thin_by": 0.0},
            inner=Inner("x"),
        )
        _, (options,) = call(PaintOptions, "north")
        assert options == PaintOptions(wall=Path("north"), changes={}, inner=Inner())

    def test_settings_can_arrive_as_their_dataclass(self):
        _, (options,) = call(ReadyOptions, "--layers", 3)
        assert options.paint == Paint(3)

    @pytest.mark.parametrize(
        ("options_class", "arguments", "message"),
        [
            (
                PaintOptions,
                ("north", "--layers", 10),
                "layers",
            ),
            (PaintOptions, ("north", "--thin-by", 1.5), "thinner"),
            (ReadyOptions, ("--layers", 0), "layers"),
        ],
    )
    def test_a_value_outside_the_limits_is_wrong_usage(self, options_class, arguments, message):
        result, received = call(options_class, *arguments)
        assert (result.exit_code, received) == (2, [])
        assert message in result.stderr

    def test_a_word_that_is_no_choice_is_wrong_usage(self):
        result, received = call(PaintOptions, "north", "--color", "green")
        assert (result.exit_code, received) == (2, [])


ASKED = replace(SAMPLER, start=None)


def to_arguments(settings: SamplerSettings) -> list[object]:
    arguments: list[object] = []
    for name, value in settings_to_values(settings).items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            arguments.append(f"--{option}" if value else f"--no-{option}")
        elif value is not None:
            arguments += [f"--{option}", value]
    return arguments


class TestSettingsOfTheSampler:
    @pytest.mark.parametrize("command", ["restore", "batch", "dequantize", "evaluate"])
    def test_every_setting_is_an_option(self, run, command):
        text = run(command, "--help").stdout
        for name in settings_to_values(SAMPLER):
            assert f"--{name.replace('_', '-')} " in text

    def test_a_restored_picture_has_been_made_with_all_of_them(self, run, photo, tmp_path):
        starts = set()
        for start_factor in (ASKED.start_factor, 1.0):
            asked, target = (
                replace(ASKED, start_factor=start_factor),
                tmp_path / f"{start_factor}.png",
            )
            assert run("restore", photo, "-o", target, *to_arguments(asked)).exit_code == 0
            record = read_run_record(target)
            starts.add(record.sampler.start)
            found = record.sampler
            assert replace(found, start=None, start_factor=start_factor) == asked
        assert len(starts) == 2  # a record holds the start computed from the factor

    def test_a_folder_has_been_restored_with_all_of_them(self, run, photo, tmp_path):
        done = run("batch", photo.parent, "-o", tmp_path / "out", *to_arguments(ASKED))
        assert done.exit_code == 0
        prior_sha256 = read_run_record(tmp_path / "out" / f"{photo.stem}_restored.png").prior_sha256
        settings_sha256 = BatchSettings(ASKED).compute_sha256(prior_sha256, ".png")
        source_sha256 = compute_file_sha256(photo)
        assert [*Manifest(tmp_path / "out").find_results(source_sha256, settings_sha256)]
