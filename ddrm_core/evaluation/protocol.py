"""Named options of an evaluation.

This module does not import torch, so that the command line rejects wrong options without delay.
"""

from __future__ import annotations

from enum import StrEnum


class EvaluationProtocol(StrEnum):
    """Rule for the pixels of an original that are compressed."""

    WHOLE_IMAGE = "whole"
    PAPER256 = "paper256"


class OperatorKind(StrEnum):
    """Encoder that compresses the pixels."""

    LIBJPEG = "libjpeg"
    DDRM_PAPER = "surrogate"
