"""Drawn images without photographic content, and flat colors; the same on every run.

Text is drawn in the font that Pillow contains.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZE = (208, 160)
FLAT_SIZE = (104, 88)  # no multiple of the 16 pixels of a 4:2:0 MCU
WHITE, BLACK, GRAY = "#ffffff", "#000000", "#808080"
# The corners of the RGB cube, grays and softer colors.
FLAT_COLORS = {
    "black": "#000000",
    "white": "#ffffff",
    "gray": "#808080",
    "red": "#ff0000",
    "green": "#00ff00",
    "blue": "#0000ff",
    "cyan": "#00ffff",
    "magenta": "#ff00ff",
    "yellow": "#ffff00",
    "orange": "#ff8000",
    "navy": "#000080",
    "beige": "#f5f5dc",
}
SENTENCES = (
    "The quick brown fox jumps over",
    "the lazy dog. 0123456789 and",
    "Sphinx of black quartz, judge",
    "my vow! (a+b)*c = a*c + b*c",
    "Pack my box with five dozen",
    "liquor jugs; 17% at $4.20 each",
    "Waltz, nymph, for quick jigs",
    "vex Bud & Co. <info@a.org>",
    "Jived fox nymph grabs quick",
)


def write_lines(
    draw: ImageDraw.ImageDraw, lines: tuple[str, ...], color: str, size: int, pitch: int
) -> None:
    for number, line in enumerate(lines):
        draw.text((8, 6 + pitch * number), line, color, ImageFont.load_default(size))


def draw_page(background: str, color: str, size: int, pitch: int) -> Image.Image:
    image = Image.new("RGB", SIZE, background)
    write_lines(ImageDraw.Draw(image), SENTENCES[: 150 // pitch], color, size, pitch)
    return image


def draw_code() -> Image.Image:
    image = Image.new("RGB", SIZE, "#1e1e1e")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11)
    words = (
        (("def ", "#569cd6"), ("mean", "#dcdcaa"), ("(values):", "#d4d4d4")),
        (("    total ", "#9cdcfe"), ("= ", "#d4d4d4"), ("0.0", "#b5cea8")),
        (("    for ", "#c586c0"), ("v ", "#9cdcfe"), ("in ", "#c586c0"), ("values:", "#9cdcfe")),
        (("        total ", "#9cdcfe"), ("+= v", "#d4d4d4")),
        (("    # the mean, not the sum", "#6a9955"),),
        (("    return ", "#c586c0"), ("total / ", "#d4d4d4"), ("len", "#dcdcaa")),
        (("print", "#dcdcaa"), ("(mean([", "#d4d4d4"), ("1, 2, 3", "#b5cea8"), ("]))", "#d4d4d4")),
        (("name ", "#9cdcfe"), ("= ", "#d4d4d4"), ("'red, green and blue'", "#ce9178")),
    )
    for row, line in enumerate(words):
        x = 10.0
        for text, color in line:
            draw.text((x, 8 + 18 * row), text, color, font)
            x += draw.textlength(text, font)
    return image


def draw_axes(draw: ImageDraw.ImageDraw) -> None:
    font = ImageFont.load_default(10)
    for tick in range(5):
        y = 140 - 30 * tick
        draw.line((28, y, 200, y), "#dddddd")
        draw.text((6, y - 7), str(25 * tick), BLACK, font)
    draw.line((28, 12, 28, 140, 200, 140), BLACK)


def draw_bar_chart() -> Image.Image:
    image = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(image)
    draw_axes(draw)
    colors = ("#ff0000", "#00a000", "#0000ff", "#ffc000", "#ff00ff", "#00c0c0")
    for number, (color, height) in enumerate(zip(colors, (96, 54, 117, 31, 78, 105), strict=True)):
        left = 36 + 27 * number
        draw.rectangle((left, 140 - height, left + 19, 139), color)
        draw.text((left + 5, 143), "ABCDEF"[number], BLACK, ImageFont.load_default(10))
    return image


def draw_line_chart() -> Image.Image:
    image = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(image)
    draw_axes(draw)
    x = np.arange(28, 201, 4)
    for color, period, height in (("#1f77b4", 23, 40), ("#d62728", 41, 30), ("#2ca02c", 13, 15)):
        y = 78 - height * np.sin(x / period) - 6 * np.cos(x / 5)
        draw.line(list(zip(x.tolist(), y.tolist(), strict=True)), color, 1)
    return image


def draw_pie_chart() -> Image.Image:
    image = Image.new("RGB", SIZE, "#f0f0f0")
    draw = ImageDraw.Draw(image)
    colors = ("#e41a1c", "#377eb8", "#4daf4a", "#984ea3", "#ff7f00")
    angles = (0, 97, 171, 260, 322, 360)
    for number, color in enumerate(colors):
        draw.pieslice((12, 22, 132, 142), angles[number], angles[number + 1], color, WHITE)
        draw.rectangle((146, 36 + 20 * number, 156, 46 + 20 * number), color)
        name = ("north", "east", "south", "west", "other")[number]
        draw.text((162, 34 + 20 * number), name, "#333333", ImageFont.load_default(11))
    return image


def draw_buttons() -> Image.Image:
    image = Image.new("RGB", SIZE, "#ececec")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11)
    for row, (label, fill, text) in enumerate(
        (("Open", "#ffffff", BLACK), ("Save", "#0a64d6", WHITE), ("Delete", "#c62828", WHITE))
    ):
        top = 12 + 34 * row
        draw.rounded_rectangle((12, top, 88, top + 24), 5, fill, "#999999")
        draw.text((50, top + 12), label, text, font, anchor="mm")
        draw.rectangle((104, top + 6, 115, top + 17), WHITE, "#555555")
        draw.text((122, top + 5), f"option {row + 1}", BLACK, font)
    draw.line((107, 24, 109, 27, 113, 20), "#0a64d6", 2)
    draw.rectangle((12, 122, 196, 142), WHITE, "#0a64d6")
    draw.text((18, 126), "search in all files", GRAY, font)
    return image


def draw_dialog() -> Image.Image:
    image = Image.new("RGB", SIZE, "#336699")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11)
    draw.rectangle((18, 18, 190, 142), "#f7f7f7", "#202020")
    draw.rectangle((19, 19, 189, 38), "#202a44")
    draw.text((26, 22), "Properties", WHITE, font)
    draw.line((176, 25, 183, 32), WHITE)
    draw.line((176, 32, 183, 25), WHITE)
    for row, (label, value) in enumerate(
        (("Width", "768 px"), ("Height", "512 px"), ("Bits", "8"))
    ):
        draw.text((28, 50 + 18 * row), label, "#444444", font)
        draw.text((110, 50 + 18 * row), value, BLACK, font)
    draw.rectangle((28, 108, 180, 114), "#d0d0d0")
    draw.rectangle((28, 108, 121, 114), "#2e9e4f")
    draw.text((28, 120), "61% done, 12 s left", "#444444", font)
    return image


def draw_table() -> Image.Image:
    image = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(10)
    for row in range(10):
        if row == 0 or row % 2:
            draw.rectangle((0, 16 * row, 207, 16 * row + 15), "#d9e2f3" if row else "#305496")
        for column in range(4):
            text = ("item", "qty", "price", "sum")[column] if row == 0 else str(row * 37**column)
            color = WHITE if row == 0 else BLACK
            draw.text((6 + 52 * column, 16 * row + 2), text, color, font)
            draw.line((52 * column, 0, 52 * column, 159), "#bfbfbf")
    return image


def draw_circles_logo() -> Image.Image:
    image = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(image)
    for left, color in ((20, "#eb001b"), (74, "#f79e1b"), (128, "#0085c7")):
        draw.ellipse((left, 30, left + 60, 90), color)
    draw.text((104, 120), "THREE DISKS", "#222222", ImageFont.load_default(22), anchor="mm")
    return image


def draw_letter_logo() -> Image.Image:
    image = Image.new("RGB", SIZE, "#cc0000")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((14, 14, 114, 146), 18, "#ffde00")
    draw.text((64, 80), "R", "#cc0000", ImageFont.load_default(110), anchor="mm")
    draw.text((160, 66), "red", WHITE, ImageFont.load_default(30), anchor="mm")
    draw.text((160, 98), "yellow", "#ffde00", ImageFont.load_default(22), anchor="mm")
    return image


def draw_sign() -> Image.Image:
    image = Image.new("RGB", SIZE, "#8fb8de")
    draw = ImageDraw.Draw(image)
    draw.polygon(((104, 8), (196, 152), (12, 152)), "#d40000")
    draw.polygon(((104, 36), (174, 142), (34, 142)), WHITE)
    draw.rectangle((98, 66, 110, 110), BLACK)
    draw.ellipse((97, 118, 111, 132), BLACK)
    return image


def from_planes(planes: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(planes, 0, 255)).astype(np.uint8))


def draw_linear_gradient() -> Image.Image:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    return from_planes(np.dstack([40 + x * 0.9, 90 + y * 0.6 + x * 0.2, 230 - y * 0.8]))


def draw_radial_gradient() -> Image.Image:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    nearness = np.exp(-((x - 90) ** 2 + (y - 70) ** 2) / 5000)
    return from_planes(nearness[..., None] * (215, 190, 90) + (20, 15, 60))


def draw_hues() -> Image.Image:
    hue = np.linspace(0, 255, SIZE[0]).astype(np.uint8)
    value = np.linspace(255, 90, SIZE[1]).astype(np.uint8)
    planes = np.broadcast_arrays(hue[None], np.uint8(235), value[:, None])
    return Image.fromarray(np.dstack(planes), "HSV").convert("RGB")


def draw_checkerboard(side: int, first: tuple[int, ...], second: tuple[int, ...]) -> Image.Image:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    odd = (x // side + y // side) % 2 == 1
    return from_planes(np.where(odd[..., None], first, second))


def draw_scan(content: Image.Image, paper: str, border: str, angle: float) -> Image.Image:
    """Return a page that lies askew on a border, with the noise of a scanner."""
    page = Image.new("RGBA", (176, 136), paper)
    page.paste(content, (10, 8))
    turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    image = Image.new("RGB", SIZE, border)
    left, top = (SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2
    image.paste(turned, (left, top), turned)
    noise = np.random.default_rng(7).normal(0, 1.5, (SIZE[1], SIZE[0], 3))
    return from_planes(np.asarray(image) + noise)


def draw_landscape() -> Image.Image:
    """Return a small drawn landscape, as on a scanned print."""
    image = Image.new("RGB", (156, 120), "#a9cbe8")
    draw = ImageDraw.Draw(image)
    draw.ellipse((106, 14, 134, 42), "#fff2b0")
    draw.polygon(((0, 84), (44, 34), (90, 84)), "#6f7f8f")
    draw.polygon(((60, 84), (110, 52), (156, 84)), "#5a6a76")
    draw.rectangle((0, 84, 155, 119), "#4f7d3a")
    draw.rectangle((24, 74, 52, 98), "#b5523b")
    draw.polygon(((20, 74), (38, 60), (56, 74)), "#5b2d22")
    return image


DRAWINGS: dict[str, Callable[[], Image.Image]] = {
    "text, black on white": lambda: draw_page(WHITE, BLACK, 12, 17),
    "text, white on navy": lambda: draw_page("#000050", WHITE, 12, 17),
    "text, small red on beige": lambda: draw_page("#f5f5dc", "#b00000", 9, 12),
    "source code": draw_code,
    "bar chart": draw_bar_chart,
    "line chart": draw_line_chart,
    "pie chart": draw_pie_chart,
    "buttons": draw_buttons,
    "dialog": draw_dialog,
    "table": draw_table,
    "logo of circles": draw_circles_logo,
    "logo of letters": draw_letter_logo,
    "warning sign": draw_sign,
    "linear gradient": draw_linear_gradient,
    "radial gradient": draw_radial_gradient,
    "hues": draw_hues,
    "checkerboard, 4 pixels": lambda: draw_checkerboard(4, (0, 0, 0), (255, 255, 255)),
    "checkerboard, 10 pixels": lambda: draw_checkerboard(10, (200, 30, 30), (240, 220, 40)),
    "scanned text": lambda: draw_scan(draw_page("#f2efe6", "#2a2a2a", 9, 13), "#f2efe6", BLACK, 2),
    "scanned print": lambda: draw_scan(draw_landscape(), "#fbfaf7", "#d8d8d8", -3),
}


def draw_flat(color: str) -> Image.Image:
    return Image.new("RGB", FLAT_SIZE, color)


def contrasting(color: str) -> str:
    """Return black or white, whichever differs more from a color."""
    red, green, blue = Image.new("RGB", (1, 1), color).getpixel((0, 0))
    return BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 127 else WHITE


def draw_flat_with_text(color: str) -> Image.Image:
    image = draw_flat(color)
    draw = ImageDraw.Draw(image)
    draw.text((4, 30), "Flat color", contrasting(color), ImageFont.load_default(14))
    draw.text((4, 52), "beside text", contrasting(color), ImageFont.load_default(10))
    return image


def draw_flat_with_lines(color: str) -> Image.Image:
    image = draw_flat(color)
    draw = ImageDraw.Draw(image)
    draw.line((0, 20, 103, 37), contrasting(color), 1)
    draw.line((60, 0, 52, 87), contrasting(color), 2)
    draw.rectangle((12, 50, 40, 74), outline=contrasting(color))
    return image


FLAT_VARIANTS: dict[str, Callable[[str], Image.Image]] = {
    "alone": draw_flat,
    "beside text": draw_flat_with_text,
    "beside lines": draw_flat_with_lines,
}
