"""Named options of an evaluation.

This module does not import torch, so that the command line rejects wrong options without delay.
"""

from __future__ import annotations

from enum import StrEnum


class EvaluationProtocol(StrEnum):
    """The rule by which an evaluation takes the pixels to compress from an original.

    Either the whole image is compressed, or 256x256 pixels as by the paper's authors.
    """

    WHOLE_IMAGE = "whole"
    PAPER256 = "paper256"


class OperatorKind(StrEnum):
    """The encoder with which an evaluation compresses originals."""

    LIBJPEG = "libjpeg"
    DDRM_PAPER = "surrogate"
