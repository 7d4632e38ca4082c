"""Arguments of the batches that tests of clusters and killed workers start."""

from __future__ import annotations

from pathlib import Path


def build_arguments(pictures: Path, output: Path, *options: object) -> list[str]:
    """Return the arguments of a batch command with the bundled prior."""
    words = ["batch", pictures, "-o", output, "--recursive", "--prior", "compact"]
    return [str(word) for word in (*words, "--preset", "fast", *options)]
