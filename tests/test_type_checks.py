"""The run-time type checks of the test suite find wrong arguments and wrong results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import torch
from beartype.roar import BeartypeCallHintViolation
from jaxtyping import Float, TypeCheckError
from torch import Tensor

from ddrm_core.imaging.quantize_pixels import quantize_image
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.type_checks import checked


def test_the_core_is_checked():
    assert quantize_image(torch.zeros(3, 4, 5)).shape == (3, 4, 5)
    with pytest.raises(BeartypeCallHintViolation):
        quantize_image(torch.zeros(1, 3, 4, 5))
    with pytest.raises(BeartypeCallHintViolation):
        Rectangle(0, 0, 8, 8).expanded("2")
    with pytest.raises(BeartypeCallHintViolation):
        Rectangle(0, 0, 8.0, 8)


def wrong_result(number: int) -> str:
    return number


def of_one_height(pair: tuple[Float[Tensor, "h w"], Float[Tensor, "h v"]]) -> int:
    return len(pair)


@dataclass(frozen=True)
class Sized:
    side: int

    def double(self, times: Callable[[int], int]) -> int:
        return times(self.side)


def test_results_shapes_in_containers_and_dataclasses_are_checked():
    with pytest.raises(BeartypeCallHintViolation):
        checked(wrong_result)(3)
    paired = checked(of_one_height)
    assert paired((torch.zeros(2, 3), torch.zeros(2, 4))) == 2
    with pytest.raises(BeartypeCallHintViolation):
        paired((torch.zeros(2, 3), torch.zeros(3, 4)))
    with pytest.raises(BeartypeCallHintViolation):
        checked(Sized)("3")
    with pytest.raises(BeartypeCallHintViolation):
        checked(Sized.double)(Sized(2), 2)


def heights(picture: Float[Tensor, "h w"]) -> Iterator[int]:
    yield len(picture)


def height_of_another(picture: Float[Tensor, "h w"]) -> int:
    return next(checked(heights)(torch.zeros(len(picture) + 1, 1)))


def test_the_steps_of_a_generator_have_the_scope_of_its_own_call():
    assert checked(height_of_another)(torch.zeros(2, 3)) == 3
    with pytest.raises(TypeCheckError):
        checked(heights)(torch.zeros(2))
