"""Looking at files in the page: pictures, PDF and text, bounded, and nothing of them runs."""

from struct import pack

import pytest

from accounts.tenancy import organization_scope
from deskhero.sample.pdf import paper, papers
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_message
from tickets.actions.attach import NewFile, attach_files
from tickets.previews.kinds import MAX_PDF, MAX_PICTURE, preview_of
from tickets.previews.pdf import CannotBeDrawn, page_of, pages_of
from tickets.previews.pdf_child import png
from tickets.previews.sizes import pixels_of

PDF = paper(next(iter(papers())))
PICTURE = png(b"\x10\x20\x30" * 12, 4, 3, 12, 3)
BOMB = b"\x89PNG\r\n\x1a\n" + pack(">I4sII", 13, b"IHDR", 60_000, 60_000) + b"\x08\x02\0\0\0" + b"x" * 40


@pytest.fixture
def attach(acme, ticket):
    """Attaches a file to a new mail and returns the address of its page."""

    def attached(name, content, content_type="application/octet-stream"):
        message = make_message(ticket, attachment_count=1)
        with organization_scope(acme):
            (kept,) = attach_files(message, [NewFile(name, content_type, content)])
        return f"/acme/tickets/{ticket.number}/files/{kept.pk}/look/"

    return attached


def text_of(response):
    return response.content.decode()


def test_a_picture_is_drawn_from_an_answer_that_may_do_nothing(as_alice, attach):
    page = attach("photo.png", PICTURE)
    assert 'src="?picture"' in text_of(as_alice.get(page))

    answer = as_alice.get(page + "?picture")

    assert (answer["Content-Type"], answer.content) == ("image/png", PICTURE)
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("photo.png", b"<script>alert(1)</script>", "image/png"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "text/html"),
        ("huge.png", BOMB, "image/png"),
        ("plan.pdf", PDF, "application/pdf"),
        ("notes.txt", b"words", "text/plain"),
    ],
)
def test_nothing_but_a_bounded_picture_is_answered_as_one(as_alice, attach, name, content, content_type):
    page = attach(name, content, content_type)

    assert as_alice.get(page + "?picture").status_code == 404
    shown = text_of(as_alice.get(page))
    assert "<script>alert" not in shown
    assert 'src="?picture"' not in shown


def test_pages_of_a_pdf_are_pictures_of_ours(as_alice, attach):
    page = attach("receipt.pdf", PDF, "application/pdf")
    shown = text_of(as_alice.get(page))
    assert 'src="?page=1"' in shown
    assert "Page 1 of 1" in shown

    drawn = as_alice.get(page + "?page=1")

    assert (drawn["Content-Type"], drawn["Content-Security-Policy"]) == ("image/png", "sandbox; default-src 'none'")
    assert drawn.content.startswith(b"\x89PNG")
    assert 100_000 < (pixels_of(drawn.content) or 0) <= 1100 * 3000
    for wrong in ("0", "2", "21", "-1", "x", ""):
        assert as_alice.get(f"{page}?page={wrong}").status_code == 404


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", PDF[:300]])
def test_a_pdf_that_cannot_be_read_says_so(as_alice, attach, content):
    page = attach("broken.pdf", content, "application/pdf")

    assert "broken or locked" in text_of(as_alice.get(page))
    assert as_alice.get(page + "?page=1").status_code == 404


def test_a_child_that_dies_or_hangs_is_a_pdf_that_cannot_be_drawn(monkeypatch):
    assert pages_of(PDF) == 1
    monkeypatch.setattr("tickets.previews.pdf.SECONDS", 0.01)
    with pytest.raises(CannotBeDrawn):
        page_of(PDF, 1)


def test_text_is_shown_as_text_whatever_it_says(as_alice, attach):
    page = attach("list.csv", "name;älder\n<b>x</b>;\u202e12".encode(), "text/csv")

    shown = text_of(as_alice.get(page))
    assert "name;älder" in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "[U+202E]" in shown


def test_long_text_is_cut_and_says_so(as_alice, attach):
    shown = text_of(as_alice.get(attach("log.txt", b"line\n" * 100_000, "text/plain")))

    assert "all of it is in the download" in shown
    assert len(shown) < 500_000


def test_bytes_without_marks_are_not_shown_as_text(as_alice, attach):
    shown = text_of(as_alice.get(attach("odd.txt", b"ab\0\1\2cd", "text/plain")))
    assert "is not shown here" in shown


def test_a_list_of_files_says_size_and_sort_and_draws_small_pictures(as_alice, attach, ticket):
    attach("photo.png", PICTURE)
    attach("sheet.xlsx", b"PK\x03\x04....")
    page = text_of(as_alice.get(f"/acme/tickets/{ticket.number}/"))

    assert '?picture" alt="" width="44" height="44" loading="lazy"' in page
    assert "PNG picture, " in page
    assert "XLSX file, 8" in page
    assert page.count("/look/") == 2  # the small picture and the link; none for the sheet


def test_a_name_with_tricks_is_an_attribute_without_elements(as_alice, attach, ticket):
    attach('fdp\u202e".pdf', PDF, "application/pdf")
    page = text_of(as_alice.get(f"/acme/tickets/{ticket.number}/"))

    assert 'aria-label="Download fdp[U+202E]&quot;.pdf"' in page


def test_files_are_looked_at_by_who_may_see_the_ticket(as_alice, as_mallory, acme, attach, ticket, bob):
    page = attach("photo.png", PICTURE)
    assert as_mallory.get(page + "?picture").status_code == 404
    with organization_scope(acme):
        limit_mailbox(ticket.mailbox, by=bob)

    for address in (page, page + "?picture", page + "?page=1"):
        assert as_alice.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "size", "how"),
    [
        ("a.png", "png", 10, "picture"),
        ("a.png", "png", MAX_PICTURE + 1, ""),
        ("a.bmp", "bmp", 10, ""),
        ("a.pdf", "pdf", 10, "pdf"),
        ("a.pdf", "pdf", MAX_PDF + 1, ""),
        ("a.txt", "", 10, "text"),
        ("a.txt", "", 0, ""),
        ("a.xml", "xml", 10, "text"),
        ("a.mp4", "", 10, ""),
        ("a.js", "", 10, ""),
        ("a.txt", "program", 10, ""),
        ("a.html", "html", 10, ""),
        ("a.svg", "svg", 10, ""),
        ("a.png", None, 10, ""),
    ],
)
def test_how_a_file_can_be_shown_follows_from_what_it_is(name, kind, size, how):
    assert preview_of(name, kind, size) == how


@pytest.mark.parametrize(
    ("head", "pixels"),
    [
        (PICTURE, 12),
        (b"GIF89a" + pack("<HH", 300, 200), 60_000),
        (b"RIFF0000WEBPVP8X" + b"\0" * 8 + b"\x63\0\0\x31\0\0", 5000),
        (b"RIFF0000WEBPVP8 " + b"\0" * 10 + pack("<HH", 40, 30), 1200),
        (b"RIFF0000WEBPVP8L" + b"\0" * 4 + b"\x2f" + (9 | 19 << 14).to_bytes(4, "little") + b"\0" * 9, 200),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + pack(">HH", 20, 30) + b"\0" * 8, 600),
        (b"\xff\xd8\xff\xe0", None),
        (b"\xff\xd8\0\0" + b"\0" * 40, None),
        (b"nothing of the sort, whatever follows", None),
        (BOMB, 3_600_000_000),
    ],
)
def test_pixels_are_read_from_the_head_of_a_picture(head, pixels):
    assert pixels_of(head) == pixels
