"""`python -m app` and the console script `ddrm-restore`."""

import sys

from ddrm_core.jpeg.reader import FROZEN_ARGUMENT


def main() -> None:
    if sys.argv[1:2] == [FROZEN_ARGUMENT]:
        from ddrm_core.jpeg.reader_process import main as serve

        serve()
        return
    from app.cli.program import program  # not for the reader, which starts sooner without it

    program()


if __name__ == "__main__":
    main()
