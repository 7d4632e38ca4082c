"""What is said of priors."""

from __future__ import annotations

from pathlib import Path

from app.errors import Message
from app.jobs.prior_job import Imported, Removed, Verified
from app.jobs.shelf import PriorCard, PriorFacts
from app.priors import published_prior
from app.resources import BUNDLED_PRIOR
from app.viewmodels.facts import Rows
from app.words import GOES_ON, size_words
from ddrm_core.prior.registry import PublishedPrior

BUNDLED_NAME = BUNDLED_PRIOR.stem
_READING = "being read…"


def where_words(card: PriorCard) -> str:
    """Whether a prior is here, in a few words."""
    if card.problem is not None:
        return "Not usable"
    if card.path is not None:
        return "Included" if card.bundled else "Imported"
    if card.arrived:
        return f"Part downloaded, {size_words(card.arrived)} of {size_words(card.bytes)}"
    return "Not here"


def list_words(card: PriorCard, *, coming: bool) -> str:
    """A prior's two lines in a list; `coming` while it is downloaded."""
    if coming:
        return f"{card.name}\nDownloading"
    if card.arrived:
        return f"{card.name}\n{size_words(card.arrived)} of {size_words(card.bytes)} here"
    return f"{card.name}\n{where_words(card)}, {size_words(card.bytes)}"


def card_facts(card: PriorCard, *, coming: bool = False) -> Rows:
    """What is known of a prior; `coming` while it is downloaded."""
    where = "Downloading" if coming else where_words(card)
    rows = [("State", where), ("Size", size_words(card.bytes))]
    if card.facts is not None:
        rows += _facts_of_file(card, card.facts)
    elif card.published is not None and card.path is None:
        rows += _facts_published(card.published)
    elif card.problem is None:
        rows += [("Network", _READING)]
    if card.path is not None:
        rows += [("File", str(card.path))]
    return tuple(rows)


def _facts_of_file(card: PriorCard, facts: PriorFacts) -> Rows:
    kind = "ADM, a U-Net with attention" if facts.attention else "Compact U-Net"
    network = f"{kind}, {facts.parameters / 1e6:.1f} M parameters"
    side = facts.resolution
    resolution = "Any" if side is None else _resolution_words(side)
    origin = "Comes with the program" if card.bundled else "Your own file"
    if card.published is not None:
        origin = card.published.origin
    converted = () if facts.source_sha256 is None else (("Converted from", facts.source_sha256),)
    return (
        ("Network", network),
        ("Resolution", resolution),
        ("Licence", facts.licence),
        ("Training data", facts.training_data),
        ("Origin", origin),
        ("SHA-256", facts.sha256),
        *converted,
    )


def _facts_published(published: PublishedPrior) -> Rows:
    return (
        ("Network", published.architecture),
        ("Resolution", _resolution_words(published.resolution)),
        ("Licence", published.licence),
        ("Training data", published.training_data),
        ("Origin", published.origin),
        ("SHA-256", published.sha256),
    )


def _resolution_words(side: int) -> str:
    return f"{side}x{side}, larger pictures in windows"


def done_message(done: Imported | Verified | Removed) -> Message:
    """What to say once something was done."""
    match done:
        case Imported(name=name):
            return Message(f"{name} is here", "Press Use to restore with it.")
        case Verified(name=name, compared=True):
            return Message(f"{name} is whole", "It is the file that was imported.")
        case Verified(name=name):
            return Message(
                f"{name} is whole", "No SHA-256 was noted when it came, to compare with."
            )
        case Removed(name=name):
            return Message(f"{name} was removed", "Its file was deleted.")


def stopped_message() -> Message:
    """What to say once a download was stopped."""
    return Message("The download was stopped", f"{GOES_ON.capitalize()}.")


def download_question(
    card: PriorCard, published: PublishedPrior, *, folder: Path | None, free: int | None
) -> Message:
    """What the user agrees to before anything is fetched.

    Args:
        card: Of the prior.
        published: What is known of it.
        folder: Where it will be kept.
        free: Bytes on that disk, None where that is not known.
    """
    rest, whole = published.bytes - card.arrived, size_words(published.bytes)
    amount = f"the other {size_words(rest)} of {whole}" if card.arrived else whole
    room = "" if free is None else f", where {size_words(free)} are free"
    lines = (
        f"From {published.url.split('/')[2]}, licence {published.licence}.",
        f"Kept in {folder}{room}. {size_words(rest + published.bytes)} are needed until it is"
        f" imported, {whole} from then on.",
        "It can be stopped at any time, and the next download goes on from there.",
    )
    return Message(f"Download {amount} for the prior {card.name}?", "\n\n".join(lines))


def remove_question(name: str) -> Message:
    """What the user agrees to before a prior's file is deleted."""
    again = "It can be downloaded again" if published_prior(name) else "Keep a copy elsewhere"
    return Message(
        f"Remove the prior {name}?", f"Its file is deleted. {again}; results keep its name."
    )


def gone_message(name: str) -> Message:
    """What to say where the prior that was chosen is not here any more."""
    return Message(
        f"The prior {name} is not here any more; {BUNDLED_NAME} is used instead",
        _way_back(name),
    )


def missing_message(name: str) -> Message:
    """What to say where a run needs a prior that is not here."""
    return Message(f"The prior {name} is not here", _way_back(name))


def _way_back(name: str) -> str:
    published = published_prior(name)
    if published is None:
        return "Import its file to use it."
    size = size_words(published.bytes)
    return f"It can be downloaded ({size}, licence {published.licence}), or imported from a file."
