"""The choices of an evaluation that have names. Loads no torch: wrong usage does not wait."""

from __future__ import annotations

from enum import StrEnum


class EvaluationProtocol(StrEnum):
    """Which pixels are compressed."""

    WHOLE_IMAGE = "whole"
    PAPER256 = "paper256"


class OperatorKind(StrEnum):
    """What compresses them."""

    LIBJPEG = "libjpeg"
    DDRM_PAPER = "surrogate"
