"""A flattened template says what the template as it was written says, whatever it is made of."""

import pytest
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.base import TextNode
from django.utils import translation
from django.utils.safestring import mark_safe

LIBRARIES = {
    "i18n": "django.templatetags.i18n",
    "desk": "accounts.templatetags.desk",
    "partials": "template_partials.templatetags.partials",
}
FILES = {
    "base": "{% load i18n desk %}<{% block title %}Desk{% endblock %}>{% translate 'Close' as word %}"
    "{% block body %}{% icon 'x' %}{% block main %}{% endblock %}{% translate 'Close' %}{{ word }}{% endblock %}",
    "shell": "{% extends 'base' %}{% block title %}Shell {{ block.super }}{% endblock %}"
    "{% block main %}[{{ name }}]{% endblock %}",
    "page": "{% extends 'shell' %}{% load i18n %}lost{% block title %}{{ name }} {{ block.super }}!{% endblock %}"
    "{% block main %}{{ block.super }}{% include 'piece' with one=name two='2' %}{% include 'piece' %}"
    "{% block deep %}deep{% endblock %}{{ inner }}{% endblock %}",
    "piece": "{% load i18n %}({{ one }}{{ two|default:'–' }}{% translate 'Open' as inner %}{{ inner }})",
    "list": "{% load i18n %}{% for one in many %}{% if one %}{% translate 'Open' %}{{ one }}{% elif other %}b"
    "{% else %}{% include 'piece' %}{% endif %}{% empty %}none{% endfor %}{{ inner }}",
    "values": "{{ none }}{{ missing }}{{ missing.more }}{{ name }}{{ safe }}{{ number }}{{ lazy }}{{ name|upper }}"
    "{% autoescape off %}{{ name }}{{ lazy }}{{ number }}{% endautoescape %}",
    "tree": "<{{ depth }}{% if children %}{% for one in children %}{% with children=one %}{% include 'tree' %}"
    "{% endwith %}{% endfor %}{% endif %}>",
    "chosen": "{% extends which %}{% block main %}chosen{% endblock %}",
    "by name": "a{% include which %}b",
    "hole": "a{% if name %}{% include 'nowhere' %}{% endif %}b",
    "alone": "{% load i18n %}{% include 'piece' only %}{% include 'piece' with one=name only %}{{ inner }}",
    "part": "{% extends 'base' %}{% load partials i18n %}{% block main %}a{% partialdef rows inline %}"
    "{% translate 'Close' %}{{ name }}{% include 'piece' %}{% endpartialdef %}b{% endblock %}",
}
CONTEXT = {
    "name": "<Anna> & Bo",
    "safe": mark_safe("<b>"),
    "number": 1234.5,
    "none": None,
    "lazy": translation.gettext_lazy("Close"),
    "many": ["<1>", "", "2"],
    "which": "piece",
    "children": [[[]], []],
}


def engine(loader: str) -> Engine:
    inner = [(loader, [("django.template.loaders.locmem.Loader", FILES)])]
    return Engine(loaders=[("template_partials.loader.Loader", inner)], libraries=LIBRARIES)


@pytest.fixture
def flat() -> Engine:
    return engine("deskhero.flattening.loader.Loader")


@pytest.fixture
def written() -> Engine:
    return engine("django.template.loaders.cached.Loader")


@pytest.mark.parametrize(
    "name", ["base", "shell", "page", "list", "values", "tree", "by name", "alone", "part", "part#rows"]
)
def test_it_says_the_same(flat, written, name):
    for language in ("en", "sv", "de", "en"):
        for more in ({}, {"name": "", "many": [], "children": []}):
            with translation.override(language):
                context = CONTEXT | more
                said = flat.get_template(name).render(Context(context))
                assert said == written.get_template(name).render(Context(context))


def test_words_and_icons_beside_each_other_are_one_piece(flat):
    nodes = flat.get_template("base").nodelist
    assert [type(node).__name__ for node in nodes] == ["TextNode", "TranslateNode", "Constant", "Shown"]
    assert isinstance(nodes[0], TextNode)
    assert nodes[0].s == "<Desk>"


def test_what_a_block_or_an_included_template_assigns_ends_with_it(flat):
    assert "inner" not in Context(CONTEXT)
    said = flat.get_template("page").render(Context(CONTEXT | {"inner": "outside"}))
    assert said.count("outside") == 1


def test_what_is_extended_by_a_name_of_the_context_is_left_to_django(flat, written):
    context = CONTEXT | {"which": "base"}
    said = flat.get_template("chosen").render(Context(context))
    assert said == written.get_template("chosen").render(Context(context))
    assert "chosen" in said


def test_a_missing_template_is_said_when_it_is_needed(flat):
    assert flat.get_template("hole").render(Context({})) == "ab"
    with pytest.raises(TemplateDoesNotExist, match="nowhere"):
        flat.get_template("hole").render(Context(CONTEXT))
    with pytest.raises(TemplateDoesNotExist, match="no such page"):
        flat.get_template("no such page")


def test_one_context_is_rendered_in_the_language_of_the_moment(flat):
    context = Context(CONTEXT)
    said = []
    for language in ("en", "sv"):
        with translation.override(language):
            said.append(flat.get_template("list").render(context))
    assert said[0] != said[1]


def test_templates_are_left_as_they_were_written_while_they_are_debugged():
    inner = [("deskhero.flattening.loader.Loader", [("django.template.loaders.locmem.Loader", FILES)])]
    found = Engine(debug=True, loaders=inner, libraries=LIBRARIES).get_template("shell")
    assert [type(node).__name__ for node in found.nodelist] == ["ExtendsNode"]


def test_a_changed_file_is_read_again(flat):
    partials = flat.template_loaders[0]
    first = flat.get_template("base")
    assert flat.get_template("base") is first
    partials.reset()
    assert flat.get_template("base") is not first
