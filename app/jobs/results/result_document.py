"""The JSON document of a stored result: the request, the run and its outcome, without arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.jobs.results.archived_result import ArchivedResult
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.settings_document import encode_restore_settings, parse_restore_settings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.program import PROGRAM_NAME, __version__
from ddrm_core.sampler.serialization import settings_from_values, settings_to_values
from ddrm_core.sampler.settings import MAX_SEED, SamplerSettings, check_seed

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    import torch

    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.verification.consistency import Consistency

FORMAT_VERSION = 1
MAX_DOCUMENT_BYTES = 1 << 20
_MAX_SAMPLES, _MAX_TIMESTEP = 1000, 999
_MAX_COUNT = 1 << 53  # the largest integers that every JSON reader keeps
_PRIOR_TEXTS = ("name", "sha256", "license", "training_data", "architecture")

ValueT = TypeVar("ValueT")


class NewerFormat(ValueError):
    """The error that a newer version of the program has written a document."""


@dataclass(frozen=True, slots=True, eq=False)
class ResultDocument:
    """The content of a document.

    Attributes:
        source_path: The file that the run restored.
        tolerates_damage: Whether the readable part of a damaged file was restored.
        pixel_count: Number of pixels of the file.
        settings: Settings of the request.
        problem: Problem of the request.
        bits_per_channel: Bits per channel of the request.
        region: Region of the run, None for the whole image.
        sampler: Sampler settings of the run.
        seed: Seed of the run.
        start: Timestep at which sampling started.
        prior: Description of the prior, which cannot be evaluated.
        consistency: Consistency of the mean.
        evaluation_count: Evaluations of the prior.
        complete: Whether the run ended.
        seconds: Wall time of the run.
        fallbacks: Memory fallbacks of the run.
        ended_at: End of the run, in local time.
        sample_count: Number of stored samples.
        has_spread: Whether the spread is stored.
    """

    source_path: Path
    tolerates_damage: bool
    pixel_count: int
    settings: RestoreSettings
    problem: ProblemKind
    bits_per_channel: int | None
    region: Rectangle | None
    sampler: SamplerSettings
    seed: int
    start: int
    prior: Prior
    consistency: Consistency
    evaluation_count: int
    complete: bool
    seconds: float
    fallbacks: tuple[MemoryFallback, ...]
    ended_at: datetime
    sample_count: int
    has_spread: bool


def encode_result(
    request: RestoreRequest, archived: ArchivedResult, ended_at: datetime
) -> dict[str, Any]:
    """Return the document of a result as JSON values.

    Bytes of a path that are not UTF-8 are stored as lone surrogates.
    """
    run, source, region = archived.run, request.source, archived.run.region
    width, height = source.size
    return {
        "format": FORMAT_VERSION,
        "program": PROGRAM_NAME,
        "version": __version__,
        "source": str(source.path.absolute()),
        "damaged": isinstance(source, JpegImage) and source.damage is not None,
        "pixels": width * height,
        "settings": encode_restore_settings(request.settings),
        "problem": request.problem.name,
        "bits": request.bits_per_channel,
        "region": None
        if region is None
        else [region.left, region.top, region.width, region.height],
        "sampler": settings_to_values(run.settings),
        "seed": run.seed,
        "start": run.start,
        "prior": _encode_prior(run.prior),
        "consistency": _encode_consistency(archived.consistency),
        "evaluations": archived.evaluation_count,
        "complete": archived.complete,
        "seconds": archived.seconds,
        "fallbacks": [fallback.name for fallback in archived.fallbacks],
        "ended": ended_at.isoformat(),
        "samples": len(archived.samples),
        "spread": archived.spread is not None,
    }


def parse_result(document: Any) -> ResultDocument:
    """Convert the JSON values of `encode_result` back.

    Raises:
        NewerFormat: If the document has a newer format.
        AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError, InvalidSetting:
            If `encode_result` cannot have made the document.
    """
    from ddrm_core.device.execution_limits import MemoryFallback

    if _integer(document, "format", 1) != FORMAT_VERSION:
        raise NewerFormat(str(document["format"]))
    settings, region = parse_restore_settings(document["settings"]), document["region"]
    _check_restore_settings(settings)
    return ResultDocument(
        _absolute_path(_value(document, "source", str)),
        _value(document, "damaged", bool),
        _integer(document, "pixels", 1),
        settings,
        ProblemKind[_value(document, "problem", str)],
        None if document["bits"] is None else _integer(document, "bits", 1, 7),
        None if region is None else _parse_rectangle(region),
        settings_from_values(document["sampler"]),
        _integer(document, "seed", 0, MAX_SEED),
        _integer(document, "start", 0, _MAX_TIMESTEP),
        _parse_prior(document["prior"]),
        _parse_consistency(document["consistency"]),
        _integer(document, "evaluations", 0),
        _value(document, "complete", bool),
        _number(document, "seconds"),
        tuple(MemoryFallback[name] for name in _value(document, "fallbacks", list)),
        datetime.fromisoformat(_value(document, "ended", str)).replace(tzinfo=None),
        _integer(document, "samples", 0, _MAX_SAMPLES),
        _value(document, "spread", bool),
    )


def _encode_prior(prior: Prior) -> dict[str, Any]:
    info, tiling = prior.info, prior.tiling
    return {name: getattr(info, name) for name in _PRIOR_TEXTS} | {
        "path": str(info.path),
        "origin": info.architecture_origin,
        "sigma_range": list(info.sigma_range),
        "size_multiple": info.size_multiple,
        "halo": tiling.halo,
        "alignment": tiling.alignment,
        "device": str(prior.device),
        "precision": str(prior.precision).removeprefix("torch."),
    }


def _parse_prior(document: Mapping[str, Any]) -> Prior:
    import torch

    from app.jobs.results.weightless_prior import create_weightless_prior
    from ddrm_core.prior.denoiser import PriorInfo
    from ddrm_core.tiling.denoiser import TilingRules

    name, sha256, license_text, training_data, architecture = (
        _value(document, key, str) for key in _PRIOR_TEXTS
    )
    low, high = (_finite(sigma) for sigma in _value(document, "sigma_range", list))
    origin = document["origin"]
    info = PriorInfo(
        name,
        Path(_value(document, "path", str)),
        sha256,
        license_text,
        training_data,
        (low, high),
        _integer(document, "size_multiple", 1),
        None,
        None,
        architecture=architecture,
        architecture_origin=None if origin is None else _value(document, "origin", str),
    )
    try:
        device = torch.device(_value(document, "device", str))
    except RuntimeError as error:
        raise ValueError("unknown device") from error
    return create_weightless_prior(
        info,
        TilingRules(_integer(document, "halo", 0), _integer(document, "alignment", 1)),
        device,
        _parse_precision(_value(document, "precision", str)),
    )


def _parse_precision(name: str) -> torch.dtype:
    import torch

    return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[name]


def _encode_consistency(consistency: Consistency) -> dict[str, Any]:
    worst = consistency.worst
    return {
        "slack": consistency.slack,
        "components": [[c.name, c.coefficients, c.inside, c.exact] for c in consistency.components],
        "worst": [worst.component, worst.left, worst.top, worst.distance],
    }


def _parse_consistency(document: Mapping[str, Any]) -> Consistency:
    from ddrm_core.verification.consistency import ComponentConsistency, Consistency, WorstBlock

    components = []
    for name, *counts in _value(document, "components", list):
        coefficients, inside, exact = map(_count, counts)
        components.append(ComponentConsistency(_text(name), coefficients, inside, exact))
    name, left, top, distance = _value(document, "worst", list)
    return Consistency(
        _number(document, "slack"),
        tuple(components),
        WorstBlock(_text(name), _whole(left), _whole(top), _finite(distance)),
    )


def _check_restore_settings(settings: RestoreSettings) -> None:
    """Raise TypeError or InvalidSetting for values that `parse_restore_settings` accepts."""
    _count(settings.seed)
    check_seed(settings.seed)
    _text(settings.device)
    if settings.prior is not None:
        _text(settings.prior)
    assumption = settings.assumption
    for number in (assumption.quality, *(assumption.grid or ())):
        if number is not None:
            _count(number)
    if assumption.sampling is not None:
        _text(assumption.sampling)


def _parse_rectangle(values: Any) -> Rectangle:
    left, top, width, height = map(_count, values)
    return Rectangle(left, top, width, height)


def _absolute_path(text: str) -> Path:
    path = Path(text)
    if "\0" in text or not path.is_absolute():
        raise ValueError("the path is not absolute")
    return path


def _value(document: Mapping[str, Any], name: str, kind: type[ValueT]) -> ValueT:
    value = document[name]
    if not isinstance(value, kind):
        raise TypeError(f"{name} is of another type")
    return value


def _integer(document: Mapping[str, Any], name: str, low: int, high: int = _MAX_COUNT) -> int:
    value = document[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise TypeError(f"{name} is not an integer from {low} to {high}")
    return value


def _number(document: Mapping[str, Any], name: str) -> float:
    return _finite(document[name])


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not a finite number")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_COUNT:
        raise TypeError("not an integer")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError("not a count")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
