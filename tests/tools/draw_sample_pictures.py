# ruff: noqa: E501 - a drawing is a long line
"""Draws the pictures of the sample mails: `python -m tests.tools.draw_sample_pictures` writes deskhero/sample/files/.

They are drawings with a little grain and light, so that they pass for telephone photographs at the size of a mail.
Nobody needs to run this: the results are part of the repository.
"""

import math
import random
from pathlib import Path

from playwright.sync_api import sync_playwright

FILES = Path(__file__).resolve().parents[2] / "deskhero" / "sample" / "files"
WIDTH, HEIGHT = 720, 540
GRAIN = """
<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.9" numOctaves="2" seed="3"/>
<feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  .5 0 0 0 -.12"/></filter>
<filter id="rough"><feTurbulence type="fractalNoise" baseFrequency="0.035" numOctaves="5" seed="8"/>
<feDiffuseLighting lighting-color="#fff" surfaceScale="1.6"><feDistantLight azimuth="235" elevation="58"/>
</feDiffuseLighting><feComposite in2="SourceGraphic" operator="in" result="r"/>
<feBlend in="SourceGraphic" in2="r" mode="multiply"/></filter>
<filter id="soft"><feGaussianBlur stdDeviation="9"/></filter><filter id="haze"><feGaussianBlur stdDeviation="2"/></filter>
<filter id="wobble"><feTurbulence baseFrequency="0.02" numOctaves="2" seed="5"/>
<feDisplacementMap in="SourceGraphic" scale="9"/></filter>
<radialGradient id="vignette" cx=".45" cy=".4" r=".8"><stop offset=".55" stop-opacity="0"/>
<stop offset="1" stop-opacity=".45"/></radialGradient>
"""


def photo(body: str, ground: str, defs: str = "") -> str:
    """Return a picture: ground, body, grain, and the darker corners of a small lens."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<defs>{GRAIN}{defs}</defs><rect width='100%' height='100%' fill='{ground}' filter='url(#rough)'/>{body}"
        "<rect width='100%' height='100%' filter='url(#grain)' opacity='.5'/>"
        "<rect width='100%' height='100%' fill='url(#vignette)'/></svg>"
    )


def shadow(x: float, y: float, rx: float, ry: float) -> str:
    """Return a soft shadow."""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="#000" opacity=".45" filter="url(#soft)"/>'


def display(code: str, below: str, case: str, glass: str, ink: str) -> str:
    """Return the display of a device that shows a code."""
    return photo(
        shadow(370, 300, 230, 170)
        + f'<g transform="rotate(-5 360 270)"><rect x="140" y="110" width="440" height="310" rx="34" fill="{case}"/>'
        f'<rect x="140" y="110" width="440" height="310" rx="34" fill="none" stroke="#fff" stroke-opacity=".15" stroke-width="4"/>'
        f'<rect x="180" y="150" width="360" height="190" rx="10" fill="{glass}"/>'
        f'<text x="360" y="275" text-anchor="middle" font-family="DejaVu Sans Mono" font-weight="700" font-size="104" '
        f'fill="{ink}" letter-spacing="6">{code}</text>'
        f'<text x="360" y="322" text-anchor="middle" font-family="DejaVu Sans Mono" font-size="24" fill="{ink}" '
        f'opacity=".8">{below}</text>'
        '<path d="M180 150h250l-120 190H180z" fill="#fff" opacity=".07"/>'
        + "".join(
            f'<circle cx="{x}" cy="380" r="17" fill="#111" stroke="#777" stroke-width="2"/>' for x in (260, 360, 460)
        )
        + "</g>",
        "#6d6a64",
    )


def wheel() -> str:
    """Return a front wheel with two broken spokes."""
    spokes = []
    for number in range(32):
        angle = number * math.tau / 32
        lean = 0.32 if number % 2 else -0.32
        x1, y1 = 330 + 34 * math.cos(angle + lean), 300 + 34 * math.sin(angle + lean)
        reach = 226
        if number in (22, 23):
            reach = 120 if number == 22 else 150
            angle += 0.14
        x2, y2 = 330 + reach * math.cos(angle), 300 + reach * math.sin(angle)
        spokes.append(f'<path d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}" stroke="#d9dcdf" stroke-width="3"/>')
    return photo(
        '<path d="M0 430H720V540H0z" fill="#4f3b2b" opacity=".55"/>'
        '<circle cx="330" cy="300" r="250" fill="none" stroke="#17181a" stroke-width="38"/>'
        '<circle cx="330" cy="300" r="228" fill="none" stroke="#b9bec4" stroke-width="13"/>'
        + "".join(spokes)
        + '<circle cx="330" cy="300" r="40" fill="#2b2e33"/><circle cx="330" cy="300" r="14" fill="#8b9098"/>'
        '<path d="M560 0L350 300" stroke="#2f5d46" stroke-width="34"/><path d="M556 0L346 300" stroke="#3d7a5c" stroke-width="10"/>',
        "#8f8472",
    )


def rust() -> str:
    """Return a frame tube with rust at a weld."""
    draw = random.Random(4)
    spots = "".join(
        f'<circle cx="{draw.gauss(360, 60):.0f}" cy="{draw.gauss(262, 22):.0f}" r="{draw.uniform(3, 17):.0f}" '
        f'fill="{draw.choice(["#7a3b12", "#9c4f18", "#5d2c0e", "#b5651d"])}" opacity=".85"/>'
        for _ in range(70)
    )
    return photo(
        '<g transform="rotate(-14 360 270)"><rect x="-80" y="180" width="900" height="150" fill="#d8cfae"/>'
        '<rect x="-80" y="180" width="900" height="34" fill="#fff" opacity=".4"/>'
        '<rect x="-80" y="292" width="900" height="38" fill="#000" opacity=".25"/>'
        '<rect x="320" y="120" width="86" height="140" rx="8" fill="#c3b994"/><circle cx="363" cy="160" r="22" fill="#5b5e63"/>'
        f'<g filter="url(#wobble)">{spots}</g></g>',
        "#5c6b52",
    )


def axle() -> str:
    """Return a bent axle on a bench."""
    threads = "".join(f'<path d="M{x} 0v40" stroke="#5d6268" stroke-width="3"/>' for x in range(0, 120, 8))
    return photo(
        shadow(360, 320, 270, 40)
        + '<path d="M80 250Q360 250 470 290T660 380" fill="none" stroke="#8b9299" stroke-width="44" stroke-linecap="round"/>'
        '<path d="M80 240Q360 240 470 280T660 370" fill="none" stroke="#e4e7ea" stroke-width="8" stroke-linecap="round" opacity=".8"/>'
        f'<g transform="translate(84 230)">{threads}</g>'
        '<path d="M60 170h600" stroke="#e9c46a" stroke-width="30"/>'
        + "".join(
            f'<path d="M{x} 155v{22 if x % 60 == 0 else 13}" stroke="#4a3a10" stroke-width="2"/>'
            for x in range(60, 661, 12)
        ),
        "#7d5a3c",
    )


def hedgehog() -> str:
    """Return a ceramic hedgehog with thin spines."""
    draw = random.Random(11)
    spines = []
    for _ in range(620):
        angle, radius = draw.uniform(math.pi * 0.93, math.pi * 2.02), draw.uniform(20, 168)
        x, y = 390 + radius * 1.25 * math.cos(angle), 355 + radius * math.sin(angle)
        length = draw.uniform(18, 34)
        dx, dy = math.cos(angle) * length * 0.9 + 8, math.sin(angle) * length
        spines.append(
            f'<path d="M{x:.0f} {y:.0f}l{dx:.0f} {dy:.0f}" stroke="{draw.choice(["#5a3d28", "#7b5637", "#3c2a1d", "#a37b50"])}" '
            'stroke-width="4" stroke-linecap="round"/>'
        )
    return photo(
        shadow(380, 392, 250, 34)
        + '<path d="M180 372q10 -190 210 -190t205 190z" fill="#4a3322"/>'
        + "".join(spines)
        + '<path d="M236 372q-30 -96 -78 -66q-50 20 -92 62q60 34 170 4z" fill="#c79a6b" filter="url(#rough)"/>'
        '<circle cx="68" cy="366" r="13" fill="#2a1a12"/><circle cx="152" cy="326" r="9" fill="#1a120c"/>'
        '<circle cx="155" cy="323" r="3" fill="#fff"/>'
        '<ellipse cx="250" cy="382" rx="34" ry="14" fill="#b88a5c"/><ellipse cx="500" cy="382" rx="34" ry="14" fill="#b88a5c"/>',
        "#b9b2a3",
    )


def pallet() -> str:
    """Return a pallet with wet, torn bags."""
    bags = []
    for row in range(4):
        for column in range(3):
            x, y = 120 + column * 160 + (row % 2) * 14, 330 - row * 74
            bags.append(
                f'<rect x="{x}" y="{y}" width="156" height="72" rx="22" fill="#d9d4c5" stroke="#8f8a7c" stroke-width="2"/>'
                f'<text x="{x + 78}" y="{y + 44}" text-anchor="middle" font-family="DejaVu Sans" font-weight="700" '
                f'font-size="22" fill="#7a3326">K-2505</text>'
            )
    return photo(
        shadow(370, 430, 300, 40)
        + '<path d="M90 404h560v22H90zM110 426h60v44h-60zM330 426h60v44h-60zM560 426h60v44h-60zM90 470h560v16H90z" fill="#a5793f"/>'
        + "".join(bags)
        + '<g filter="url(#wobble)"><path d="M290 210l90 -14l40 60l-70 40l-80 -30z" fill="#8d867a"/>'
        '<path d="M300 300q40 60 20 130q70 30 110 0q-30 -80 10 -140z" fill="#77716a"/>'
        '<path d="M480 150l60 -10l20 50l-60 20z" fill="#8d867a"/></g>'
        '<path d="M60 486q300 -30 620 6v60H60z" fill="#31455a" opacity=".45"/>',
        "#6f7479",
    )


def tiles() -> str:
    """Return six test tiles, green left and brown right."""
    parts = []
    for row in range(3):
        for column, colours in enumerate((("#1f5b3d", "#3f8a63"), ("#5a2c1c", "#8a4a33"))):
            x, y = 130 + column * 250, 60 + row * 150
            parts.append(
                shadow(x + 105, y + 122, 100, 14)
                + f'<rect x="{x}" y="{y}" width="210" height="124" rx="12" fill="{colours[0]}"/>'
                f'<rect x="{x + 8}" y="{y + 6}" width="190" height="40" rx="10" fill="{colours[1]}" opacity=".7"/>'
                f'<rect x="{x}" y="{y + 96}" width="210" height="28" rx="10" fill="#cdb492"/>'
                f'<circle cx="{x + 105}" cy="{y + 18}" r="8" fill="#2b241c"/>'
            )
    return photo("".join(parts), "#9a8b75")


def plates() -> str:
    """Return broken kiln shelves."""
    return photo(
        shadow(360, 330, 280, 150) + '<g fill="#dccfb6" stroke="#a4957a" stroke-width="3" filter="url(#haze)">'
        '<path d="M90 90L330 70L300 190L350 260L110 300z"/><path d="M360 68L620 60L640 260L380 262L330 190z"/></g>'
        '<g fill="#e8dcc4" stroke="#a4957a" stroke-width="3"><path d="M120 300L380 270L360 350L400 470L140 480z"/>'
        '<path d="M410 268L630 280L600 470L430 468L392 350z"/><path d="M382 300l24 8l-6 34l-20 -8z"/></g>'
        '<path d="M150 330q90 30 170 8t60 60" fill="none" stroke="#8b7b5f" stroke-width="2"/>',
        "#8b5e3c",
    )


def teapot() -> str:
    """Return a teapot."""
    return photo(
        shadow(370, 440, 220, 30)
        + '<path d="M470 250q120 -70 120 60t-110 90" fill="none" stroke="#22516b" stroke-width="26"/>'
        '<path d="M250 330q-90 -10 -110 -110q-30 -30 -34 -40q44 -10 70 10q24 90 100 90z" fill="#2c6787"/>'
        '<path d="M240 300q0 -120 120 -120t130 120q0 140 -130 140t-120 -140z" fill="#2f6f91"/>'
        '<path d="M262 280q10 -80 80 -86q-40 40 -44 150q-30 -20 -36 -64z" fill="#fff" opacity=".35"/>'
        '<ellipse cx="362" cy="186" rx="78" ry="20" fill="#285d79"/><path d="M290 182q72 -60 146 0z" fill="#347a9e"/>'
        '<circle cx="362" cy="142" r="18" fill="#d9c9a5"/><path d="M246 352q114 40 240 0" stroke="#d9c9a5" stroke-width="8" fill="none"/>',
        "#c7b496",
    )


def logo(word: str, small: str, colour: str, mark: str) -> str:
    """Return a company's logo on white."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="72" viewBox="0 0 300 72"><rect width="300" height="72" fill="#fff"/>'
        f'<g fill="{colour}">{mark}<text x="78" y="36" font-family="DejaVu Serif" font-weight="700" font-size="23">{word}</text>'
        f'<text x="79" y="57" font-family="DejaVu Sans" font-size="12.5" letter-spacing="1">{small}</text></g></svg>'
    )


PICTURES = {
    "display-e04.jpg": display("E04", "SKRINDA 3", "#202327", "#101a12", "#9fe870"),
    "oven-e13.jpg": display("E-13", "940 °C", "#b9bcc0", "#180605", "#ff4a32"),
    "framhjul.jpg": wheel(),
    "rost-1.jpg": rust(),
    "axle.jpg": axle(),
    "egel.jpg": hedgehog(),
    "pallet.jpg": pallet(),
    "tiles.jpg": tiles(),
    "platten.jpg": plates(),
    "teekanne.jpg": teapot(),
    "northlight-logo.png": logo(
        "Northlight", "STUDIOS", "#27304a", '<path d="M36 6l9 24 21 6-21 6-9 24-9-24-21-6 21-6z"/>'
    ),
    "ekbacka-logo.png": logo(
        "Ekbackaskolan", "FRITIDS", "#3b6b35", '<circle cx="36" cy="28" r="22"/><path d="M31 40h10v26H31z"/>'
    ),
    "hjulkedja-logo.png": logo(
        "Hjul &amp; Kedja",
        "MALMÖ",
        "#9a3324",
        '<path d="M36 8a28 28 0 1 0 .1 0zm0 9a19 19 0 1 1-.1 0z"/><circle cx="36" cy="36" r="7"/>',
    ),
    "steenwijker-logo.png": logo(
        "De Steenwijker", "KLEIHANDEL", "#6a4a2f", '<path d="M8 58l12-44h32l12 44zM22 30h28l-3-9H25z"/>'
    ),
    "lebenshof-logo.png": logo(
        "Lebenshof", "WERKSTÄTTEN", "#1f6f78", '<path d="M8 40L36 10l28 30v22H44V46H28v16H8z"/>'
    ),
}


def main() -> None:
    """Draw every picture."""
    FILES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, svg in PICTURES.items():
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            kind = {"type": "jpeg", "quality": 62} if name.endswith("jpg") else {"type": "png"}
            page.locator("svg").screenshot(path=FILES / name, **kind)
        browser.close()


if __name__ == "__main__":
    main()
