"""Django's own form widgets, written as its templates write them and without templates: a composer has a dozen."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates

from accounts.escaping import escaped

_Widget = Mapping[str, Any]
_INPUTS = ("text", "hidden", "checkbox", "email", "password", "number", "date", "datetime", "time", "url", "file")


class QuickRenderer(DjangoTemplates):
    """Writes inputs, text areas and selects itself; everything else is Django's."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Return the widget's HTML."""
        write = _WRITERS.get(template_name)
        return write(context["widget"]) if write else str(super().render(template_name, context, request))


def _input(widget: _Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{_attributes(widget)}>'


def _text_area(widget: _Widget) -> str:
    value = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: _Widget) -> str:
    groups = []
    for name, options, _index in widget["optgroups"]:
        written = "".join(f"\n  {_option(one)}" for one in options)
        groups.append(f'\n  <optgroup label="{escaped(name)}">{written}\n  </optgroup>' if name else written)
    return f'<select name="{escaped(widget["name"])}"{_attributes(widget)}>{"".join(groups)}\n</select>'


def _option(option: _Widget) -> str:
    return f'<option value="{escaped(option["value"])}"{_attributes(option)}>{escaped(option["label"])}</option>'


def _attributes(widget: _Widget) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"' for name, value in given
    )


_WRITERS: dict[str, Callable[[_Widget], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _INPUTS},
    "django/forms/widgets/textarea.html": _text_area,
    "django/forms/widgets/select.html": _select,
}
