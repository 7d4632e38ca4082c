"""First words that leave a reader without a subject begin no docstring and no comment."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

BANNED = {"what", "of", "those", "that", "it", "so", "likewise", "whoever", "whatever", "as"}
# A file in which this matches nothing has no comment with a banned first word.
SUSPECT_COMMENT = re.compile(rf"#[^\w\n]*(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
ENTRY = re.compile(r"^ {4}[\w`*.\[\]]+(?: \([^)]*\))?: (.*)$", re.MULTILINE)


def modules() -> list[Path]:
    return [path for top in ("app", "ddrm_core", "tests") for path in (ROOT / top).rglob("*.py")]


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield a syntax tree and all parts of it that are not in an expression."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.expr):
            yield from statements(child)


def docstring_sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line number and text of each docstring, and of each entry of its sections."""
    for node in statements(tree):
        # Docstrings of modules, classes, functions and constants are expressions alike.
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                text = inspect.cleandoc(text)
                yield node.lineno, text
                for entry in ENTRY.finditer(text):
                    yield node.lineno + text[: entry.start()].count("\n"), entry[1]


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of each comment; a comment of several lines is one."""
    previous = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            if previous != (line - 1, column):
                yield line, token.string
            previous = token.start


def banned_beginnings(source: str) -> list[tuple[int, str]]:
    """Return line number and first word of each sentence that begins with a banned word."""
    found = [*docstring_sentences(ast.parse(source))]
    if SUSPECT_COMMENT.search(source):  # splitting all files into tokens would take seconds
        found += comments(source)
    first_words = [(line, re.match(r"\W*(\w*)", text)) for line, text in found]
    return sorted(
        {(line, word[1]) for line, word in first_words if word and word[1].lower() in BANNED}
    )


def test_no_sentence_begins_without_its_subject():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in modules()
        for line, word in banned_beginnings(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""What it does."""\n', [(1, "What")]),
        ('"""Steps of a run."""\n', []),
        ("def f():\n    '''It is.'''\n", [(2, "It")]),
        ('class A:\n    """A.\n\n    Attributes:\n        x: Of a run.\n    """\n', [(5, "Of")]),
        ('class A:\n    """A.\n\n    Attributes:\n        x: Name.\n    """\n', []),
        ('def f():\n    """Do.\n\n    Raises:\n        E: As above.\n    """\n', [(5, "As")]),
        ('X = 1\n"""Likewise."""\n', [(2, "Likewise")]),
        ("x = 1  # so that it fits\n", [(1, "so")]),
        ("# A reason,\n# that goes on.\nx = 1\n", []),
        ("# `that` is a word.\nx = 1\n", [(1, "that")]),
        ("x = '# What'\n", []),
    ],
)
def test_a_sentence_without_a_subject_is_found(source, expected):
    assert banned_beginnings(source) == expected
