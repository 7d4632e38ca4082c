"""Recovery of the undamaged part of a broken JPEG.

The position of the damage is first found in bytes: the end of the data, the first bytes that no
encoder writes, or the place where libjpeg reports corrupt data. The matching MCU is found by
decoding again with slightly less data: all blocks before the first block that changes are complete.
Codes of T.81 have no checksums, so wrong data may be valid code and may be noticed late or never.
Two rules follow:

- If no byte shows where the damage begins, the restart markers or the decoded blocks have to
  (see `seams`). Uncertain MCUs then count as not read.
- Everything after the first damage counts as not read, even if restart markers or a later scan
  would let a decoder resume.

Arithmetic code has no invalid codes and may omit zeros at its end. Its rules are in `arithmetic`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ddrm_core.jpeg.damage.arithmetic import (
    decode_complete_image,
    warn_of_missing_data,
)
from ddrm_core.jpeg.damage.foreign_data import find_foreign_data
from ddrm_core.jpeg.damage.intact_mcus import McuMask, find_intact_mcus
from ddrm_core.jpeg.damage.irregular_endings import (
    LevelDecoder,
    decode_with_fixed_end,
    has_no_missing_data,
    is_last_scan_complete,
    try_decode,
)
from ddrm_core.jpeg.damage.refinement import is_last_bit_refinement, is_refinement_plausible
from ddrm_core.jpeg.damage.seams import count_plausible_mcus
from ddrm_core.jpeg.image import Damage
from ddrm_core.jpeg.libjpeg.client import DecodedLevels
from ddrm_core.jpeg.reasons import CorruptionReason, CutOffReason, DamageReason
from ddrm_core.jpeg.stream_layout import (
    EOI_BYTES,
    JpegStreamLayout,
    find_first_wrong_restart,
    find_restarts_before,
    parse_stream_layout,
)
from ddrm_core.messages import Description, Message

_JPEG_START = b"\xff\xd8\xff"  # another JPEG follows: its first byte is known
_MIN_HUFFMAN_BITS_PER_BLOCK = 0.05
# A damaged file with less data takes much longer to search than its part is worth.
_MIN_ARITHMETIC_BITS_PER_BLOCK = 1 / 64
_MAX_SPARSE_BLOCKS = 1_000_000  # 42 megapixels in 4:2:0, which libjpeg decodes in a second
_ARITHMETIC_LOOKAHEAD_BYTES = 4  # the data may end before bytes that look foreign
_BISECTION_STEPS = 12  # locate the damage to 1/4096 of the file


@dataclass(frozen=True, slots=True)
class _DamageLocation:
    """The position from which the data no longer belongs to the image.

    Attributes:
        position: Position in the file, in bytes.
        is_certain: Whether the data before `position` has no sign of foreign bytes.
        reasons: Reasons for the kind of damage, of which the part that could be read selects one.
    """

    position: int
    is_certain: bool
    reasons: type[CutOffReason] | type[CorruptionReason]


def holds_too_little_data(layout: JpegStreamLayout) -> bool:
    """Return whether a file holds next to nothing of the image that its header states.

    Such files are made to exhaust a reader. A Huffman-coded block takes at least one bit.
    Arithmetic code of one color has no such limit; only large images have to hold more.
    """
    if layout.frame.is_arithmetic:
        is_large = _count_blocks(layout) > _MAX_SPARSE_BLOCKS
        return is_large and _count_bits_per_block(layout) < _MIN_ARITHMETIC_BITS_PER_BLOCK
    return _count_bits_per_block(layout) < _MIN_HUFFMAN_BITS_PER_BLOCK


def _count_blocks(layout: JpegStreamLayout) -> int:
    return sum(rows * columns for rows, columns in layout.frame.block_grid_shapes)


def _count_bits_per_block(layout: JpegStreamLayout) -> float:
    return 8 * (layout.data_end - layout.scans[0].data_start) / _count_blocks(layout)


def recover_levels(data: bytes, decode: LevelDecoder) -> tuple[DecodedLevels | None, Damage | None]:
    """Decode a file as far as it is undamaged.

    Return the levels, None if no part of the image can be read, and the damage, None if the file is
    undamaged. A missing end marker, other bytes after the last block and stray bytes before a
    marker are no damage. MCUs that are not intact hold whatever levels the decoder produced.

    Raises:
        ValueError: If the data holds no image.
        LibjpegError: If libjpeg refuses the header, crashes or times out.
    """
    layout = parse_stream_layout(data)
    if layout.frame.is_arithmetic:
        return _recover_arithmetic_levels(data, layout, decode)
    decoded = try_decode(data, decode)
    if decoded is None:
        decode(data[: layout.scans[0].data_start])  # raises if libjpeg refuses even the header
    complete = _decode_complete_image(data, layout, decoded, decode)
    if complete is not None:
        return complete, None
    location = _locate_damage(data, layout, decoded, decode)
    return _recover_undamaged_part(data, decoded, location, decode)


def _recover_arithmetic_levels(
    data: bytes, layout: JpegStreamLayout, decode: LevelDecoder
) -> tuple[DecodedLevels | None, Damage | None]:
    complete = decode_complete_image(data, layout, decode)
    if complete is not None:
        return complete, None
    if _count_bits_per_block(layout) < _MIN_ARITHMETIC_BITS_PER_BLOCK:
        no_mcus = np.zeros(layout.frame.mcu_grid_shape, np.bool_)
        return None, Damage(DamageReason.TOO_LITTLE_DATA, no_mcus)
    decode = warn_of_missing_data(decode)
    decoded = try_decode(data, decode)
    if decoded is None:
        decode(data[: layout.scans[0].data_start])  # raises if libjpeg refuses even the header
    location = _locate_arithmetic_damage(data, layout, decode)
    return _recover_undamaged_part(data, decoded, location, decode)


def _recover_undamaged_part(
    data: bytes, decoded: DecodedLevels | None, location: _DamageLocation, decode: LevelDecoder
) -> tuple[DecodedLevels | None, Damage]:
    """Return the levels before the damage, None if no part can be read, and the damage."""
    undamaged_data = data[: location.position]
    layout = parse_stream_layout(undamaged_data)
    if decoded is None or len(layout.scans) > 1:
        decoded = try_decode(undamaged_data, decode)
    intact_mcus = find_intact_mcus(undamaged_data, layout, decode)
    if decoded is not None and intact_mcus.any():
        intact_mcus = _keep_certain_mcus(layout, decoded, intact_mcus, location)
    complete_scans = _count_complete_scans(undamaged_data, layout, location, decode)
    is_coarse_complete = _is_coarse_complete(layout, complete_scans)
    if not intact_mcus.any() and not is_coarse_complete:
        decoded = None
    description = _describe_damage(
        location.reasons, intact_mcus, complete_scans, is_coarse_complete
    )
    return decoded, Damage(description, intact_mcus)


def _decode_complete_image(
    data: bytes, layout: JpegStreamLayout, decoded: DecodedLevels | None, decode: LevelDecoder
) -> DecodedLevels | None:
    """Return the levels of a complete, Huffman-coded image; None if part of the image is wrong."""
    if decoded is None or decoded.warnings or not layout.has_end_marker:
        return decode_with_fixed_end(data, layout, decode)
    # T.81 lets an encoder stop once band 0 is complete.
    has_means = layout.find_final_bands(len(layout.scans))[:, 0].all()
    return decoded if has_means else None


def _is_corrupt(decoded: DecodedLevels | None) -> bool:
    """Return whether libjpeg failed to decode, or warned of more than data that ends too early."""
    return decoded is None or any(not c.startswith("Premature end") for c in decoded.warnings)


def _locate_damage(
    data: bytes, layout: JpegStreamLayout, decoded: DecodedLevels | None, decode: LevelDecoder
) -> _DamageLocation:
    first = layout.scans[0].data_start
    foreign = find_foreign_data(
        data, layout.scans, lambda offset: _is_flat_mcu(data, offset, decoded, decode)
    )
    position, is_certain = layout.data_end, True
    if foreign is not None:
        position = max(first, foreign.start)
    if _is_corrupt(try_decode(data[:position], decode)):
        position, is_certain = _find_corruption_offset(data, first, position, decode), False
    elif foreign is not None and not foreign.is_at_end:
        is_certain = False
    elif foreign is None or not foreign.is_significant:
        decoded_prefix = (
            try_decode(data[:position] + EOI_BYTES, decode) if foreign is None else None
        )
        if decoded_prefix is not None and has_no_missing_data(decoded_prefix):
            is_certain = (
                not decoded_prefix.warnings and not layout.find_final_bands(len(layout.scans)).all()
            )
        else:
            is_certain = not _has_data_after_end(data, layout)
    scan = next(s for s in reversed(layout.scans) if s.data_start <= position)
    wrong_restart = find_first_wrong_restart(data, scan)
    if wrong_restart is not None and wrong_restart < position:
        position, is_certain = wrong_restart, False
    if not is_certain and scan.restart_interval:
        position, is_certain = (
            max([scan.data_start, *find_restarts_before(data, scan, position)]),
            True,
        )
        return _DamageLocation(position, is_certain, CorruptionReason)
    is_cut_off = foreign is None and is_certain
    reasons = CutOffReason if is_cut_off else CorruptionReason
    return _DamageLocation(position, is_certain, reasons)


def _locate_arithmetic_damage(
    data: bytes, layout: JpegStreamLayout, decode: LevelDecoder
) -> _DamageLocation:
    """Return the place of the damage of an arithmetic-coded file, as far as the bytes show it.

    A fill in a progressive file cannot be noticed: no code is invalid, and no seam shows the fill.
    """
    scan = layout.scans[-1]
    foreign = find_foreign_data(data, layout.scans, lambda _: False)
    position, is_certain = scan.data_end, not layout.frame.is_progressive
    if foreign is not None:
        position = foreign.start - _ARITHMETIC_LOOKAHEAD_BYTES
        is_certain &= foreign.is_at_end
        scan = next(s for s in reversed(layout.scans) if s.data_start <= foreign.start)
    position = max(scan.data_start, position)
    decoded = try_decode(data[:position] + EOI_BYTES, decode)
    if decoded is None or any("premature" not in warning for warning in decoded.warnings):
        is_certain = False
    wrong_restart = find_first_wrong_restart(data, scan)
    if wrong_restart is not None and wrong_restart < position:
        position, is_certain = wrong_restart, False
    is_cut_off = foreign is None and (is_certain or not layout.has_end_marker)
    reasons = CutOffReason if is_cut_off else CorruptionReason
    return _DamageLocation(position, is_certain, reasons)


def _has_data_after_end(data: bytes, layout: JpegStreamLayout) -> bool:
    """Return whether the image is followed by bytes other than filler and another JPEG.

    Foreign data that continues after the end marker may have begun before the marker.
    """
    end = layout.data_end + len(EOI_BYTES) * layout.has_end_marker
    return bool(data[end:].strip(b"\xff\0")) and not data.startswith(_JPEG_START, end)


def _find_corruption_offset(data: bytes, low: int, high: int, decode: LevelDecoder) -> int:
    """Return the length, from `low` to `high`, of the data before the first corruption.

    Bisection finds a prefix of `data` in which libjpeg reports no corruption.
    """
    for _ in range(_BISECTION_STEPS):
        middle = (low + high) // 2
        if _is_corrupt(try_decode(data[:middle], decode)):
            high = middle
        else:
            low = middle
    return low


def _is_flat_mcu(
    data: bytes, position: int, decoded: DecodedLevels | None, decode: LevelDecoder
) -> bool:
    """Return whether the MCU decoded just after `position` has a single color.

    Return False, too, for a progressive file, and if `decoded` is None.
    """
    layout = parse_stream_layout(data[:position])
    if decoded is None or layout.frame.is_progressive:
        return False
    mcu_index = int(find_intact_mcus(data[:position], layout, decode).sum()) + 2
    row, column = divmod(mcu_index, layout.frame.mcu_grid_shape[1])
    for planes, (across, down) in zip(decoded.levels, layout.frame.sampling_factors, strict=True):
        blocks = planes[row * down : (row + 1) * down, column * across : (column + 1) * across]
        if blocks.reshape(-1, 64)[:, 1:].any():
            return False
    return True


def _keep_certain_mcus(
    layout: JpegStreamLayout,
    decoded: DecodedLevels,
    intact_mcus: McuMask,
    location: _DamageLocation,
) -> McuMask:
    """Return `intact_mcus` without MCUs whose levels may come from foreign data."""
    frame, last_scan = layout.frame, layout.scans[-1]
    is_certain = location.is_certain
    if len(last_scan.component_indices) < len(frame.sampling_factors) or frame.is_progressive:
        if is_certain and is_last_bit_refinement(last_scan):
            (component,) = last_scan.component_indices
            across, down = frame.sampling_factors[component]
            # The component's blocks in complete rows of MCUs and in the last, broken row.
            count = int(intact_mcus.all(1).sum()) * down * frame.block_grid_shapes[component][1]
            count += int(intact_mcus.sum(1)[~intact_mcus.all(1)][:1].sum()) * across
            is_certain = is_refinement_plausible(decoded.levels[component], count)
        return intact_mcus & is_certain
    count = count_plausible_mcus(
        frame,
        decoded.levels,
        decoded.quantization_tables,
        int(intact_mcus.sum()),
        # Arithmetic code has no invalid codes, by which a fill would be noticed.
        is_suspicious=not is_certain or frame.is_arithmetic,
    )
    return (np.arange(intact_mcus.size) < count).reshape(intact_mcus.shape)


def _count_complete_scans(
    data: bytes, layout: JpegStreamLayout, location: _DamageLocation, decode: LevelDecoder
) -> int:
    """Return the number of scans that `data`, which ends at the damage, holds completely.

    The last scan counts if its data is certain and nothing of it is missing.
    """
    is_last_complete = location.is_certain and is_last_scan_complete(data, decode)
    return len(layout.scans) - (not is_last_complete)


def _is_coarse_complete(layout: JpegStreamLayout, complete_scans: int) -> bool:
    """Return whether the first `complete_scans` scans hold at least a rough mean of every block."""
    covered_components = {
        c
        for scan in layout.scans[:complete_scans]
        if scan.first_band == 0
        for c in scan.component_indices
    }
    return len(covered_components) == len(layout.frame.sampling_factors)


def _describe_damage(
    reasons: type[CutOffReason] | type[CorruptionReason],
    intact_mcus: McuMask,
    complete_scans: int,
    is_coarse_complete: bool,
) -> Description:
    share = float(intact_mcus.mean())
    if share >= 0.01:
        return Message(reasons.PART, {"share": int(100 * share)})
    if share > 0:
        return reasons.TRACE
    if is_coarse_complete and complete_scans != 1:
        return Message(reasons.SCANS, {"scans": complete_scans})
    return reasons.SCAN if is_coarse_complete else reasons.NOTHING
