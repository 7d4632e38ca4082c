"""Run-time checks of argument and result types, at a cost that fits each function's needs.

The option --jaxtyping-packages decorates all functions of the core with `jaxtyping.jaxtyped`, which
binds the signature, checks the arguments twice and opens a scope of dimension names in each call.
Here beartype alone checks the arguments, once, and opens a scope only if annotations name shapes.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, get_args, get_type_hints

import jaxtyping
from beartype import beartype
from jaxtyping import AbstractArray

_jaxtyped = jaxtyping.jaxtyped


def install() -> None:
    """Make `checked` the decorator that jaxtyping's import hook applies to modules.

    Modules that have been imported before are not checked.
    """
    jaxtyping.jaxtyped = checked


def checked(
    decorated: Callable[..., Any] | type | None = None, *, typechecker: object = beartype
) -> Callable[..., Any] | type:
    """Return a function or class that checks the types and shapes of its arguments.

    Nested functions stay undecorated: decorating them in each call of the outer function would take
    longer than their work.
    """
    if decorated is None:
        return partial(checked, typechecker=typechecker)
    if inspect.isclass(decorated):
        if dataclasses.is_dataclass(decorated) and "__init__" in vars(decorated):
            decorated.__init__ = checked(decorated.__init__, typechecker=typechecker)
        return decorated
    if "<locals>" in decorated.__qualname__:
        return decorated
    hints = {
        name: _resolved(hint, decorated.__globals__)
        for name, hint in decorated.__annotations__.items()
    }
    names_shapes = any(_names_shapes(hint) for hint in hints.values())
    if names_shapes and inspect.isgeneratorfunction(decorated):
        # beartype checks a generator's arguments at its first step, when the scope of the call has
        # ended.
        return _jaxtyped(decorated, typechecker=typechecker)
    decorated.__annotations__ = hints
    guarded = beartype(decorated)
    if not names_shapes:
        return guarded

    @wraps(decorated)
    def scoped(*arguments: object, **named: object) -> object:
        with _jaxtyped("context"):
            return guarded(*arguments, **named)

    return scoped


def _resolved(hint: object, names: dict[str, object]) -> object:
    """Return the type that an annotation in a string stands for, Any if only mypy knows it."""

    def stand_in() -> None: ...

    stand_in.__annotations__ = {"value": hint}
    try:
        return get_type_hints(stand_in, names, include_extras=True)["value"]
    except NameError:
        return Any


def _names_shapes(hint: object) -> bool:
    if inspect.isclass(hint) and issubclass(hint, AbstractArray):
        return True
    inner = hint if isinstance(hint, list) else get_args(hint)
    return any(_names_shapes(each) for each in inner)
