"""Numbers in words, the same in the window and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddrm_core.jpeg.history import Earlier
    from ddrm_core.jpeg.measured import Damage
    from ddrm_core.means import Fallback

GOES_ON = "what has arrived is kept, and the next download goes on from there"
"""Of a download that ended early."""


def percent(share: float) -> str:
    """A share with two decimals; 100 % only where nothing is missing."""
    hundredths = int(share * 10_000) if share < 1 else 10_000
    return f"{hundredths / 100:.2f} %"


def whole_percent(share: float) -> str:
    """A share without decimals."""
    return f"{round(100 * share)} %"


def size_words(count: int) -> str:
    """A number of bytes, in the unit that suits it."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{count} bytes" if unit == "bytes" else f"{size:.1f} {unit}"


def fallback_words(fallback: Fallback) -> str:
    """What a run does differently because memory did not suffice."""
    return f"there is not enough memory, so the run goes on with {fallback.value}"


def damage_words(damage: Damage) -> str:
    """What is wrong with a file that is restored all the same."""
    return f"{damage.words}; that part is restored, the rest is as decoded"


def estimate_words(earlier: Earlier) -> str:
    """What the pixels of a picture that is no JPEG say, and how sure that is."""
    grid = f"{earlier.left},{earlier.top}"
    return (
        f"quality factor {earlier.quality}, {earlier.sampling} and grid {grid} are estimated from"
        f" its pixels, {whole_percent(earlier.confidence)} sure"
    )
