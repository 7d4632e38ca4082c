"""`python -m app` and the console script `ddrm-restore`."""

from app.cli.program import program


def main() -> None:
    program()


if __name__ == "__main__":
    main()
