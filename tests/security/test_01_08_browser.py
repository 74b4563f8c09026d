"""SECURITY 1-8: hostile mail in a real browser. Nothing runs, nothing is asked for, nothing leaves its frame.

There are two guards, and each is tried without the other: the cleaning, in a frame that could do everything; and the
frame, around the mail as it came. The first test shows that a browser with neither falls for what is tried here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.security import hostile_html as hostile
from tests.security.hostile_html import made
from tests.security.house import House, house
from tests.security.strangers import Stranger, stranger
from tickets.mail.pictures import remote_pictures

pytestmark = pytest.mark.browser
OUT_OF_PLACE = """() => [...document.body.querySelectorAll('*')].filter((one) => {
    const style = getComputedStyle(one);
    return style.position !== 'static' || style.zIndex !== 'auto' || style.transform !== 'none' ||
        parseFloat(style.fontSize) > 400 || ['Top', 'Left', 'Right', 'Bottom']
        .some((side) => parseFloat(style['margin' + side]) < 0);
}).map((one) => one.outerHTML.slice(0, 120))"""
FIELDS = (
    "form, input, textarea, select, button, label, output, fieldset, datalist, "
    "[contenteditable], [tabindex], [autofocus], [accesskey]"
)
LINKS = [f'<a href="{address}">a link</a>' for address in hostile.ADDRESSES]
EVERYTHING = [
    *hostile.SCRIPTS,
    *hostile.MUTATIONS,
    *hostile.CSS,
    *hostile.PICTURES,
    *hostile.OTHER_LOADS,
    *hostile.OVERLAYS,
    *hostile.FORMS,
    *LINKS,
]


@dataclass
class Seen:
    """What a browser did with some mails."""

    mails: tuple[str, ...]
    ran: set[str] = field(default_factory=set)  # which mails' scripts
    said: list[str] = field(default_factory=list)  # in the console
    asked: list[str] = field(default_factory=list)  # of anybody but the page and its frames
    reached: list[str] = field(default_factory=list)  # what arrived at the tracker
    opened: int = 0  # windows

    def __str__(self) -> str:
        mail = self.mails[0][:150]
        return (
            f"{mail!r}: ran={self.ran} said={self.said} asked={self.asked} reached={self.reached} opened={self.opened}"
        )


@pytest.fixture(scope="module")
def desk() -> Iterator[House]:
    """The page of ours."""
    with house() as found:
        yield found


@pytest.fixture(scope="module")
def tracker() -> Iterator[Stranger]:
    """The server that must never be asked."""
    with stranger() as found:
        yield found


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window."""
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    yield context.new_page()
    context.close()


@pytest.fixture
def look(page: Page, desk: House, tracker: Stranger) -> Callable[..., Seen]:
    """Shows mails in the window, and says what came of it; with `click`, after every link of them was clicked."""
    now: list[Seen] = []
    page.on("console", lambda message: _hear(now[-1], message.text))
    page.on("pageerror", lambda error: now[-1].said.append(str(error)))
    page.on("request", lambda request: _note(now[-1], request.url, desk))
    page.context.on("page", lambda _: setattr(now[-1], "opened", now[-1].opened + 1))

    def looked(*mails: str, click: bool = False, **layers: bool) -> Seen:
        named = (html.replace("RAN", f"RAN{number}") for number, html in enumerate(mails))
        desk.show(*(made(html, tracker.port) for html in named), **layers)
        now.append(Seen(mails))
        page.goto("about:blank")
        tracker.asked.clear()
        page.goto(desk.url, wait_until="load")
        page.wait_for_timeout(100)
        if click:
            for link in [one for frame in page.frames[1:] for one in frame.locator("a").all()]:
                link.click(timeout=2000)
                page.wait_for_timeout(20)
        now[-1].reached = tracker.paths
        return now[-1]

    return looked


@pytest.fixture
def faults(look: Callable[..., Seen]) -> Callable[..., str]:
    """Looks at many mails, a score in one page, and returns a line for each that does what `wrong` says."""

    def found(mails: list[str], wrong: Callable[[Seen], object], **layers: bool) -> str:
        suspects = [html for score in _scores(mails) if wrong(look(*score, **layers)) for html in score]
        guilty = [seen for html in suspects if wrong(seen := look(html, **layers))]
        together = f"only beside one another: {suspects}" if suspects and not guilty else ""
        return "\n".join([*map(str, guilty), together]).strip()

    return found


def _hear(seen: Seen, text: str) -> None:
    seen.ran |= {text} if text.startswith("RAN") else set()
    seen.said.append(text[:200])


def _note(seen: Seen, url: str, desk: House) -> None:
    if not desk.is_own(url) and not url.startswith(("data:", "about:")):
        seen.asked.append(url)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_01_to_06_without_any_guard_a_browser_falls_for_it(look: Callable[..., Seen]) -> None:
    """The trap works: where this is green and the others are too, it is the guards that hold."""
    bare = {"cleaned": False, "guarded": False}
    scripts = _scores([*hostile.SCRIPTS, *hostile.MUTATIONS])
    ran = {f"{turn} {name}" for turn, score in enumerate(scripts) for name in look(*score, **bare).ran}
    reached = [path for family in (hostile.CSS, hostile.PICTURES) for path in _reached(look, family, bare)]

    assert len(ran) >= 30, ran
    assert len(reached) >= 50, reached


def _scores(mails: list[str]) -> list[list[str]]:
    return [mails[start : start + 20] for start in range(0, len(mails), 20)]


def _reached(look: Callable[..., Seen], mails: list[str], layers: dict[str, bool]) -> set[str]:
    return {path for score in _scores(mails) for path in look(*score, **layers).reached}


def test_01_to_06_as_it_is_shown_nothing_runs_nothing_is_asked_for_and_the_console_is_clean(
    faults: Callable[..., str],
) -> None:
    assert not faults(EVERYTHING, lambda seen: seen.ran or seen.said or seen.asked or seen.reached or seen.opened)


@pytest.mark.long
def test_01_to_06_the_cleaning_alone_is_enough(faults: Callable[..., str]) -> None:
    assert not faults(EVERYTHING, lambda seen: seen.ran or seen.asked or seen.reached, guarded=False)


@pytest.mark.long
def test_01_to_06_the_frame_alone_is_enough(faults: Callable[..., str]) -> None:
    """A browser may try, and its policy says no: no script speaks, and no request reaches the tracker."""
    assert not faults(EVERYTHING, lambda seen: seen.ran or seen.reached, cleaned=False)


def test_01_and_07_a_click_on_a_hostile_link_does_nothing(look: Callable[..., Seen]) -> None:
    seen = look(*LINKS, click=True)

    assert (seen.ran, seen.said, seen.asked, seen.reached, seen.opened) == (set(), [], [], [], 0)


def test_07_an_honest_link_opens_a_window_that_does_not_know_ours(page: Page, desk: House, tracker: Stranger) -> None:
    desk.show(f"<a href='{tracker.url('/shop')}'>To the shop</a>")
    tracker.asked.clear()
    page.goto(desk.url)
    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link").click()
    popup.value.wait_for_load_state()

    headers = {name.lower(): value for name, value in tracker.asked[0][1].items()}
    assert tracker.paths[0] == "/shop"
    assert "referer" not in headers
    assert popup.value.evaluate("window.opener") is None
    assert page.url == desk.url


def test_04_nothing_of_a_mail_is_drawn_outside_its_frame(page: Page, desk: House) -> None:
    """The frame alone holds it, whatever the cleaning would leave."""

    def outside(html: str) -> list[bytes]:
        desk.show(html, cleaned=False)
        page.goto(desk.url, wait_until="load")
        box = page.locator("iframe").bounding_box()
        assert box is not None
        assert page.evaluate("document.elementFromPoint(20, 20).tagName") in {"H1", "HTML", "BODY"}
        above = {"x": 0, "y": 0, "width": 800, "height": box["y"]}
        below = {"x": 0, "y": box["y"] + box["height"], "width": 800, "height": 100}
        return [page.screenshot(clip=clip) for clip in (above, below)]  # type: ignore[arg-type]

    honest = outside("<p>An honest mail</p>")
    assert [html for html in hostile.OVERLAYS if outside(made(html, 1)) != honest] == []


def test_04_nothing_of_a_mail_covers_the_rest_of_it(page: Page, desk: House) -> None:
    """The cleaning alone leaves every element in its place."""
    desk.show(*(f"<p>Before</p>{made(html, 1)}<p>After</p>" for html in hostile.OVERLAYS), guarded=False)
    page.goto(desk.url, wait_until="load")
    wrong = [found for frame in page.frames[1:] if (found := frame.evaluate(OUT_OF_PLACE))]

    assert wrong == []
    assert all(frame.get_by_text("After").is_visible() for frame in page.frames[1:])


def test_04_an_element_that_is_out_of_its_place_is_found(page: Page, desk: House) -> None:
    desk.show(*(made(html, 1) for html in hostile.OVERLAYS), guarded=False, cleaned=False)
    page.goto(desk.url, wait_until="load")

    assert sum(bool(frame.evaluate(OUT_OF_PLACE)) for frame in page.frames[1:]) >= 10


@pytest.mark.parametrize("html", hostile.PICTURES)
def test_06_every_way_to_load_a_picture_is_counted(html: str) -> None:
    assert remote_pictures(made(html, 80)), html


def test_06_pictures_asked_for_come_from_us_and_take_neither_session_nor_referrer_along(
    page: Page, desk: House, tracker: Stranger
) -> None:
    """The frame has no origin, so the browser sends it no cookie: an address carries its permission in itself."""
    desk.show(f"<p>Hello</p><img src='{tracker.url('/a')}'><img src='{tracker.url('/b')}'>", remote=True)
    tracker.asked.clear()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(desk.url, wait_until="load")  # sets the cookie
    page.goto(desk.url, wait_until="load")
    sizes = page.frames[1].evaluate("[...document.images].map((one) => one.naturalWidth)")

    pictures = [headers for path, headers in desk.asked if path.startswith("/pictures/")]
    frames = [headers for path, headers in desk.asked if path == "/mail/0/"]
    assert sizes == [1, 1]
    assert len(pictures) >= 2
    assert "Cookie" in frames[-1]
    assert not [headers for headers in pictures if {"Cookie", "Referer"} & set(headers)]
    assert tracker.paths == []
    assert said == []


def test_08_no_field_of_a_mail_is_left_and_none_takes_the_focus(page: Page, desk: House) -> None:
    for html in hostile.FORMS:
        desk.show(html, guarded=False)
        page.goto(desk.url, wait_until="load")
        assert page.frames[1].locator(FIELDS).count() == 0, html
        assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_05_the_frame_has_no_origin_and_cannot_reach_out(page: Page, desk: House) -> None:
    desk.show("<p>Hello</p>")
    page.goto(desk.url, wait_until="load")
    frame = page.frames[1]

    assert frame.evaluate("self.origin") == "null"
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None
    with pytest.raises(Exception, match=r"SecurityError|Blocked a frame|cross-origin"):
        frame.evaluate("top.document.title")
