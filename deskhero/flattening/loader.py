"""Django's caching loader, which hands out flattened templates."""

import copy
from typing import Any

from django.template import Origin, Template
from django.template.base import NodeList
from django.template.loaders import cached
from template_partials.templatetags.partials import TemplateProxy

from deskhero.flattening.inlining import CannotFlatten, Inlining


class Loader(cached.Loader):
    """Hands out templates that render as the parsed ones do, in fewer steps.

    While templates are debugged they are left as they were written, so that an error names the line it comes from.
    """

    def __init__(self, engine: Any, loaders: list[Any]) -> None:
        """Take the loaders that find the files."""
        super().__init__(engine, loaders)
        self._flat: dict[str, Template] = {}

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """Return the flattened template; what cannot be flattened comes as it was parsed.

        Raises TemplateDoesNotExist.
        """
        parsed = super().get_template(template_name, skip)
        if skip or self.engine.debug:
            return parsed
        if template_name not in self._flat:
            self._flat[template_name] = self._flattened(parsed)
        return self._flat[template_name]

    def reset(self) -> None:
        """Forget everything, as Django does when a file changed."""
        super().reset()
        self._flat.clear()

    def _flattened(self, parsed: Template) -> Template:
        inlining = Inlining(super().get_template)
        try:
            flat = copy.copy(parsed)
            flat.nodelist = inlining.page(parsed)
            flat.extra_data = {**parsed.extra_data, **_partials(inlining, parsed)}
        except CannotFlatten:
            return parsed
        return flat


def _partials(inlining: Inlining, parsed: Template) -> dict[str, Any]:
    partials: dict[str, TemplateProxy] = parsed.extra_data.get("partials", {})
    flat: dict[str, NodeList] = {name: inlining.piece(parsed, one.nodelist) for name, one in partials.items()}
    return {"partials": {name: TemplateProxy(flat[name], one.origin, name) for name, one in partials.items()}}
