"""Entry point of `python -m app` and of the console script `ddrm-restore`."""

import os
import sys
from collections.abc import MutableMapping

_EXIT_STOPPED = 130
_LIBRARY_PATH = "LD_LIBRARY_PATH"


def main() -> None:
    """Run the program with the arguments of the command line."""
    # Large tensors are allocated in huge pages; torch reads the variable at its first allocation.
    # On Linux, evaluating a tile of a megapixel has a twentieth of the page faults and is 1.1
    # times as fast.
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    try:
        _run_program()
    except KeyboardInterrupt:  # before a command handles the signal
        sys.stderr.write("Stopped.\n")
        sys.exit(_EXIT_STOPPED)


def _run_program() -> None:
    if getattr(sys, "frozen", False):
        restore_environment(os.environ)
        # A worker of a batch is this program with arguments of multiprocessing.
        import multiprocessing

        multiprocessing.freeze_support()
    from app.desktop import NOTICE_ARGUMENT
    from ddrm_core.jpeg.libjpeg import WORKER_ARGUMENT

    if sys.argv[1:2] == [WORKER_ARGUMENT]:
        from ddrm_core.jpeg.libjpeg.worker import main as serve

        serve()
        return
    if sys.argv[1:2] == [NOTICE_ARGUMENT]:
        from app.desktop.notice_process import main as show_notice

        sys.exit(show_notice())
    from app.cli.program import program  # the libjpeg worker starts faster without this import

    program()


def restore_environment(environment: MutableMapping[str, str]) -> None:
    """Give processes that this built program starts the environment that it was started with.

    On Linux, PyInstaller has the program's libraries found by a variable, and keeps the value of
    the user. With it, programs of the system, such as the file manager, would load libraries of
    this program. Processes of the program itself set the variable again.
    """
    if _LIBRARY_PATH not in environment:
        return
    original = environment.pop(f"{_LIBRARY_PATH}_ORIG", None)
    if original is None:
        del environment[_LIBRARY_PATH]
    else:
        environment[_LIBRARY_PATH] = original
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    main()
