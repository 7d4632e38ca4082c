"""`python -m app` and the console script `ddrm-restore`."""

import sys

_STOPPED = 130


def main() -> None:
    """Whatever the arguments say."""
    try:
        _run()
    except KeyboardInterrupt:  # before a command has taken over
        sys.stderr.write("Stopped.\n")
        sys.exit(_STOPPED)


def _run() -> None:
    from ddrm_core.jpeg.reader import FROZEN_ARGUMENT

    if sys.argv[1:2] == [FROZEN_ARGUMENT]:
        from ddrm_core.jpeg.reader_process import main as serve

        serve()
        return
    from app.cli.program import program  # not for the reader, which starts sooner without it

    program()


if __name__ == "__main__":
    main()
