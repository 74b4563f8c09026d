"""A template that is rendered once and filled in says what it would say if rendered for each."""

import pytest
from django.template import engines
from django.utils.safestring import mark_safe

from tickets.views import filled
from tickets.views.filled import Filled, Literal

TEMPLATE = (
    '{% load i18n %}<p id="{{ item.id }}"{% if item.state == "failed" %} class="bad"{% endif %}>'
    "{% if item.name %}{{ item.name }}{% else %}nobody{% endif %}{{ item.asked }}"
    "{% blocktranslate with name=item.name %}Pass on: {{ name }}{% endblocktranslate %}"
    "{% if item.is_new and not item.rich %}new{% endif %}{{ item.rich }}</p>"
)


@pytest.fixture
def piece(monkeypatch):
    template = engines["django"].from_string(TEMPLATE)
    rendered = []

    class Counting:
        def render(self, context):
            rendered.append(context)
            return template.render(context)

    monkeypatch.setattr(filled, "get_template", lambda _name: Counting())
    return Filled("x.html", "item"), template, rendered


NASTY = "<script>{{ item.id }}</script> \ue000id\ue001 & \"'"


def test_it_says_what_the_template_says(piece):
    filled_in, template, rendered = piece
    for name in (NASTY, "Carol", ""):
        for state in ("failed", "sent", ""):
            for rich in (mark_safe("<b>x</b>"), ""):
                for is_new in (True, False):
                    values = {"id": f"m-{name}", "name": name, "state": Literal(state), "rich": rich, "is_new": is_new}
                    values["asked"] = "&"
                    assert filled_in.of(values) == template.render({"item": values})
    assert len(rendered) < 36  # Carol took the form of the other one with a name


def test_a_form_is_rendered_once(piece):
    filled_in, _template, rendered = piece
    for number in range(5):
        filled_in.of({"id": f"m-{number}", "name": "Carol", "state": Literal("sent"), "rich": "", "is_new": True})
    assert len(rendered) == 1


def test_forms_are_not_kept_without_end(piece, monkeypatch):
    filled_in, _template, rendered = piece
    monkeypatch.setattr(filled, "MOST_FORMS", 2)
    for state in ("failed", "sent", "queued", "failed"):
        filled_in.of({"id": "m", "name": "Carol", "state": Literal(state), "rich": "", "is_new": True})
    assert len(rendered) == 4
    assert len(filled_in._forms) <= 2
