"""What is the same on every page is rendered once for each language, and stands as one piece."""

from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby
from typing import Any, TypeVar

from django.template import Node, NodeList
from django.template.base import (
    TextNode,
    TokenType,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.context import Context
from django.template.defaulttags import CommentNode, CsrfTokenNode, ForNode, IfNode, LoadNode, WithNode
from django.template.library import SimpleNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_Tag = TypeVar("_Tag", bound=Callable[..., Any])
_constant_tags: set[Callable[..., Any]] = set()


def constant(tag: _Tag) -> _Tag:
    """Say of a simple tag that it returns the same for the same words, in one language, as long as the process runs."""
    _constant_tags.add(tag)
    return tag


class Whole(NodeList):
    """The nodes of a page, or of a piece that is rendered alone: they ask once which language is spoken."""

    def render(self, context: Context) -> SafeString:
        """Render them."""
        outside = getattr(context, "said_in", None)
        context.said_in = get_language()  # type: ignore[attr-defined]
        try:
            return super().render(context)
        finally:
            context.said_in = outside  # type: ignore[attr-defined]


class Constant(Node):
    """Nodes that say the same on every page of a language."""

    def __init__(self, nodes: list[Node]) -> None:
        """Take them in their order."""
        self.nodes = nodes
        self._said: dict[str | None, str] = {}

    def render_annotated(self, context: Context) -> str:
        """Return what they say."""
        language = context.said_in  # type: ignore[attr-defined]
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = "".join([str(node.render_annotated(context)) for node in self.nodes])
        return said

    render = render_annotated


class Shown(VariableNode):
    """A value shown as it is, in fewer steps where it is text, as it nearly always is."""

    def __init__(self, node: VariableNode) -> None:
        """Take the node as it was parsed."""
        super().__init__(node.filter_expression)
        self.token, self.origin = node.token, node.origin
        self._value = node.filter_expression.var

    def render_annotated(self, context: Context) -> str:
        """Return it, escaped unless it is markup."""
        try:
            value = self._value.resolve(context)
        except VariableDoesNotExist:
            return str(super().render(context))
        if type(value) is SafeString or not context.autoescape:
            return value if isinstance(value, str) else str(super().render(context))
        return escape(value) if type(value) is str else str(render_value_in_context(value, context))


def shown(node: Node) -> Node:
    """Return a plain {{ value }} as Shown, anything else as it is."""
    if (
        type(node) is VariableNode
        and not node.filter_expression.filters
        and isinstance(node.filter_expression.var, Variable)
    ):
        return Shown(node)
    return node


def folded(nodes: Iterable[Node]) -> NodeList:
    """Return them with neighbours that never change made one; what says nothing is left out."""
    found = NodeList()
    for is_same, those in groupby(
        (node for node in nodes if not isinstance(node, LoadNode | CommentNode)), _never_changes
    ):
        if not is_same:
            found.extend(map(shown, those))
            continue
        parts = [part for node in those for part in (node.nodes if isinstance(node, Constant) else [node])]
        texts = [part.s for part in parts if isinstance(part, TextNode)]
        found.append(TextNode("".join(texts)) if len(texts) == len(parts) else Constant(parts))
    return found


def leaves_no_trace(node: Node) -> bool:
    """Say whether the node assigns nothing that what comes after it could see."""
    if isinstance(node, TextNode | VariableNode | Constant | ForNode | WithNode | CsrfTokenNode):
        return True
    if isinstance(node, IfNode):
        return all(leaves_no_trace(one) for _, those in node.conditions_nodelists for one in those)
    if isinstance(node, SimpleNode):
        return not node.target_var and not node.takes_context
    return getattr(node, "asvar", "unknown") is None  # {% url %} and {% translate %} tell


def _never_changes(node: Node) -> bool:
    if isinstance(node, TextNode | Constant):
        return True
    if isinstance(node, TranslateNode):
        return not (node.asvar or node.message_context) and _is_written(node.filter_expression)
    if isinstance(node, BlockTranslateNode):
        is_plain = all(token.token_type == TokenType.TEXT for token in node.singular)
        return is_plain and not (node.plural or node.asvar or node.message_context or node.extra_context)
    if isinstance(node, StaticNode):
        return node.varname is None and _is_written(node.path)
    if isinstance(node, SimpleNode):
        words = [*node.args, *node.kwargs.values()]
        return node.func in _constant_tags and not node.target_var and all(map(_is_written, words))
    return False


def _is_written(expression: Any) -> bool:
    """Say whether it stands in the template word for word."""
    return not expression.filters and (isinstance(expression.var, str) or expression.var.lookups is None)
