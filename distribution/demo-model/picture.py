"""Draws the loss of one run after another as SVG.

    python3 picture.py build/run2/loss.csv build/run4/loss.csv --out loss.svg
"""
import argparse
import math
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 360, 60, 20, 30, 50


def read(files):
    """Points (tokens so far, loss) of runs in a row, and where each run begins."""
    points, begins, before = [], [], 0
    for file in files:
        begins.append(before)
        rows = [line.split(",") for line in Path(file).read_text("utf-8").splitlines()]
        points += [(before + int(row[1]), float(row[3])) for row in rows]
        before = points[-1][0]
    return points, begins


def draw(points, begins):
    most = points[-1][0]
    low, high = 0.2, 8.0
    x = lambda tokens: LEFT + tokens / most * (WIDTH - LEFT - RIGHT)
    y = lambda loss: TOP + math.log(high / max(low, loss)) / math.log(high / low) * (HEIGHT - TOP - BOTTOM)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="18" font-size="14">Training loss of the demo model (nats per learnt token, mean of 20 steps)</text>']
    for loss in (0.2, 0.3, 0.5, 1, 2, 4, 8):
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(loss):.1f}" y2="{y(loss):.1f}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:g}</text>')
    for tokens in range(0, most, 500000 if most < 4000000 else 1000000):
        out.append(f'<text x="{x(tokens):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{tokens / 1e6:g}</text>')
    for begin in begins[1:]:
        out.append(f'<line x1="{x(begin):.1f}" x2="{x(begin):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#888" stroke-dasharray="4 4"/>')
    out.append('<polyline fill="none" stroke="#1f6fb2" stroke-width="1.5" points="' + " ".join(f"{x(t):.1f},{y(loss):.1f}" for t, loss in points) + '"/>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">millions of tokens read; dashed: the next stage begins</text></svg>')
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.write_text(draw(*read(given.files)), "utf-8")


if __name__ == "__main__":
    main()
