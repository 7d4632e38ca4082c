"""Photographs as patches: selection, reduction, and the position in the stream."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from PIL import Image

from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.training.photographs.dataset import (
    Photograph,
    collect_photographs,
    read_central_crops,
)
from ddrm_core.training.photographs.patches import PatchSource, open_patch_batches
from tests.support.pictures import photograph
from tests.support.small_training import write_photographs


def stream(source: PatchSource, *, first: int, count: int, size: int, workers: int = 1):
    """Return `count` patches from patch number `first` on, read in batches of `size`."""
    with open_patch_batches(
        source, first_patch=first, batch_size=size, worker_count=workers
    ) as parts:
        return np.concatenate(list(islice(parts, -(-count // size))))[:count]


class TestCollection:
    def test_every_twentieth_is_held_out_and_the_rest_trained_on(self, tmp_path):
        folder = write_photographs(tmp_path / "photographs", 29, height=31, width=37)
        found = collect_photographs(folder, min_short_side=16, min_held_out_side=16)
        assert [p.path.name for p in found.held_out] == ["07.png", "27.png"]
        assert len(found.training) == 27
        assert not {p.path for p in found.training} & {p.path for p in found.held_out}
        assert found.refused_paths == ()

    def test_what_is_no_colour_photograph_is_refused_and_named(self, tmp_path):
        folder = write_photographs(tmp_path / "photographs", 8, height=31, width=37)
        Image.fromarray(photograph(40, 40, grey=True)).save(folder / "grey.png")
        Image.fromarray(photograph(15, 40)).save(folder / "small.png")
        Image.fromarray(photograph(31, 40)).save(folder / "small_when_halved.jpg")
        (folder / "damaged.webp").write_bytes(b"RIFF\0\0\0\0WEBPVP8L" + bytes(9))
        (folder / "empty.jpg").write_bytes(b"")
        (folder / "notes.txt").write_text("not looked at")
        refused = collect_photographs(folder, min_short_side=16, min_held_out_side=16).refused_paths
        names = ["damaged.webp", "empty.jpg", "grey.png", "small.png", "small_when_halved.jpg"]
        assert [path.name for path in refused] == names

    def test_folders_below_are_searched(self, tmp_path):
        write_photographs(tmp_path / "above", 5, height=31, width=37)
        write_photographs(tmp_path / "below", 5, height=31, width=37)
        assert (
            len(collect_photographs(tmp_path, min_short_side=16, min_held_out_side=16).training)
            == 9
        )

    def test_nothing_to_learn_from_and_nothing_to_read(self, tmp_path):
        with pytest.raises(InvalidSetting):
            collect_photographs(
                write_photographs(tmp_path / "few", 7), min_short_side=16, min_held_out_side=16
            )
        for path in (tmp_path / "absent", tmp_path / "few" / "00.png"):
            with pytest.raises(UnreadableFile):
                collect_photographs(path, min_short_side=16, min_held_out_side=16)


class TestPixels:
    @pytest.mark.parametrize(
        ("suffix", "options", "factor"),
        [
            (".png", {}, 1),
            (".tiff", {}, 1),
            (".webp", {"lossless": True}, 1),
            (".webp", {"lossless": True, "icc_profile": bytes(131)}, 1),
            (".webp", {"quality": 80}, 2),
            (".webp", {"quality": 80, "icc_profile": bytes(131)}, 2),
            (".jpg", {"quality": 95}, 2),
        ],
    )
    def test_lossy_files_are_halved_and_others_are_as_stored(
        self, tmp_path, suffix, options, factor
    ):
        folder = write_photographs(tmp_path / "photographs", 8, height=62, width=75)
        pixels = photograph(62, 75)
        Image.fromarray(pixels).save(folder / f"x{suffix}", **options)
        found = collect_photographs(folder, min_short_side=16, min_held_out_side=16).training[-1]
        assert found.min_reduction == factor
        read = found.read_pixels(found.max_short_side)
        if factor == 1:
            assert np.array_equal(read, pixels)
        else:
            assert read.shape[:2] in ((31, 37), (31, 38))
            halved = Image.fromarray(pixels).resize((read.shape[1], 31), Image.Resampling.BOX)
            assert np.abs(read.astype(float) - np.asarray(halved)).mean() < 8

    def test_opaque_pictures_are_photographs_and_others_not(self, tmp_path):
        opaque = np.dstack([photograph(31, 37), np.full((31, 37), 255, np.uint8)])
        Image.fromarray(opaque).save(tmp_path / "a.png")
        read = Photograph(tmp_path / "a.png", (37, 31), 1)
        assert np.array_equal(read.read_pixels(31), opaque[:, :, :3])
        opaque[5, 5, 3] = 254
        Image.fromarray(opaque).save(tmp_path / "a.png")
        with pytest.raises(UnsupportedImage):
            read.read_pixels(31)

    @pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
    def test_files_that_changed_since_they_were_looked_at(self, tmp_path, data):
        path = tmp_path / "a.png"
        path.write_bytes(data)
        with pytest.raises(UnsupportedImage):
            Photograph(path, (37, 31), 1).read_pixels(31)
        path.unlink()
        with pytest.raises(UnreadableFile):
            Photograph(path, (37, 31), 1).read_pixels(31)

    def test_held_out_crops_are_the_middle(self, tmp_path):
        Image.fromarray(pixels := photograph(37, 52)).save(tmp_path / "a.png")
        crops = read_central_crops([Photograph(tmp_path / "a.png", (52, 37), 1)], 16)
        assert np.array_equal(crops[0], pixels[10:26, 18:34])


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    folder = write_photographs(tmp_path_factory.mktemp("photographs"), 9, height=31, width=45)
    return collect_photographs(folder, min_short_side=16, min_held_out_side=16).training


class TestStream:
    @pytest.mark.parametrize("first", [1, 40, 511, 512, 700])
    def test_it_goes_on_from_any_place(self, photographs, first):
        source = PatchSource(photographs, 16, 3)
        whole = stream(source, first=0, count=760, size=10)
        part = stream(source, first=first, count=50, size=7, workers=3)
        assert np.array_equal(part, whole[first : first + 50])

    def test_another_seed_is_another_stream_and_patches_differ(self, photographs):
        one, other = (
            stream(PatchSource(photographs, 16, s), first=0, count=40, size=20) for s in (1, 2)
        )
        assert not np.array_equal(one, other)
        assert len(np.unique(one.reshape(40, -1), axis=0)) > 35

    def test_all_photographs_are_taken_before_any_is_again(self, tmp_path):
        photographs = []
        for grey in range(5):
            path = tmp_path / f"{grey}.png"
            Image.fromarray(np.full((20, 17, 3), grey, np.uint8)).save(path)
            photographs.append(Photograph(path, (17, 20), 1))
        source = PatchSource(tuple(photographs), 16, 0)
        taken = [int(source.read_crops(number).max()) for number in range(15)]
        assert [set(taken[i : i + 5]) for i in (0, 5, 10)] == [set(range(5))] * 3
        assert len({tuple(taken[i : i + 5]) for i in (0, 5, 10)}) > 1

    def test_patches_are_parts_of_photographs_and_their_mirror_images(self, tmp_path):
        y, x = np.mgrid[:40, :50].astype(np.uint8)
        Image.fromarray(np.dstack([y, x, 0 * x])).save(tmp_path / "a.png")
        source = PatchSource((Photograph(tmp_path / "a.png", (50, 40), 1),), 16, 0)
        patches = stream(source, first=0, count=200, size=50).astype(int)
        whole = [p for p in patches if np.ptp(np.diff(p[:, :, 0], axis=0)) == 0]
        steps = {int(p[0, 1, 1] - p[0, 0, 1]) for p in whole if p[1, 0, 0] - p[0, 0, 0] == 1}
        assert steps == {1, -1}
        assert len(whole) > 60

    def test_a_photograph_that_breaks_is_replaced_and_reported(self, tmp_path):
        folder = write_photographs(tmp_path / "photographs", 9, height=31, width=37)
        train = collect_photographs(folder, min_short_side=16, min_held_out_side=16).training
        broken = train[2].path
        broken.write_bytes(broken.read_bytes()[:700])
        source = PatchSource(train, 16, 0)
        assert len(stream(source, first=0, count=100, size=10)) == 100
        assert source.refused_paths == {broken}

    def test_no_photograph_left_is_an_error(self, tmp_path):
        source = PatchSource((Photograph(tmp_path / "a.png", (50, 40), 1),), 16, 0)
        with pytest.raises(UnsupportedImage):
            stream(source, first=0, count=1, size=1)
