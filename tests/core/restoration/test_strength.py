"""Every strength of a result, also with kept areas, is in the bins of the file."""

from __future__ import annotations

import pytest
import torch

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import InvalidSetting
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.problems.bit_depth.image import quantized_image_from_pixels
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_bit_depth_run, create_jpeg_run
from ddrm_core.restoration.strength import (
    apply_strength,
    measure_unrounded_consistency,
    project_decoded_image,
)
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import (
    crop_without_decoding,
    jpeg_of,
    photograph,
    pixels_of,
    write_jpeg,
)

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
ONE_STEP = SamplerSettings(steps=1, samples=1)


def restored(image, prior, region=None, limits=None) -> Restoration:
    options = {} if limits is None else {"limits": limits}
    run = create_jpeg_run(image, prior, ONE_STEP, seed=1, region=region, **options)
    steps = restore(run, CancelToken())
    list(steps)
    return steps.result


def share_in_bins(result: Restoration, image) -> float:
    return result.run.problem.verify(image, result.run.region).consistency.inside_fraction


def decoded_image(result: Restoration):
    run = result.run
    tile = run.problem.create_tile(run.problem.canvas)
    return tile.to_pixels(tile.decoded_image, run.output_region)


class TestBlends:
    @pytest.mark.parametrize("kind", ["grey", "4:4:4", "4:2:0", "4:1:0", "CMYK"])
    def test_every_strength_with_a_kept_area_is_in_the_bins(self, tmp_path, tiny, kind):
        image = jpeg_of(tmp_path, 37, 53, quality=90, sampling=kind)
        result = restored(image, tiny)
        kept = (Rectangle(18, 17, 5, 5), Rectangle(45, 30, 8, 7))
        projected = project_decoded_image(result.run)
        for strength in STRENGTHS:
            blend = apply_strength(
                result.run, result.image, strength, kept, projected_decoded_image=projected
            )
            assert share_in_bins(result, blend) == 1

    def test_the_decoded_image_itself_is_not_in_the_bins(self, tmp_path, tiny):
        result = restored(jpeg_of(tmp_path, 53, 75, quality=90), tiny)
        assert share_in_bins(result, decoded_image(result)) < 1
        assert share_in_bins(result, project_decoded_image(result.run)) == 1

    def test_the_ends_are_the_projected_decoded_image_and_the_result_itself(self, tmp_path, tiny):
        result = restored(jpeg_of(tmp_path, 53, 75, quality=60), tiny)
        assert apply_strength(result.run, result.image, 1.0) is result.image
        lower_end = apply_strength(result.run, result.image, 0.0)
        assert torch.equal(lower_end, project_decoded_image(result.run))
        middle = apply_strength(result.run, result.image, 0.5)
        torch.testing.assert_close(middle, (lower_end + result.image) / 2)

    def test_coefficients_in_their_bins_are_not_moved(self, tmp_path, tiny):
        # Without chroma, a decoder only rounds, by less than half a bin of a high quality's.
        result = restored(jpeg_of(tmp_path, 48, 64, quality=40, sampling="grey"), tiny)
        assert share_in_bins(result, decoded_image(result)) == 1
        change = project_decoded_image(result.run) - decoded_image(result)
        assert change.abs().max() < 1e-3

    def test_the_decoded_image_is_moved_to_the_nearest_point_of_the_bins(self, tmp_path, tiny):
        """No coefficient moves farther than to the edge of its bin."""
        result = restored(jpeg_of(tmp_path, 48, 64, quality=90, sampling="4:4:4"), tiny)
        tile = result.run.problem.create_tile(result.run.problem.canvas)
        before = tile.operator.coefficients(tile.decoded_image)
        after = tile.operator.coefficients(tile.from_pixels(project_decoded_image(result.run)))
        for old, new, level in zip(before, after, tile.levels, strict=True):
            nearest = torch.maximum(torch.minimum(old, level + 0.5), level - 0.5)
            torch.testing.assert_close(new, nearest, atol=2e-4, rtol=0)

    def test_the_canvas_of_a_cropped_file_is_in_the_bins(self, tmp_path, tiny):
        """Pixels of a JPEG cropped without decoding do not show all of the last blocks."""
        path = write_jpeg(tmp_path / "a.jpg", photograph(48, 64), quality=80)
        result = restored(read_jpeg(crop_without_decoding(path, 42, 53)), tiny)
        blend = apply_strength(result.run, result.image, 0.5, [Rectangle(40, 30, 13, 12)])
        assert measure_unrounded_consistency(result, blend).inside_fraction == 1
        whole_mcus = Rectangle(0, 0, 48, 32)
        rows, columns = whole_mcus.slices_in(result.run.output_region)
        inner = result.run.problem.verify(blend[:, rows, columns], whole_mcus)
        assert inner.consistency.inside_fraction == 1

    def test_tiles_and_regions_have_the_pixels_of_the_whole_image(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 131, 263, quality=85)
        whole = project_decoded_image(restored(image, tiny).run)
        limits = PixelLimits(sampled_pixels=150 * 150)
        tiled = restored(image, tiny, limits=limits)
        torch.testing.assert_close(project_decoded_image(tiled.run), whole, atol=5e-3, rtol=0)
        region = Rectangle(37, 21, 90, 77)
        part = project_decoded_image(restored(image, tiny, region).run)
        rows, columns = region.slices_in(tiled.run.output_region)
        torch.testing.assert_close(part, whole[:, rows, columns], atol=5e-3, rtol=0)

    def test_a_bit_depth_problem_has_strengths_too(self, tiny):
        pixels = torch.from_numpy(pixels_of("4:4:4", 24, 32)).permute(2, 0, 1)
        image = quantized_image_from_pixels(
            pixels.float(), path=EXAMPLE_IMAGE_PATH, metadata=NO_METADATA, bits=4
        )
        run = create_bit_depth_run(image, tiny, ONE_STEP, seed=1)
        steps = restore(run, CancelToken())
        list(steps)
        for strength in STRENGTHS:
            blend = apply_strength(run, steps.result.image, strength, [Rectangle(3, 4, 5, 6)])
            assert run.problem.verify(blend).consistency.inside_fraction == 1


class TestKeptAreas:
    def test_whole_mcus_are_kept_and_the_rest_is_the_result(self, tmp_path, tiny):
        result = restored(jpeg_of(tmp_path, 96, 112, quality=80), tiny)
        blend = apply_strength(result.run, result.image, 1.0, [Rectangle(40, 40, 5, 5)])
        projected = project_decoded_image(result.run)
        kept = (slice(32, 48), slice(32, 48))  # the MCU of 16x16 pixels around the area
        assert torch.equal(blend[:, *kept], projected[:, *kept])
        outside = torch.ones(96, 112, dtype=torch.bool)
        outside[16:64, 16:64] = False  # one more MCU on every side is blended
        assert torch.equal(blend[:, outside], result.image[:, outside])

    def test_a_soft_border_would_leave_the_bins_without_its_correction(self, tmp_path, tiny):
        result = restored(jpeg_of(tmp_path, 96, 112, quality=90), tiny)
        weights = (torch.arange(112) % 16 / 16).expand(96, 112)
        soft = torch.lerp(project_decoded_image(result.run), result.image, weights)
        assert share_in_bins(result, soft) < 1

    def test_the_border_of_a_region_keeps_its_cut_mcus_in_the_bins(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 96, 112, quality=90)
        region = Rectangle(9, 21, 87, 70)
        result = restored(image, tiny, region)
        blend = apply_strength(result.run, result.image, 0.75, [Rectangle(0, 30, 20, 20)])
        assert share_in_bins(result, blend) == 1

    def test_an_area_outside_the_image_is_refused(self, tmp_path, tiny):
        result = restored(jpeg_of(tmp_path, 48, 64), tiny)
        with pytest.raises(InvalidSetting, match="keep cannot be 60,0,5,5"):
            apply_strength(result.run, result.image, 1.0, [Rectangle(60, 0, 5, 5)])
