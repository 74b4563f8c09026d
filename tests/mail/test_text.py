"""HTML as readable text, and plain text as HTML."""

import pytest

from tickets.mail.text import html_to_text, text_to_html

CASES = [
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("one<br>two", "one\ntwo"),
    ("one<br><br>two", "one\n\ntwo"),
    ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
    ("one\n  two\t three", "one two three"),
    ("<b>o</b>ne <i>two</i>", "one two"),
    ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
    ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
    ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
    ("<ol start=3><li>one</li></ol>", "3. one"),
    ("<ul><li>one<ul><li>in</li></ul></li><li>two</li></ul>", "- one\n  - in\n- two"),
    ("<ul><li><p>one</p></li></ul>", "- one"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
    ("<table><tr><th>Name</th><th>Price</th></tr><tr><td><p>Pen</p></td><td><p>2 €</p></td></tr></table>",
     "Name | Price\nPen | 2 €"),
    ("<table><tr><td><table><tr><td>one</td></tr></table></td></tr><tr><td>two</td></tr></table>", "one\ntwo"),
    ('<a href="https://x.example/y">here</a>', "here <https://x.example/y>"),
    ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
    ('<a href="https://www.x.example/">x.example</a>', "x.example"),
    ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
    ('<a href="mailto:a@x.example">write us</a>', "write us <a@x.example>"),
    ('<a href="javascript:alert(1)">here</a>', "here"),
    ('<a href="#top">here</a>', "here"),
    ('<p>one</p><p>see <a href="https://x.example/y">here</a> now</p>', "one\n\nsee here <https://x.example/y> now"),
    ('<img src="x" alt="A cat"> and', "[A cat] and"),
    ("<blockquote>one<br>two</blockquote>three", "> one\n> two\n\nthree"),
    ("<blockquote>one<blockquote>two</blockquote></blockquote>", "> one\n>\n>> two"),
    ("<style>p{}</style><script>1</script><title>t</title>text", "text"),
    ("<!-- hidden -->text<!--[if mso]><p>no</p><![endif]-->", "text"),
    ('<div style="display:none">hidden</div>text', "text"),
    ("a&nbsp;b &lt;c&gt; &euro; &#8364;", "a b <c> € €"),
    ("a\u200bb\u00adc", "abc"),
    ("<h1>Title</h1>text", "Title\n\ntext"),
    ("<p>unclosed <b>bold", "unclosed bold"),
    ("<o:p></o:p><p class=MsoNormal>x<o:p></o:p></p>", "x"),
    ("", ""),
    ("just text", "just text"),
    ("<<<>>>", "<<<>>>"),
    ("<hr>a<hr>b", "a\nb"),
    ("<dl><dt>a</dt><dd>b</dd></dl>", "a\nb"),
    ("<textarea>x</textarea><button>y</button>", "y"),
    ("<p>\ue0f0not a mark</p>", "not a mark"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), CASES)
def test_html_reads_as_a_person_sees_it(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("one\ntwo", "one<br>\ntwo"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://x.example/"onclick=1', "&quot;onclick=1"),
    ],
)
def test_plain_text_becomes_harmless_html(text, html):
    assert text_to_html(text).endswith(html)


def test_addresses_in_plain_text_become_links_without_their_full_stop():
    html = text_to_html("See https://x.example/a?b=1&c=2. Or www.y.example!")

    assert 'href="https://x.example/a?b=1&amp;c=2"' in html
    assert 'href="https://www.y.example"' in html
    assert "noopener noreferrer nofollow" in html
    assert "</a>. Or" in html
