"""Words marked in the texts they were found in; whatever a text holds, it stays text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.search.folding import fold, unaccented
from tickets.search.marking import LENGTH, Marks, excerpt, marked
from tickets.search.stems import UNKNOWN, stems
from tickets.search.wording import word_expressions
from tickets.search.words import part_spans, plain_words


def marks(*words: str, phrase: str = "", is_open: bool = False) -> Marks:
    asked = [one for word in words for one in word_expressions(word, is_open=is_open)]
    return Marks.of(asked, [plain_words(phrase)] if phrase else [])


def test_every_form_of_a_word_is_marked() -> None:
    assert marked("The battery of two batteries", marks("battery"), "en") == (
        "The <mark>battery</mark> of two <mark>batteries</mark>"
    )


def test_the_beginning_of_a_word_is_enough_while_it_is_typed() -> None:
    assert "<mark>Batteries</mark>" in marked("Batteries", marks("batt", is_open=True))
    assert "<mark>" not in marked("Batteries", marks("batt"))


def test_a_phrase_is_marked_where_its_words_stand_together() -> None:
    text = "The firmware of the update, and the firmware update"
    assert marked(text, marks(phrase="Firmware Update"), "en") == (
        "The firmware of the update, and the <mark>firmware update</mark>"
    )


def test_a_phrase_and_its_word_may_overlap() -> None:
    assert marked("the firmware update", marks("firmware", phrase="firmware update"), "en") == (
        "the <mark>firmware update</mark>"
    )


def test_foreign_text_stays_text() -> None:
    assert marked("<b>door</b> & <script>", marks("door"), "en") == (
        "&lt;b&gt;<mark>door</mark>&lt;/b&gt; &amp; &lt;script&gt;"
    )


def test_what_hides_is_named() -> None:
    assert "U+202E" in marked("door \u202eexe.pdf", marks("door"), "en")


def test_letters_of_dense_scripts_are_marked_together() -> None:
    assert marked("商品の配送状況", marks("配送状況"), "ja") == "商品の<mark>配送状況</mark>"


def test_an_excerpt_stands_around_the_first_mark() -> None:
    text = f"{'Something else. ' * 100}The pump leaks.\n\n{'More of it. ' * 100}"
    shown = excerpt([text], marks("pump"))

    assert "<mark>pump</mark> leaks" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < LENGTH + 40


def test_an_excerpt_goes_on_to_the_whole_text_where_the_new_one_has_no_mark() -> None:
    assert "<mark>pump</mark>" in excerpt(["Thank you", "Thank you\n> The pump leaks"], marks("pump"))


def test_signs_of_quoting_are_left_out_of_an_excerpt() -> None:
    assert excerpt(["> > The pump\n> leaks"], marks("pump")) == "The <mark>pump</mark> leaks"


def test_an_excerpt_without_a_mark_is_the_beginning() -> None:
    assert excerpt(["Good morning"], marks("pump")) == "Good morning"
    assert excerpt(["", " "], marks("pump")) == ""


WRITTEN = (
    "harbour Harbours HARBOUR hafen Häfen haven havens hamn hamnen dying die Lying lie skies sky été Été Eté œuf øl Øl",
    "yes Yaya \ufb01sh \uff28arbour 東京タワー straße STRASSE a_b 7Q-20418 e-mail 12 x",
)
WORDS = st.sampled_from(" ".join(WRITTEN).split())
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=30).map(" ".join)


@given(
    text=TEXTS, asked=st.lists(WORDS, min_size=1, max_size=3), language=st.sampled_from(["", "en", "sv", "fr", "de"])
)
@settings(max_examples=300)
def test_the_quick_way_marks_what_every_word_asked_would(text: str, asked: list[str], language: str) -> None:
    found = marks(*asked)
    guessed = language or found.language_of(text)
    slow = [(start, end) for start, end in part_spans(text) if found._has(fold(text[start:end]), guessed)]
    assert list(found.spans(text, language)) == slow


@given(word=WORDS | st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=12))
@settings(max_examples=500)
def test_a_stem_keeps_the_first_letter_of_its_word(word: str) -> None:
    folded = fold(word)
    if first := unaccented(folded)[:1]:
        assert {stem[:1] for stem in stems(folded, UNKNOWN)} == {first}
