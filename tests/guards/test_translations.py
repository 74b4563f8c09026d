"""Every word that people read can be translated, and the languages of the house are whole."""

import gettext
from pathlib import Path

import pytest
from django.conf import settings

from tests.guards import wording

HOME = Path(settings.BASE_DIR)
APPS = ("accounts", "mailbox", "tickets", "privacy")
LEFT_OUT = {"simulator", "migrations", "management"}  # the pretend providers, history, and the operator's shell
# The operator's own desk, Django admin, is in English: the few who work there keep it for every organization, and read
# the same words in its manual. What only it asks for is refused in its language.
OPERATORS_DESK = {
    "templates/admin",
    "accounts/access_admin.py",
    "privacy/request_admin.py",
    "privacy/staff",
    "privacy/holds/admin.py",
    "privacy/holds/officer_form.py",
    "privacy/actions/approve.py",
    "privacy/actions/decide_early.py",
    "privacy/actions/requests/forward.py",
}
# Letters with the weight of the law are written whole in each language, a folder each; no catalogue has their words.
LETTERS = HOME / "templates/privacy/letters"
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def python_files() -> list[Path]:
    """Return the modules whose sentences reach people."""
    files = (path for app in APPS for path in sorted((HOME / app).rglob("*.py")))
    return [path for path in files if not LEFT_OUT & set(path.relative_to(HOME).parts) and not is_of_the_operator(path)]


def is_of_the_operator(path: Path) -> bool:
    """Return whether only the operator's staff read it."""
    return any(path.is_relative_to(HOME / place) for place in OPERATORS_DESK)


def templates() -> list[Path]:
    """Return the templates that the catalogues translate."""
    files = (path for path in sorted((HOME / "templates").rglob("*")) if path.suffix in (".html", ".txt"))
    return [path for path in files if not is_of_the_operator(path) and not path.is_relative_to(LETTERS)]


def catalogue_of(language: str) -> Path:
    """Return where the sentences of a language are."""
    return HOME / "locale" / language / "LC_MESSAGES" / "django.po"


def test_no_template_says_a_word_of_its_own() -> None:
    files = templates()
    found = [f"{path.relative_to(HOME)} {fault}" for path in files for fault in wording.in_template(path.read_text())]

    assert len(files) > 100
    assert found == []


def test_every_letter_is_written_in_every_language() -> None:
    written = {folder.name: {path.name for path in folder.iterdir()} for folder in LETTERS.iterdir()}

    assert set(written) == {settings.LANGUAGE_CODE, *LANGUAGES}
    assert [name for name, letters in written.items() if letters != written[settings.LANGUAGE_CODE]] == []


def test_the_operators_desk_is_where_it_is_declared_and_no_page_of_an_organization_asks_it() -> None:
    own = [HOME / place for place in OPERATORS_DESK]
    modules = {place.removesuffix(".py").replace("/", ".") for place in OPERATORS_DESK}
    asking = [path for path in python_files() if "views" in path.parts and any(m in path.read_text() for m in modules)]

    assert [place for place in own if not place.exists()] == []
    assert asking == []


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
