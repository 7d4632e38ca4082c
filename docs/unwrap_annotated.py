"""Extension of mkdocstrings that shows `Annotated[int, Limits(1, 10)]` as `int`.

The annotations of settings contain their limits and help, which the docstrings state as well.
"""

import ast

from griffe import Attribute, ExprSubscript, ExprTuple, Extension, Visitor


class UnwrapAnnotated(Extension):
    """The replacement of each attribute's `Annotated[...]` by the annotated type."""

    def on_attribute_instance(self, *, node: ast.AST, attr: Attribute, agent: Visitor) -> None:  # noqa: ARG002
        # Before griffe makes the parameters of a dataclass from its attributes.
        match attr.annotation:
            case ExprSubscript(left=left, slice=ExprTuple(elements=[annotated, *_])):
                if str(left) == "Annotated":
                    attr.annotation = annotated
