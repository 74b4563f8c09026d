"""`{% extends %}`, `{% block %}` and `{% include %}` resolved when a template is loaded, instead of on every page."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.template import Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import TextNode, VariableNode
from django.template.context import Context
from django.template.defaulttags import AutoEscapeControlNode, ForNode, IfNode, WithNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode, construct_relative_path
from django.utils.safestring import SafeString
from template_partials.templatetags.partials import DefinePartialNode

from deskhero.flattening.folding import Whole, folded, leaves_no_trace

_BODIES = {
    ForNode: ("nodelist_loop", "nodelist_empty"),
    WithNode: ("nodelist",),
    AutoEscapeControlNode: ("nodelist",),
    DefinePartialNode: ("nodelist",),
}


class CannotFlatten(Exception):
    """The template does something that is only known when it is rendered."""


class Scope(Node):
    """A piece whose assignments end with it, as those of a block and of an included template do."""

    def __init__(self, nodelist: NodeList) -> None:
        """Take the piece."""
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Render it in a scope of its own."""
        with context.push():
            return self.nodelist.render(context)


class _Blocks:
    """The blocks of one page: those of the template, of its parent, and so on."""

    def __init__(self, chain: list[Template]) -> None:
        self._levels: list[dict[str, Any]] = [
            {block.name: block for block in _blocks_in(template.nodelist)} for template in chain
        ]

    def of(self, name: str) -> list[BlockNode]:
        """Return what there is by that name, the one that wins first."""
        return [level[name] for level in self._levels if name in level]


def _blocks_in(nodes: NodeList | Node) -> list[Any]:
    return nodes.get_nodes_by_type(BlockNode)


class Inlining:
    """Makes one flat list of nodes of a template and of all it extends and includes."""

    def __init__(self, load: Callable[[str], Template]) -> None:
        """Take what returns a template as it was parsed."""
        self._load = load

    def page(self, template: Template) -> NodeList:
        """Return the nodes of the whole template. Raises CannotFlatten."""
        chain = [template]
        while parent := _parent_name(chain[-1]):
            chain.append(self._load(parent))
            if len({one.name for one in chain}) < len(chain):
                raise CannotFlatten
        return Whole(self._piece(chain[-1].nodelist, _Blocks(chain), [template.name]))

    def piece(self, template: Template, nodelist: NodeList) -> NodeList:
        """Return the nodes of a part of the template, which is rendered alone. Raises CannotFlatten."""
        return Whole(self._piece(nodelist, _Blocks([template]), [template.name]))

    def _piece(
        self, nodes: NodeList, blocks: _Blocks, within: list[str | None], above: list[BlockNode] | None = None
    ) -> NodeList:
        """Return them inlined and folded; `above` is what {{ block.super }} means."""

        def inner(those: NodeList) -> NodeList:
            return self._piece(those, blocks, within, above)

        def flat() -> Iterator[Node]:
            for node in nodes:
                if isinstance(node, BlockNode):
                    yield from _scoped(self._block(blocks.of(node.name), blocks, within))
                elif _is_super(node):
                    yield from _scoped(self._block(above or [], blocks, within))
                elif isinstance(node, IncludeNode):
                    yield from self._included(node, within)
                elif isinstance(node, DefinePartialNode) and node.inline:
                    yield from inner(node.nodelist)
                else:
                    yield _with_bodies(node, inner)

        return folded(flat())

    def _block(self, layers: list[BlockNode], blocks: _Blocks, within: list[str | None]) -> NodeList:
        return self._piece(layers[0].nodelist, blocks, within, layers[1:]) if layers else NodeList()

    def _included(self, node: IncludeNode, within: list[str | None]) -> Iterator[Node]:
        """Yield what an included template consists of, or the node itself where that is known only later."""
        name = node.template.var
        if not isinstance(name, str) or node.template.filters or node.isolated_context:
            yield node
            return
        name = str(construct_relative_path(str(node.origin.template_name), name))
        try:
            template = self._load(name)
        except TemplateDoesNotExist:
            yield node  # it is said when the page is asked for, as ever
            return
        if name in within or template.nodelist.get_nodes_by_type((BlockNode, ExtendsNode)):  # type: ignore[arg-type]
            yield node
            return
        pieces = self._piece(template.nodelist, _Blocks([]), [*within, name])
        if node.extra_context:
            yield WithNode(None, None, pieces, extra_context=node.extra_context)
        else:
            yield from _scoped(pieces)


def _scoped(pieces: NodeList) -> Iterator[Node]:
    """Yield them in a scope of their own, or as they are where that makes no difference."""
    if all(map(leaves_no_trace, pieces)):
        yield from pieces
    else:
        yield Scope(pieces)


def _with_bodies(node: Node, inner: Callable[[NodeList], NodeList]) -> Node:
    """Return the node with what it contains flattened, too."""
    if isinstance(node, IfNode):
        return _like(node, conditions_nodelists=[(when, inner(then)) for when, then in node.conditions_nodelists])
    bodies = _BODIES.get(type(node), ())
    if bodies:
        return _like(node, **{name: inner(getattr(node, name)) for name in bodies})
    if _blocks_in(node) or any(map(_is_super, node.get_nodes_by_type(VariableNode))):
        raise CannotFlatten
    return node


def _like(node: Node, **changed: object) -> Node:
    other = copy.copy(node)
    vars(other).update(changed)
    return other


def _is_super(node: Node) -> bool:
    return isinstance(node, VariableNode) and getattr(node.filter_expression.var, "var", "") == "block.super"


def _parent_name(template: Template) -> str:
    """Return the template it extends, by name; empty where it extends none. Raises CannotFlatten."""
    first = next((node for node in template.nodelist if not isinstance(node, TextNode)), None)
    if not isinstance(first, ExtendsNode):
        return ""
    name: Any = first.parent_name
    if not isinstance(name.var, str) or name.filters:
        raise CannotFlatten
    return str(name.var)
