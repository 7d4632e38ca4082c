"""`ddrm-restore priors`: those at hand, and bringing others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import COMMAND
from app.cli.console import failures_reported, print_json
from app.config.prior_locations import (
    downloads_folder,
    find_prior,
    library,
    published_prior,
    published_priors,
)
from app.i18n.formatting import size_words
from ddrm_core.errors import InvalidSetting

if TYPE_CHECKING:  # imports torch, which --help does not need
    from ddrm_core.prior.denoiser import PriorInfo
    from ddrm_core.prior.store.registry import PublishedPrior

priors = typer.Typer(
    name="priors",
    help="List, describe, import, download and check priors.",
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="compact, another prior's name, or a file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@priors.command("list")
def list_priors(as_json: AsJson = False) -> None:
    """Name the priors at hand, those that can be downloaded, and the folder that they are in."""
    from ddrm_core.prior.checkpoint import describe

    with failures_reported():
        here = library()
        infos = [describe(path) for path in here.files()]
        names = {found.name for found in infos}
        others = [p for p in published_priors() if p.name not in names]
        if as_json:
            print_json(
                {
                    "folder": str(here.folder),
                    "priors": [_document(i) for i in infos],
                    "not_downloaded": [_published_document(p) for p in others],
                }
            )
            return
        for found in infos:
            typer.echo(f"{found.name:20} {found.licence}, SHA-256 {found.sha256[:12]}...")
        for other in others:
            typer.echo(
                f"{other.name:20} {other.licence}, {size_words(other.bytes)}, not downloaded"
            )
        typer.echo(f"Imported and downloaded priors are kept in {here.folder}")


@priors.command()
def info(name: Name, as_json: AsJson = False) -> None:
    """Say what a prior says of itself, once checked, or what is known of one to download."""
    from ddrm_core.prior.checkpoint import describe

    with failures_reported():
        path, published = library().find(name), published_prior(name)
        if published is not None and not path.exists():
            document = _published_document(published)
        else:
            document = _document(describe(path))
        if as_json:
            print_json(document)
            return
        for key, value in document.items():
            typer.echo(f"{key:14} {'not downloaded' if value is None else value}")


@priors.command("import")
def import_prior(
    file: Annotated[Path, typer.Argument(help="A prior's file.")],
) -> None:
    """Check a prior and keep a copy, to be used by its name. Also for one that came on a stick."""
    with failures_reported():
        found = library().import_file(file)
        typer.echo(f"{found.name}: imported as {found.path}; use it with --prior {found.name}")


@priors.command()
def download(
    name: Annotated[str, typer.Argument(help="A published prior's name, as `priors list` has it.")],
) -> None:
    """Fetch a published prior and import it.

    Stopped or cut off, the next download goes on from there. Where there is no network, fetch the
    file that `priors info NAME` names elsewhere, and import it.
    """
    with failures_reported():
        from app.cli.priors.download_progress import (
            fetch,  # what connections need, other commands do not
        )

        published = published_prior(name)
        if published is None:
            names = ", ".join(p.name for p in published_priors())
            raise InvalidSetting("a prior to download", name, names)
        here = library()
        if here.find(name) != Path(name):
            typer.echo(f"{name}: is here already; use it with --prior {name}")
            return
        file = fetch(published, downloads_folder())
        typer.echo(f"{name}: checking and importing", err=True)
        found = here.import_file(file)
        file.unlink()
        typer.echo(f"{found.name}: imported as {found.path}; use it with --prior {found.name}")


@priors.command()
def verify(name: Name) -> None:
    """Check all of a prior again, and that it is still the file that was imported."""
    with failures_reported():
        find_prior(name)
        found, compared = library().verify(name)
        if compared:
            words = f"whole, and the file that was imported (SHA-256 {found.sha256})"
        else:
            words = f"whole; no SHA-256 was noted to compare with (it is {found.sha256})"
        typer.echo(f"{found.name}: {words}")


def _document(found: PriorInfo) -> dict[str, object]:
    low, high = found.sigma_range
    return {
        "name": found.name,
        "file": str(found.path),
        "sha256": found.sha256,
        "licence": found.licence,
        "training_data": found.training_data,
        "sigma": f"{low:.3g} to {high:.3g}",
        "size_multiple": found.size_multiple,
    }


def _published_document(published: PublishedPrior) -> dict[str, object]:
    low, high = published.sigma_range
    return {
        "name": published.name,
        "file": None,
        "licence": published.licence,
        "training_data": published.training_data,
        "sigma": f"{low:.3g} to {high:.3g}",
        "size_multiple": published.size_multiple,
        "architecture": published.architecture,
        "resolution": published.resolution,
        "origin": published.origin,
        "url": published.url,
        "bytes": published.bytes,
        "url_sha256": published.sha256,
        "download": f"{COMMAND} priors download {published.name}",
    }
