"""Drawing of docs/sampler_map.svg from docs/sampler_map.csv: PSNR over evaluations.

.venv/bin/python tests/benchmarks/sampler_map.py
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Okabe and Ito 2008: distinguishable by color-blind readers, too.
COLOURS = {"5": "#d55e00", "10": "#0072b2", "30": "#009e73"}
PAPER_EVALUATIONS = 600
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 440, 60, 700, 20, 390
LOW, HIGH = -0.5, 0.5  # dB against the paper's settings
FIRST, LAST = 6.0, 120.0  # evaluations


def across(evaluations: float) -> float:
    share = math.log(evaluations / FIRST) / math.log(LAST / FIRST)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def upward(gain: float) -> float:
    return round(BOTTOM + (gain - LOW) / (HIGH - LOW) * (TOP - BOTTOM), 1)


def frame() -> list[str]:
    parts = []
    for evaluations in (8, 12, 16, 24, 40, 96):
        x = across(evaluations)
        parts.append(f'<path d="M{x} {TOP}V{BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{evaluations}</text>')
    for tenths in range(round(LOW * 10), round(HIGH * 10) + 1):
        y, stroke = upward(tenths / 10), "#888" if tenths == 0 else "#ddd"
        parts.append(f'<path d="M{LEFT} {y}H{RIGHT}" stroke="{stroke}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{tenths / 10:+.1f}</text>'
        )
    middle = (LEFT + RIGHT) / 2
    words = "evaluations of the prior per picture"
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{words}</text>')
    turned = f'transform="translate(16 {(TOP + BOTTOM) / 2}) rotate(-90)"'
    words = f"PSNR, dB against the paper's {PAPER_EVALUATIONS} evaluations"
    parts.append(f'<text {turned} text-anchor="middle">{words}</text>')
    return parts


def main() -> None:
    with (DOCS / "sampler_map.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["pictures"] == "ten crops"]
    paper = {r["quality"]: float(r["psnr"]) for r in rows if r["correction"] == "paper"}
    parts = frame()
    for number, (quality, colour) in enumerate(COLOURS.items()):
        best: dict[int, float] = {}
        for row in rows:
            if row["quality"] != quality or row["correction"] == "paper":
                continue
            evaluations, gain = int(row["evaluations"]), float(row["psnr"]) - paper[quality]
            place = f'cx="{across(evaluations)}" cy="{upward(gain)}" r="3"'
            if row["samples"] == "1":
                look = f'fill="none" stroke="{colour}"'
            else:
                look = f'fill="{colour}" fill-opacity="0.5"'
                best[evaluations] = max(gain, best.get(evaluations, LOW))
            if gain > LOW:
                parts.append(f"<circle {place} {look}/>")
        line = "L".join(f"{across(n)} {upward(gain)}" for n, gain in sorted(best.items()))
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y = BOTTOM - 20 - 18 * number
        parts.append(f'<text x="{RIGHT - 90}" y="{y}" fill="{colour}">QF {quality}, best</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="13">'
    )
    background = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    svg = "\n".join([head, background, *parts, "</svg>"]) + "\n"
    (DOCS / "sampler_map.svg").write_text(svg)


if __name__ == "__main__":
    main()
