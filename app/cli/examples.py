"""Examples at the end of the commands' help, and the exit statuses of the program."""

from app import COMMAND


def _format_examples(*lines: str) -> str:
    r"""Return examples for the end of a help text; "\b" keeps their lines apart."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


PROGRAM_NOTES = "\n".join(
    [
        f"`{COMMAND} COMMAND --help` describes a command and gives examples.",
        "",
        "Exit status: 0 success, 1 failure, 2 wrong usage, 130 stopped.",
    ]
)
RESTORE_EXAMPLES = _format_examples(
    f"{COMMAND} restore photo.jpg",
    f"{COMMAND} restore *.jpg -o restored --preset fast",
    f"{COMMAND} restore photo.jpg -o archive.tiff --bits 16 --dry-run",
    f"cat photo.jpg | {COMMAND} restore - -o - --format png > restored.png",
)
BATCH_EXAMPLES = _format_examples(
    f"{COMMAND} batch album -o restored --recursive",
    f"{COMMAND} batch album -o restored --below-quality 80 --dry-run",
    f"{COMMAND} batch album -o restored --threads 2 --nice --quiet",
    f"{COMMAND} batch album --replace-originals originals",
    f"{COMMAND} batch album --undo",
)
INSPECT_EXAMPLES = _format_examples(
    f"{COMMAND} inspect photo.jpg",
    f"{COMMAND} inspect album --recursive --report album.csv",
)
VERIFY_EXAMPLES = _format_examples(f"{COMMAND} verify photo_restored.png --against photo.jpg")
EVALUATE_EXAMPLES = _format_examples(
    f"{COMMAND} evaluate photographs -o figures --quality 5,10,30 --presets fast"
)
