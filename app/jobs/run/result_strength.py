"""Strength of a shown result and the areas that stay as in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ddrm_core.imaging.rectangle import Rectangle

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
    from ddrm_core.restoration.run import Run


@dataclass(frozen=True, slots=True)
class ResultStrength:
    """How much of a run's change the shown result has, and where it has none.

    Attributes:
        strength: From the projected decoded image (0) to what the run made (1).
        kept_areas: Kept areas in pixels of the stored image.
    """

    strength: float = 1.0
    kept_areas: tuple[Rectangle, ...] = ()

    def with_area(self, area: Rectangle) -> ResultStrength:
        """Return the strength with one more kept area."""
        return replace(self, kept_areas=(*self.kept_areas, area))

    def without_last_area(self) -> ResultStrength:
        """Return the strength without the kept area that was added last."""
        return replace(self, kept_areas=self.kept_areas[:-1])


FULL_STRENGTH = ResultStrength()


def expand_kept_areas(run: Run[MeasuredImage], strength: ResultStrength) -> tuple[Rectangle, ...]:
    """Return the kept areas as whole MCUs of a run, in pixels of the stored image."""
    if not strength.kept_areas:
        return ()
    from ddrm_core.restoration.strength import expand_to_mcus

    left, top = run.problem.image_origin
    image_rectangle = Rectangle(0, 0, *run.image.size)
    return tuple(
        area.translated(-left, -top).intersection(image_rectangle)
        for area in expand_to_mcus(run, strength.kept_areas)
    )


class StrengthBlender:
    """A function that applies strengths to images of one run.

    The projected decoded image is computed at the first use, and then kept for further strengths.
    Not thread-safe: the jobs of a window run one after another.
    """

    def __init__(self, run: Run[MeasuredImage]) -> None:
        self._run = run
        self._projected_decoded_image: PixelTensor | None = None

    def apply(self, image: PixelTensor, strength: ResultStrength) -> PixelTensor:
        """Return an image of the run's result at a strength; see `apply_strength`.

        Raises:
            OutOfMemory: If memory does not suffice for a tile.
        """
        from ddrm_core.restoration.strength import apply_strength, project_decoded_image

        if strength == FULL_STRENGTH:
            return image
        if self._projected_decoded_image is None:
            self._projected_decoded_image = project_decoded_image(self._run)
        return apply_strength(
            self._run,
            image,
            float(strength.strength),
            strength.kept_areas,
            projected_decoded_image=self._projected_decoded_image,
        )
