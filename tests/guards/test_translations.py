"""Every word that people read can be translated, and the languages of the house are whole."""

import gettext
from pathlib import Path

import pytest
from django.conf import settings

from tests.guards import wording

HOME = Path(settings.BASE_DIR)
APPS = ("accounts", "mailbox", "tickets", "privacy")
LEFT_OUT = {"simulator", "migrations", "management"}  # the pretend providers, history, and the operator's shell
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def python_files() -> list[Path]:
    """Return the modules whose sentences reach people."""
    files = (path for app in APPS for path in sorted((HOME / app).rglob("*.py")))
    return [path for path in files if not LEFT_OUT & set(path.relative_to(HOME).parts)]


def catalogue_of(language: str) -> Path:
    """Return where the sentences of a language are."""
    return HOME / "locale" / language / "LC_MESSAGES" / "django.po"


def test_no_template_says_a_word_of_its_own() -> None:
    files = [path for path in sorted((HOME / "templates").rglob("*")) if path.suffix in (".html", ".txt")]
    found = [f"{path.relative_to(HOME)} {fault}" for path in files for fault in wording.in_template(path.read_text())]

    assert len(files) > 100
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<a aria-label="Close it">×</a>',
        '<input placeholder="Name">',
        "{% if x %}Yes{% endif %}",
        '{% include "a.html" with title="Nothing here" %}',
        '{{ field|attrs:"class=input;aria-label=Recipients" }}',
        '<img alt="A picture">',
        "{% translate 'Fine' %} but not this",
    ],
)
def test_a_word_without_translation_is_found(source: str) -> None:
    assert wording.in_template(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{% translate 'Hello' %} · {{ name }} 1–2</p>",
        '<a aria-label="{% translate "Close" %}">×</a><kbd>Ctrl</kbd>',
        "{% blocktranslate with a=b %}Hello <b>{{ a }}</b>{% endblocktranslate %}",
        '<dl><dt translate="no">is:open</dt><dd>{% translate "Open" %}</dd></dl>',
        "{% comment %}Words for us{% endcomment %}{# and these #}",
        '<body class="{% block body_class %}desk{% endblock %}">{% include "a.html" with title=_("Yes") %}',
        "<title>{% block title %}Deskhero{% endblock %}</title><script>const x = 'words';</script>",
    ],
)
def test_what_is_translated_or_says_nothing_is_left_alone(source: str) -> None:
    assert wording.in_template(source) == []


def test_no_refusal_message_or_label_passes_gettext_by() -> None:
    found = [
        f"{path.relative_to(HOME)} {fault}" for path in python_files() for fault in wording.in_python(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'raise ActionRefused("No.")',
        'messages.success(request, f"Hello {name}")',
        'x = forms.CharField(label="Name")',
        'raise ValidationError("Wrong")',
    ],
)
def test_a_sentence_that_passes_gettext_by_is_found(source: str) -> None:
    assert wording.in_python(source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_whole_and_keeps_every_value(language: str) -> None:
    entries = wording.catalogue(catalogue_of(language).read_text())

    assert len(entries) > 900
    assert wording.faults(entries) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('msgid "One %(name)s"\nmsgstr "Ett"', "%(name)s is lost"),
        ('msgid "One"\nmsgstr "Ett %(name)s"', "%(name)s is lost or new"),
        ('msgid "<b>One</b>"\nmsgstr "Ett"', "</b>, <b> is lost"),
        ('msgid "One"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "One"\nmsgstr "Ett"', "only guessed"),
        ('msgid "%(n)s one"\nmsgid_plural "%(n)s ones"\nmsgstr[0] "%(n)s ett"\nmsgstr[1] ""', "not translated"),
    ],
)
def test_a_catalogue_that_lost_something_is_found(words: str, fault: str) -> None:
    assert fault in wording.faults(wording.catalogue(words))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    source = catalogue_of(language)
    with source.with_suffix(".mo").open("rb") as compiled:
        told = gettext.GNUTranslations(compiled)
    stale = []
    for entry in wording.catalogue(source.read_text()):
        single, context = entry.words["msgid"], entry.words.get("msgctxt", "")
        if "msgid_plural" in entry.words:
            said = [told.ngettext(single, entry.words["msgid_plural"], number) for number in (1, 2)]
        else:
            said = [told.pgettext(context, single) if context else told.gettext(single)]
        stale += [single] if said != entry.told else []

    assert stale == [], "run `make messages`"
