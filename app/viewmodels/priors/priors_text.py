"""What is said of priors."""

from __future__ import annotations

from pathlib import Path

from app.config.prior_locations import published_prior
from app.config.resources import BUNDLED_PRIOR
from app.i18n.core_messages import core_words
from app.i18n.error_messages import Message
from app.i18n.formatting import decimal_words, size_words
from app.i18n.translation import mark, tr
from app.jobs.priors.manage import Imported, Removed, Verified
from app.jobs.priors.prior_catalog import PriorCard, PriorFacts
from app.viewmodels.document.facts import FactRows
from ddrm_core.prior.store.registry import PublishedPrior

BUNDLED_NAME = BUNDLED_PRIOR.stem
_READING = mark("being read…")


def where_words(card: PriorCard) -> str:
    """Whether a prior is here, in a few words."""
    if card.problem is not None:
        return tr("Not usable")
    if card.path is not None:
        return tr("Included") if card.bundled else tr("Imported")
    if card.arrived:
        words = tr("Part downloaded, {arrived} of {size}")
        return words.format(arrived=size_words(card.arrived), size=size_words(card.bytes))
    return tr("Not here")


def list_words(card: PriorCard, *, coming: bool) -> str:
    """A prior's two lines in a list; `coming` while it is downloaded."""
    size, arrived = size_words(card.bytes), size_words(card.arrived)
    if coming:
        state = tr("Downloading")
    elif card.arrived:
        state = tr("{arrived} of {size} here").format(arrived=arrived, size=size)
    else:
        state = f"{where_words(card)}, {size}"
    return f"{card.name}\n{state}"


def card_facts(card: PriorCard, *, coming: bool = False) -> FactRows:
    """What is known of a prior; `coming` while it is downloaded."""
    where = tr("Downloading") if coming else where_words(card)
    rows = [(tr("State"), where), (tr("Size"), size_words(card.bytes))]
    if card.facts is not None:
        rows += _facts_of_file(card, card.facts)
    elif card.published is not None and card.path is None:
        rows += _facts_published(card.published)
    elif card.problem is None:
        rows += [(tr("Network"), tr(_READING))]
    if card.path is not None:
        rows += [(tr("File"), str(card.path))]
    return tuple(rows)


def _facts_of_file(card: PriorCard, facts: PriorFacts) -> FactRows:
    side = facts.resolution
    resolution = tr("Any") if side is None else _resolution_words(side)
    origin = tr("Comes with the program") if card.bundled else tr("Your own file")
    if card.published is not None:
        origin = card.published.origin
    rows = (
        (tr("Network"), _network_words(facts)),
        (tr("Resolution"), resolution),
        (tr("Licence"), core_words(facts.licence)),
        (tr("Training data"), core_words(facts.training_data)),
        (tr("Origin"), origin),
        ("SHA-256", facts.sha256),
    )
    if facts.source_sha256 is None:
        return rows
    return (*rows, (tr("Converted from"), facts.source_sha256))


def _network_words(facts: PriorFacts) -> str:
    words = tr("Compact U-Net, {count} M parameters")
    if facts.attention:
        words = tr("ADM, a U-Net with attention, {count} M parameters")
    return words.format(count=decimal_words(facts.parameters / 1e6, 1))


def _facts_published(published: PublishedPrior) -> FactRows:
    return (
        (tr("Network"), core_words(published.architecture)),
        (tr("Resolution"), _resolution_words(published.resolution)),
        (tr("Licence"), published.licence),
        (tr("Training data"), core_words(published.training_data)),
        (tr("Origin"), published.origin),
        ("SHA-256", published.sha256),
    )


def _resolution_words(side: int) -> str:
    return tr("{size}, larger pictures in windows").format(size=f"{side}x{side}")


def done_message(done: Imported | Verified | Removed) -> Message:
    """What to say once something was done."""
    match done:
        case Imported(name=name):
            title = tr("{name} is here")
            return Message(title.format(name=name), tr("Press Use to restore with it."))
        case Verified(name=name, compared=compared):
            advice = tr("No SHA-256 was noted when it came, to compare with.")
            if compared:
                advice = tr("It is the file that was imported.")
            return Message(tr("{name} is whole").format(name=name), advice)
        case Removed(name=name):
            title = tr("{name} was removed")
            return Message(title.format(name=name), tr("Its file was deleted."))


def stopped_message() -> Message:
    """What to say once a download was stopped."""
    return Message(
        tr("The download was stopped"),
        tr("What has arrived is kept, and the next download goes on from there."),
    )


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
    title = tr("Download {size} for the prior {name}?")
    if card.arrived:
        title = tr("Download the other {rest} of {size} for the prior {name}?")
    origin = tr("From {server}, licence {licence}.")
    place = tr("Kept in {folder}. {first} are needed until it is imported, {size} from then on.")
    if free is not None:
        place = tr(
            "Kept in {folder}, where {free} are free. {first} are needed until it is imported,"
            " {size} from then on."
        )
    lines = (
        origin.format(server=published.url.split("/")[2], licence=published.licence),
        place.format(
            folder=folder,
            free=size_words(free or 0),
            first=size_words(rest + published.bytes),
            size=whole,
        ),
        tr("It can be stopped at any time, and the next download goes on from there."),
    )
    return Message(
        title.format(size=whole, rest=size_words(rest), name=card.name), "\n\n".join(lines)
    )


def remove_question(name: str) -> Message:
    """What the user agrees to before a prior's file is deleted."""
    advice = tr("Its file is deleted. Keep a copy elsewhere; results keep its name.")
    if published_prior(name) is not None:
        advice = tr("Its file is deleted. It can be downloaded again; results keep its name.")
    return Message(tr("Remove the prior {name}?").format(name=name), advice)


def gone_message(name: str) -> Message:
    """What to say where the prior that was chosen is not here any more."""
    title = tr("The prior {name} is not here any more; {other} is used instead")
    return Message(title.format(name=name, other=BUNDLED_NAME), _way_back(name))


def missing_message(name: str) -> Message:
    """What to say where a run needs a prior that is not here."""
    return Message(tr("The prior {name} is not here").format(name=name), _way_back(name))


def _way_back(name: str) -> str:
    published = published_prior(name)
    if published is None:
        return tr("Import its file to use it.")
    words = tr("It can be downloaded ({size}, licence {licence}), or imported from a file.")
    return words.format(size=size_words(published.bytes), licence=published.licence)
