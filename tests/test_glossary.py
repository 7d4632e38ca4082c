"""The glossary names existing code, and the code uses the words of the glossary."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from tests.support.paths import ROOT

GLOSSARY = (ROOT / "docs" / "GLOSSARY.md").read_text("utf-8")
HEADER = ("word", "meaning", "in code", "in the window", "not")
MAX_LINE_LENGTH = 160
# Names that contain a forbidden word, with the reason.
EXCEPTIONS = {
    "_RequestQueue": "a `queue.Queue` of Python",
}

Terms = Mapping[tuple[str, ...], str]
"""Forbidden terms as written in the glossary, by the words of which they consist."""


@dataclass(frozen=True, slots=True)
class GlossaryRow:
    """A row of the glossary.

    Attributes:
        words: Words for the thing.
        meaning: Meaning in one sentence.
        code_names: Names in the code: `name` or `Class.member`.
        forbidden: Terms that no name may contain.
    """

    words: tuple[str, ...]
    meaning: str
    code_names: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The names that source code defines.

    Attributes:
        defined: Names at module level, and `Class.member` for members of classes at module level.
        identifiers: All names: modules, classes, functions, arguments, variables and attributes.
    """

    defined: frozenset[str]
    identifiers: frozenset[str]


def read_rows(text: str) -> list[GlossaryRow]:
    """Return the rows of all tables of the glossary, whose Markdown is `text`."""
    rows = []
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if not line.startswith("| ") or cells == HEADER:
            continue
        word, meaning, code, _, other_words = cells
        forbidden = tuple(re.findall(r"`(.+?)`", other_words))
        code_names = tuple(code.strip("`").split("`, `"))
        rows.append(GlossaryRow(tuple(word.split(", ")), meaning, code_names, forbidden))
    return rows


def split_words(name: str) -> tuple[str, ...]:
    """Return the words of a term or of a name in snake_case or CamelCase, in lower case."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    return tuple(word.lower() for word in words)


def bound_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a syntax node itself binds, e.g. by definition or assignment."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
            yield name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def body_names(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that the statements of a module or a class body bind."""
    names: set[str] = set()
    for statement in body:
        match statement:
            case ast.Assign(targets=targets):
                names.update(name for target in targets for name in bound_names(target))
            case ast.AnnAssign(target=target):
                names.update(bound_names(target))
            case _:
                names.update(bound_names(statement))
    return names


def member_names(class_node: ast.ClassDef) -> set[str]:
    """Return the names of a class's methods and attributes, also those set on `self`."""
    members = body_names(class_node.body)
    for node in ast.walk(class_node):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                members.add(name)
    return members


def find_names(modules: Iterable[ast.Module], module_names: Iterable[str]) -> SourceNames:
    """Return the names that the modules define; `module_names` are added to all names."""
    defined: set[str] = set()
    identifiers = set(module_names)
    for module in modules:
        defined |= body_names(module.body)
        for node in ast.walk(module):
            identifiers.update(bound_names(node))
        for statement in module.body:
            if isinstance(statement, ast.ClassDef):
                defined |= {f"{statement.name}.{name}" for name in member_names(statement)}
    return SourceNames(frozenset(defined), frozenset(identifiers))


@cache
def product_names() -> SourceNames:
    paths = [path for package in ("app", "ddrm_core") for path in (ROOT / package).rglob("*.py")]
    module_names = {part for path in paths for part in path.relative_to(ROOT).with_suffix("").parts}
    return find_names((ast.parse(path.read_text("utf-8")) for path in paths), module_names)


def terms_of(rows: Iterable[GlossaryRow]) -> Terms:
    return {split_words(term): term for row in rows for term in row.forbidden}


def forbidden_terms_in(name: str, terms: Terms) -> list[str]:
    """Return the forbidden terms that a name contains as consecutive words."""
    words = split_words(name)
    ranges = (
        words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)
    )
    return [terms[part] for part in ranges if part in terms]


def repeated(texts: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


ROWS = read_rows(GLOSSARY)
TERMS = terms_of(ROWS)


def test_every_row_is_a_word_with_its_meaning_and_its_names():
    assert len(ROWS) > 100
    assert [row for row in ROWS if not re.fullmatch(r"[A-Z0-9].*\.", row.meaning)] == []
    assert [row for row in ROWS if not all(row.words) or not all(row.code_names)] == []
    lines = GLOSSARY.splitlines()
    assert [line for line in lines if len(line) > MAX_LINE_LENGTH] == []
    assert sum(line.startswith("|") for line in lines) == len(ROWS) + 2 * lines.count(
        f"| {' | '.join(HEADER)} |"
    )


def test_no_word_is_in_two_rows():
    assert repeated(word.lower() for row in ROWS for word in row.words) == []
    assert repeated(" ".join(split_words(term)) for row in ROWS for term in row.forbidden) == []


def test_no_row_forbids_the_word_of_another():
    words = [word for row in ROWS for word in row.words]
    assert {word: found for word in words if (found := forbidden_terms_in(word, TERMS))} == {}


def test_the_names_in_the_glossary_are_in_the_code():
    listed = [name for row in ROWS for name in row.code_names]
    assert [name for name in listed if name not in product_names().defined] == []


def test_the_code_uses_no_other_words():
    names = sorted(product_names().identifiers - EXCEPTIONS.keys())
    assert len(names) > 5000
    assert {name: found for name in names if (found := forbidden_terms_in(name, TERMS))} == {}


def test_exceptions_are_names_that_need_one():
    assert EXCEPTIONS.keys() <= product_names().identifiers
    assert [name for name in EXCEPTIONS if not forbidden_terms_in(name, TERMS)] == []


@pytest.mark.parametrize(
    "code",
    [
        "class ResultVault: pass",
        "def read_vault(): pass",
        "def read(*, vault): pass",
        "read = lambda vault: 0",
        "_VAULT_BYTES = 3",
        "class Store:\n    vault: int",
        "self.vault = 3",
        "import arrays as vault",
        "for vault_bytes in sizes: pass",
        "with open_store() as (name, vault): pass",
        "[vault for vault in stores]",
        "if (vault := find()): pass",
        "try: pass\nexcept OSError as vault: pass",
        "match store:\n    case Store(path=vault): pass",
        "match store:\n    case {'path': 1, **vault}: pass",
        "match store:\n    case [1, *vault]: pass",
        "def put_away(): pass",
        "class PutAwayResult: pass",
    ],
)
def test_forbidden_words_are_found(code):
    terms = {("vault",): "vault", ("put", "away"): "put away"}
    (name,) = find_names([ast.parse(code)], []).identifiers - {"Store", "read", "name"}
    assert len(forbidden_terms_in(name, terms)) == 1


@pytest.mark.parametrize("name", ["vaulted", "put_it_away", "away_put", "default", "input"])
def test_other_words_are_not(name):
    assert forbidden_terms_in(name, {("vault",): "vault", ("put", "away"): "put away"}) == []


@pytest.mark.parametrize(
    "name", ["LIMIT", "Store", "Store.path", "Store.size", "Store.read", "Store.ENUM", "load"]
)
def test_definitions_are_found(name):
    code = "LIMIT: int = 3\ndef load(): local = 1\nclass Store:\n    path: str\n    ENUM = 1\n"
    code += "    def read(self, amount): self.size = amount; other.name = 1\n"
    defined = find_names([ast.parse(code)], []).defined
    assert name in defined
    assert not {"local", "path", "Store.amount", "Store.name", "amount"} & defined
