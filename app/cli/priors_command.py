"""`ddrm-restore priors`: those at hand, and bringing another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import failures_reported, print_json
from app.priors import library

if TYPE_CHECKING:  # imports torch, which --help does not need
    from ddrm_core.prior.denoiser import PriorInfo

priors = typer.Typer(name="priors", help="List, describe and import priors.", rich_markup_mode=None)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@priors.command("list")
def list_priors(as_json: AsJson = False) -> None:
    """Name the priors at hand, and the folder of the imported ones."""
    from ddrm_core.prior.library import describe

    with failures_reported():
        here = library()
        infos = [describe(path) for path in here.files()]
        if as_json:
            print_json({"folder": str(here.folder), "priors": [_document(i) for i in infos]})
            return
        for info in infos:
            typer.echo(f"{info.name:20} {info.licence}, SHA-256 {info.sha256[:12]}...")
        typer.echo(f"Imported priors are kept in {here.folder}")


@priors.command()
def info(
    name: Annotated[str, typer.Argument(help="compact, an imported prior's name, or a file.")],
    as_json: AsJson = False,
) -> None:
    """Say what a prior says of itself, once it has been checked."""
    from ddrm_core.prior.library import describe

    with failures_reported():
        document = _document(describe(library().find(name)))
        if as_json:
            print_json(document)
        else:
            typer.echo("\n".join(f"{key:14} {value}" for key, value in document.items()))


@priors.command("import")
def import_prior(
    file: Annotated[Path, typer.Argument(help="A prior's .safetensors file.")],
) -> None:
    """Check a prior and keep a copy, to be used by its name."""
    with failures_reported():
        found = library().import_file(file)
        typer.echo(f"{found.name}: imported as {found.path}; use it with --prior {found.name}")


def _document(found: PriorInfo) -> dict[str, object]:
    low, high = found.sigma_range
    return {
        "name": found.name,
        "file": str(found.path),
        "sha256": found.sha256,
        "licence": found.licence,
        "training_data": found.training_data,
        "sigma": f"{low:g} to {high:g}",
        "size_multiple": found.size_multiple,
    }
