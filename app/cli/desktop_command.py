"""`ddrm-restore desktop`: adds the program to the menus of desktop and file managers."""

from __future__ import annotations

import sys

import typer

from app import COMMAND
from app.cli.console import ExitStatus, print_note, report_failures
from app.config.paths import shared_data_folder
from app.config.resources import DESKTOP_FOLDER

_FREEDESKTOP_PLATFORMS = ("linux", "freebsd")

desktop_program = typer.Typer(
    name="desktop",
    help="Add the program to the file managers, or remove it.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@desktop_program.command("install")
def install() -> None:
    """Add Restore with DDRM Restore to the file managers of this user.

    Files are written to the user's data folder only: an entry for the desktop's menu, and menu
    entries for Dolphin (KDE), Nemo (Cinnamon) and Nautilus (GNOME, under Scripts).
    """
    with report_failures():
        _check_platform()
        from app.desktop.desktop_files import find_program_command, install_desktop_files

        command = find_program_command()
        for path in install_desktop_files(DESKTOP_FOLDER, shared_data_folder(), command):
            typer.echo(f"written: {path}")
        print_note(f"`{COMMAND} desktop remove` removes these files")


@desktop_program.command("remove")
def remove() -> None:
    """Remove the files that `desktop install` has written."""
    with report_failures():
        _check_platform()
        from app.desktop.desktop_files import remove_desktop_files

        removed = remove_desktop_files(shared_data_folder())
        for path in removed:
            typer.echo(f"removed: {path}")
        if not removed:
            print_note("nothing is installed")


def _check_platform() -> None:
    if not sys.platform.startswith(_FREEDESKTOP_PLATFORMS):
        typer.echo(
            "Error: This command is for desktops such as GNOME, KDE and Cinnamon."
            " See docs/user/file_managers.md for Windows and macOS.",
            err=True,
        )
        raise typer.Exit(ExitStatus.FAILED)
