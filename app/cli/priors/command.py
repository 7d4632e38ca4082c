"""`ddrm-restore priors`: lists, describes, imports, downloads and verifies priors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import COMMAND
from app.cli.console import format_failure, print_json, print_note, report_failures
from app.cli.options.shared import JsonOption
from app.config.prior_description import GAIN_NOISE_LEVEL, PriorDescription, describe_prior
from app.config.prior_locations import (
    create_prior_library,
    downloads_folder,
    find_prior_file,
    find_published_prior,
    list_published_priors,
)
from app.i18n.formatting import format_size
from ddrm_core.errors import InvalidSetting
from ddrm_core.plugins import UnknownPlugin
from ddrm_core.prior.store.packaged import (
    FFDNET_COLOR,
    PackagedPriorUnavailable,
    list_packaged_priors,
)

if TYPE_CHECKING:  # loads torch, which --help does not need
    from ddrm_core.prior.store.registry import PublishedPrior


priors_program = typer.Typer(
    name="priors",
    help="List, describe, import, download and verify priors.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
# Texts of `priors info` for values of None, by key.
_TEXTS_WITHOUT_VALUE = {"file": "not downloaded", "resolution": "any"}
# JSON keeps the key "licence" of 0.1.0, which scripts read.
_LABELS = {"licence": "license"}
PriorNameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Prior: ffdnet-color, compact, the name of another prior, or a file."
    ),
]


@priors_program.command("list")
def list_priors(as_json: JsonOption = False) -> None:
    """List installed and published priors.

    The command also prints the folder of the imported and downloaded priors.
    """
    from ddrm_core.prior.architectures.registry import ARCHITECTURES

    with report_failures():
        prior_library = create_prior_library()
        priors = []
        for name in (*(p.name for p in list_packaged_priors()), *prior_library.list_files()):
            try:
                priors.append(describe_prior(prior_library, str(name)))
            except (UnknownPlugin, PackagedPriorUnavailable) as error:
                print_note(format_failure(error))
        names = {prior.info.name for prior in priors}
        others = [p for p in list_published_priors() if p.name not in names]
        if as_json:
            print_json(
                {
                    "folder": str(prior_library.folder),
                    "priors": [_build_prior_json(prior) for prior in priors],
                    "not_downloaded": [_build_published_prior_json(p) for p in others],
                }
            )
            return
        for prior in priors:
            typer.echo(
                f"{prior.info.name:20} {prior.info.license}, SHA-256 {prior.info.sha256[:12]}...,"
                f" {_format_cost(prior)}"
            )
        for other in others:
            typer.echo(
                f"{other.name:20} {other.license}, {format_size(other.size_bytes)}, not downloaded,"
                f" {other.relative_cost:.3g} times the operations of {FFDNET_COLOR.name}"
            )
        for identity in ARCHITECTURES.list_installed().values():
            typer.echo(
                f"{identity.name:20} architecture of {identity.distribution} {identity.version};"
                f" use it with {COMMAND} --architecture {identity.name}"
            )
        for name in ARCHITECTURES.list_refused():
            print_note(
                f"An installed package also provides the architecture {name};"
                " the built-in one is used"
            )
        typer.echo(f"Imported and downloaded priors are stored in {prior_library.folder}")


@priors_program.command()
def info(name: PriorNameArgument, as_json: JsonOption = False) -> None:
    """Describe a prior: its license, training data and noise levels.

    The file of an installed prior is checked first. The description of a published prior that is
    not installed includes the address and the SHA-256 of the download.
    """
    with report_failures():
        prior_library, published = create_prior_library(), find_published_prior(name)
        if published is not None and not prior_library.find_file(name).exists():
            content = _build_published_prior_json(published)
        else:
            content = _build_prior_json(describe_prior(prior_library, name))
        if as_json:
            print_json(content)
            return
        for key, value in content.items():
            text = _TEXTS_WITHOUT_VALUE[key] if value is None else value
            typer.echo(f"{_LABELS.get(key, key):14} {text}")


@priors_program.command("import")
def import_prior(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File of the prior.")],
) -> None:
    """Check a prior and copy it into the prior library.

    Other commands then accept the prior by its name.
    """
    with report_failures():
        prior_info = create_prior_library().import_file(file)
        typer.echo(
            f"{prior_info.name}: imported as {prior_info.path};"
            f" use it with --prior {prior_info.name}"
        )


@priors_program.command()
def download(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Name of a published prior, as printed by `priors list`."
        ),
    ],
) -> None:
    """Download a published prior and import it.

    A download that was stopped is continued by the next one. For a computer without network access,
    download the file on another computer from the address that `priors info NAME` prints, copy the
    file, and use `priors import`.
    """
    with report_failures():
        from app.cli.priors.download_progress import (
            download_with_progress,  # loads network modules, which other commands do not need
        )

        published = find_published_prior(name)
        if published is None:
            names = ", ".join(p.name for p in list_published_priors())
            raise InvalidSetting("prior to download", name, names)
        prior_library = create_prior_library()
        if prior_library.find_file(name) != Path(name):
            typer.echo(f"{name}: already installed; use it with --prior {name}")
            return
        downloaded_path = download_with_progress(published, downloads_folder())
        typer.echo(f"{name}: checking and importing", err=True)
        prior_info = prior_library.import_file(downloaded_path)
        downloaded_path.unlink()
        typer.echo(
            f"{prior_info.name}: imported as {prior_info.path};"
            f" use it with --prior {prior_info.name}"
        )


@priors_program.command()
def verify(name: PriorNameArgument) -> None:
    """Check a prior completely, and compare its SHA-256 with that of its import."""
    with report_failures():
        find_prior_file(name)
        prior_info, has_checksum = create_prior_library().verify(name)
        if has_checksum:
            verdict = f"intact, with the SHA-256 that was stored with it ({prior_info.sha256})"
        else:
            verdict = (
                "readable; no SHA-256 was stored with it, so a change cannot be ruled out"
                f" (SHA-256 {prior_info.sha256})"
            )
        typer.echo(f"{prior_info.name}: {verdict}")


def _format_cost(prior: PriorDescription) -> str:
    low, high = prior.info.sigma_range
    parts = [f"noise {low:.3g} to {high:.3g}"]
    if prior.info.name != prior.default_name:
        parts.append(f"{prior.relative_cost:.3g} times the operations of {prior.default_name}")
    if prior.gain:
        parts.append(f"{prior.gain:+.2f} dB as a denoiser of noise {GAIN_NOISE_LEVEL}")
    return ", ".join(parts)


def _build_prior_json(prior: PriorDescription) -> dict[str, object]:
    low, high = prior.info.sigma_range
    content: dict[str, object] = {
        "name": prior.info.name,
        "file": str(prior.info.path),
        "sha256": prior.info.sha256,
        "licence": prior.info.license,
        "training_data": prior.info.training_data,
        "sigma": f"{low:.3g} to {high:.3g}",
        "size_multiple": prior.info.size_multiple,
        "macs_per_pixel": round(prior.network.macs_per_pixel),
        "relative_cost": float(f"{prior.relative_cost:.3g}"),
    }
    if prior.gain is not None:
        content["gain_db"] = round(prior.gain, 2)
    if prior.info.outer is not None and prior.info.inner_sigma_range is not None:
        low, high = prior.info.inner_sigma_range
        content["own_sigma"] = f"{low:.3g} to {high:.3g}"
        content["other_sigma"] = f"{prior.info.outer.name}, {prior.info.outer.license}"
    return content


def _build_published_prior_json(published: PublishedPrior) -> dict[str, object]:
    low, high = published.sigma_range
    return {
        "name": published.name,
        "file": None,
        "licence": published.license,
        "training_data": published.training_data,
        "sigma": f"{low:.3g} to {high:.3g}",
        "size_multiple": published.size_multiple,
        "architecture": published.architecture,
        "resolution": published.training_resolution,
        "relative_cost": published.relative_cost,
        "origin": published.info_url,
        "url": published.download_url,
        "bytes": published.size_bytes,
        "url_sha256": published.sha256,
        "download": f"{COMMAND} priors download {published.name}",
    }
