"""Foreign HTML, made safe to show."""

# ruff: noqa: E501 - tables of words and samples read best unbroken

import re

import pytest

from tickets.mail.html import clean_html
from tickets.mail.styles import clean_style

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='/logout'>x</a>",
    "<a href='//evil.example/x'>x</a>",
    "<a href='?next=1'>x</a>",
    "<a href='https://acme.example@evil.example/'>x</a>",
    "<a href='https:\\\\evil.example'>x</a>",
    "<form action=//evil.example><input type=password name=p autofocus onfocus=alert(1)><button>go</button></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'; body{background:url(//evil.example/y)}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example/x></object><embed src=//evil.example/x>",
    "<video src=//evil.example/x poster=//evil.example/y autoplay></video><audio src=//evil.example/x>",
    "<bgsound src=//evil.example/x>",
    "<div id=location name=cookie class=btn>x</div>",
    "<img src='data:image/svg+xml;base64,PHN2Zy8+'>",
    "<img src='data:text/html,x'>",
    "<!--[if gte mso 9]><v:background fill=t><v:fill src=//evil.example/x></v:background><![endif]-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<p style='background:u\\72l(//evil.example/x)'>x</p>",
    "<p style='background-image:image-set(\"//evil.example/x\" 1x)'>x</p>",
    "<p style='--a:url(//evil.example/x);background:var(--a)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='behavior:url(#x);-moz-binding:url(//evil.example/x)'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999'>x</p>",
    "<p style='margin-top:-500px;margin:-1px'>x</p>",
    "<p style='font-size:9999px'>x</p>",
    "<p style='color:red/**/;background:/**/url(//evil.example/x)'>x</p>",
    "<p style=\"font-family:'x';background:url('//evil.example/y')\">x</p>",
    "<table background=//evil.example/x><tr background=//evil.example/y><td background=//evil.example/z>x</td></tr></table>",
    "<img srcset='//evil.example/x 1x, //evil.example/y 2x' sizes=100vw>",
    "<img src=//evil.example/x.gif width=1 height=1>",
    "<img src='http://evil.example/x.gif'>",
    "<img lowsrc=//evil.example/x dynsrc=//evil.example/y>",
    "<a href='https://x.example' target=_self rel=opener ping=//evil.example/>x</a>",
    "<a href='https://x.example' style='position:absolute;inset:0'>x</a>",
    "<select><option>x</select><textarea>x</textarea>",
    "<frameset><frame src=//evil.example></frameset>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<details open ontoggle=alert(1)>x</details>",
    "<isindex action=javascript:alert(1)>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<a href=\"https://x.example/\" onclick=\"alert(1)\">x",
    "<x-y onclick=alert(1)>x</x-y>",
]  # fmt: skip
_FORBIDDEN = re.compile(
    r"<(?:script|svg|math|style|iframe|object|embed|form|input|button|base|meta|link|template|video|audio|v:)|\son\w+\s*=|"
    r"javascript:|vbscript:|expression|position|z-index|var\(|url\(|evil\.example/[xyz]|\sid=|\sname=|\sclass=|\ssrcset=|"
    r"\sbackground=|ping=|inset|-\d+px|9999|@evil|href=\"/|href=\"\?|svg\+xml",
    re.IGNORECASE,
)


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_is_left(html):
    cleaned = clean_html(f"<div>before</div>{html}<div>after</div>").html

    in_tags = " ".join(re.findall(r"<[^>]*>", cleaned))
    assert not _FORBIDDEN.search(in_tags)
    assert "before" in cleaned


@pytest.mark.parametrize("html", HOSTILE)
def test_cleaning_twice_changes_nothing(html):
    once = clean_html(html).html

    assert _bare(clean_html(once).html) == _bare(once)


def _bare(html: str) -> str:
    """Return HTML without the two attributes that every link gets, in whatever order."""
    return re.sub(r' (?:rel|target)="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<img src=http://t.example/1.gif>", 1),
        ("<img src=//t.example/1.gif>", 1),
        ("<img src=http://t.example/1.gif><img src=http://t.example/1.gif>", 1),
        ("<img src=http://t.example/1.gif><img src=http://t.example/2.gif>", 2),
        ("<img srcset='http://t.example/1.gif 1x, http://t.example/2.gif 2x'>", 2),
        ("<table background=http://t.example/1.gif><tr><td>x</table>", 1),
        ("<p style='background:url(http://t.example/1.gif)'>x", 1),
        ("<img src=cid:a>", 0),
        ("<p>no picture</p>", 0),
    ],
)
def test_remote_images_are_left_out_and_counted(html, count):
    cleaned = clean_html(html)

    assert cleaned.remote_images == count == len(cleaned.remote_urls)
    assert "t.example" not in cleaned.html


def test_remote_images_can_be_shown_through_our_proxy():
    cleaned = clean_html("<img src=http://t.example/1.gif alt=x>", {}, remote_image=lambda url: "/acme/picture/1/")  # noqa: ARG005

    assert cleaned.html == '<img src="/acme/picture/1/" alt="x">'
    assert cleaned.remote_urls == ("http://t.example/1.gif",)


@pytest.mark.parametrize("reference", ["cid:p1@x", "CID:P1@X", "cid:p1%40x"])
def test_pictures_of_the_mail_itself_are_shown_in_their_place(reference):
    assert clean_html(f'<img src="{reference}">', {"<p1@x>": "/acme/file/1/"}).html == '<img src="/acme/file/1/">'


def test_tables_and_basic_layout_stay():
    html = (
        '<table width="600" cellpadding="4" bgcolor="#ffffff" style="border:1px solid #ccc"><tbody><tr>'
        '<td colspan="2" align="center" style="color:red;font-weight:bold">x</td></tr></tbody></table>'
    )

    cleaned = clean_html(html).html

    for kept in (
        'width="600"',
        'colspan="2"',
        'align="center"',
        "border:1px solid #ccc",
        "color:red",
        "font-weight:bold",
    ):
        assert kept in cleaned


def test_links_open_elsewhere_and_tell_nothing():
    cleaned = clean_html('<a href="https://x.example/a?b=1&amp;c=2">x</a>').html

    assert 'href="https://x.example/a?b=1&amp;c=2"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'target="_blank"' in cleaned


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red", "color:red"),
        ("COLOR: #FF0000 ; font-size : 12PX", "color:#FF0000"),
        ("color:rgb(1, 2, 3)", "color:rgb(1, 2, 3)"),
        ("margin:0 0 10px 0", "margin:0 0 10px 0"),
        ("margin:-10px", ""),
        ("color:red!important", "color:red"),
        ("font-family:'Arial', sans-serif", "font-family:'Arial', sans-serif"),
        ("font-family:'Arial", ""),
        ("font-size:200px", ""),
        ("font:900px x", ""),
        ("line-height:1.5", "line-height:1.5"),
        ("position:absolute", ""),
        ("width:calc(1px + 2px)", ""),
        ("color", ""),
        (";;;", ""),
        ("background:#fff url(x)", ""),
        ("border-top:solid windowtext 1.0pt", "border-top:solid windowtext 1.0pt"),
        ("display:none", "display:none"),
        ("display:flex", ""),
    ],
)
def test_styles_keep_only_listed_properties_and_values(style, kept):
    assert clean_style(style) == kept
