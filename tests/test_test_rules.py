"""Rules for tests: no private names, no sleeps or clocks, and at least one assertion."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = {str(path.relative_to(TESTS)): path for path in sorted(TESTS.rglob("*.py"))}
PRIVATE = re.compile(r"_(?!_)\w*")
# Documented functions of Python whose names begin with an underscore.
PUBLIC_ALL_THE_SAME = {"sys._current_frames", "os._exit"}
# Exempt files and folders by name, with the reason.
MAY_BE_PRIVATE = {
    "test_test_rules.py": "its examples are what it looks for",
}
MAY_WAIT = {
    "polling.py": "it waits for what tells nobody, for all tests",
    "leak_guards.py": "it measures how long the window is blocked",
    "benchmarks": "what is measured is time",
}
SETTERS = {"setattr", "getattr", "hasattr", "delattr", "setitem", "delitem", "patch", "object"}
SLEEPS = {"sleep", "msleep", "usleep", "qWait", "qSleep"}
CLOCKS = {"monotonic", "perf_counter", "thread_time", "process_time"}
SHORT_S = 1.0
ASSERTING = {"raises", "warns", "fail"}
# A timeout of these functions fails a test, but a wait is preparation and not an assertion.
WAITING = {"waitUntil", "waitSignal", "waitSignals"}


def called(node: ast.Call) -> str:
    """Return the name of the called function without a prefix, such as `f` for `a.b.f()`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def embedded(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the syntax tree of each program in a string, which tests run in a process."""
    for node in ast.walk(tree):
        text = None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (getattr(part, "value", None) for part in node.values)
            text = "".join(part if isinstance(part, str) else "0" for part in parts)
        if text is not None and "import" in text:
            try:
                yield ast.parse(text)
            except (SyntaxError, ValueError):
                continue  # the string is not a program


def private_uses(tree: ast.AST) -> list[str]:
    """Return line and code of each use of a private name of another object or module.

    Uses are attributes, imports, and such names in strings passed to functions like `setattr`.
    """
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                pass
            case ast.Attribute(attr=name) if PRIVATE.fullmatch(name):
                names = [name] if ast.unparse(node) not in PUBLIC_ALL_THE_SAME else []
            case ast.ImportFrom(module=module, names=imported):
                names = [*(module or "").split("."), *(alias.name for alias in imported)]
            case ast.Call(args=arguments) if called(node) in SETTERS:
                texts = [a.value for a in arguments if isinstance(a, ast.Constant)]
                names = [
                    name for text in texts if isinstance(text, str) for name in text.split(".")
                ]
        if any(PRIVATE.fullmatch(name) for name in names):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found + [use for program in embedded(tree) for use in private_uses(program)]


def waits(tree: ast.AST) -> list[str]:
    """Return line and code of each sleep, clock, wait without a condition and too short wait."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        on = ast.unparse(node.func).rpartition(".")[0] if name in {"wait", "time"} else ""
        seconds = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if (
            name in SLEEPS | CLOCKS
            or (on, name) in (("qtbot", "wait"), ("time", "time"))
            or (name == "wait" and any(s < SHORT_S for s in seconds if isinstance(s, int | float)))
            or (name == "assertNotEmitted" and any(k.arg == "wait" for k in node.keywords))
            or (name.startswith("waitSignal") and ast.unparse(node).endswith("raising=False)"))
            or (name == "raises" and "TimeoutExpired" in ast.unparse(node))
        ):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


@dataclass
class Module:
    """Functions and imports of a test module.

    Attributes:
        functions: Functions by name, and methods by "Class.name".
        imported: Module of each imported name.
    """

    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.Module) -> Module:
        module = cls()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                module.imported |= {alias.name: node.module or "" for alias in node.names}
        for node in tree.body:
            owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for one in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(one, ast.FunctionDef):
                    module.functions[owner + one.name] = one
        return module


@dataclass(frozen=True)
class Reader:
    """Analyzer that finds out whether code asserts, directly or in the functions it calls.

    Attributes:
        modules: Test modules by name.
        words: Names of functions that count as an assertion.
    """

    modules: dict[str, Module]
    words: set[str]

    def asserts(
        self, nodes: list[ast.stmt], stem: str, owner: str, seen: frozenset[str] = frozenset()
    ) -> bool:
        """Return whether statements assert, directly or in the functions they call.

        Args:
            nodes: The statements.
            stem: Name of their test module.
            owner: Name of their class, empty outside of a class.
            seen: Functions that have been examined, as "module:name".
        """
        for node in (node for top in nodes for node in ast.walk(top)):
            if isinstance(node, ast.Assert):
                return True
            if isinstance(node, ast.Call):
                name = called(node)
                if name in self.words or name.startswith("assert"):
                    return True
                place, local = self._place_of(node, stem, owner)
                key, module = f"{place}:{local}", self.modules.get(place, Module())
                function = None if key in seen else module.functions.get(local)
                below = local.rpartition(".")[0]
                if function and self.asserts([function], place, below, seen | {key}):
                    return True
        return False

    def _place_of(self, node: ast.Call, stem: str, owner: str) -> tuple[str, str]:
        """Return the test module and the name of the function that a call refers to.

        The module is empty if it is not known.
        """
        name = called(node)
        match node.func:
            case ast.Attribute(value=ast.Name(id="self")):
                return stem, f"{owner}.{name}"
            case ast.Name():
                return self.modules[stem].imported.get(name, stem), name
            case _:
                return "", name


def without_assertion(trees: dict[str, ast.Module]) -> list[str]:
    """Return the tests without an assertion, as "module: name".

    A test whose last statement waits for a condition counts as one with an assertion.
    """
    modules = {stem: Module.of(tree) for stem, tree in trees.items()}
    strictly, waiting = Reader(modules, ASSERTING), Reader(modules, ASSERTING | WAITING)
    found = []
    for stem, module in modules.items():
        for name, function in module.functions.items():
            owner, _, own_name = name.rpartition(".")
            if (
                own_name.startswith("test_")
                and not strictly.asserts([function], stem, owner)
                and not waiting.asserts(function.body[-1:], stem, owner)
            ):
                found.append(f"{stem}: {name}")
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def found_by(rule: Callable[[ast.AST], list[str]]) -> dict[str, list[str]]:
    """Return what a rule finds in each file of the tests, by the file's name."""
    return {name: rule(parsed(path)) for name, path in FILES.items()}


def found_in(rule: Callable[[ast.AST], list[str]], exempt: dict[str, str]) -> list[str]:
    """Return what a rule finds in all files of the tests, except files and folders in `exempt`."""
    return [
        f"{name}:{found}"
        for name, all_found in found_by(rule).items()
        if exempt.keys().isdisjoint(Path(name).parts)
        for found in all_found
    ]


def test_no_test_reaches_into_what_is_private():
    assert found_in(private_uses, MAY_BE_PRIVATE) == []


def test_no_test_sleeps_or_reads_a_clock():
    assert found_in(waits, MAY_WAIT) == []


def test_every_test_asserts():
    trees = {}
    for name, path in FILES.items():
        module = ".".join(("tests", *Path(name).with_suffix("").parts))
        trees[module] = parsed(path)
    assert without_assertion(trees) == []


@pytest.mark.parametrize(("rule", "exempt"), [(private_uses, MAY_BE_PRIVATE), (waits, MAY_WAIT)])
def test_what_is_exempt_is_there_and_needs_it(rule, exempt):
    found = {place.partition(":")[0] for place in found_in(rule, {})}
    parts = [exempt.keys() & set(Path(name).parts) for name in found]
    assert all(len(part) == 1 for part in parts), found
    assert set().union(*parts) == set(exempt)


@pytest.mark.parametrize(
    "code",
    [
        "assert window._runner",
        "window.models._runner.start()",
        "monkeypatch.setattr(module, '_LIMIT', 3)",
        "monkeypatch.setattr('app.module._LIMIT', 3)",
        "getattr(window, '_theme')",
        "from app.module import _read",
        "run('import sys; from app import _read')",
        "run(f'import app{version}; app._read()')",
    ],
)
def test_private_names_are_found(code):
    assert private_uses(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["self._runner = 3", "window.__class__", "sys._current_frames()", "tell('_this is no name')"],
)
def test_other_names_are_not(code):
    assert not private_uses(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "qtbot.wait(50)",
        "time.sleep(1)",
        "QThread.msleep(5)",
        "Event().wait(0.01)",
        "assert time.monotonic() - began < 5",
        "qtbot.assertNotEmitted(model.changed, wait=300)",
        "qtbot.waitSignal(model.changed, timeout=300, raising=False)",
        "pytest.raises(subprocess.TimeoutExpired)",
    ],
)
def test_waits_are_found(code):
    assert waits(ast.parse(code))


@pytest.mark.parametrize("code", ["qtbot.waitUntil(holds)", "gate.wait()", "process.wait(60)"])
def test_waiting_for_something_is_none(code):
    assert not waits(ast.parse(code))


HELPERS = "def holds():\n    assert True\ndef runs():\n    pass\n"


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        ("call()", True),
        ("runs()", True),
        ("subprocess.holds()", True),
        ("assert call()", False),
        ("holds()", False),
        ("twice()", False),
        ("with pytest.raises(ValueError): call()", False),
        ("qtbot.waitUntil(call)", False),
        ("qtbot.waitUntil(call); call()", True),
        ("np.testing.assert_allclose(call(), 1)", False),
    ],
)
def test_tests_without_an_assertion_are_found(body, lacks):
    source = "from helpers import holds, runs\n"
    source += f"def twice():\n    holds()\ndef test_it():\n    {body}\n"
    found = without_assertion({"helpers": ast.parse(HELPERS), "test_it": ast.parse(source)})
    assert found == (["test_it: test_it"] if lacks else [])


def test_methods_of_the_same_class_count():
    source = "class TestIt:\n    def holds(self):\n        assert True\n"
    source += "    def test_it(self):\n        self.holds()\n"
    source += "    def test_other(self):\n        other.holds()\n"
    assert without_assertion({"test_it": ast.parse(source)}) == ["test_it: TestIt.test_other"]
