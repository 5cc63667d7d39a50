"""Figures for a paper: a comparison, two of its figures in the size and font of a journal, and a table in LaTeX."""

import sys
from pathlib import Path

import firstcontact as fc

COLUMN = 3.5  # inches


def main(folder, members):
    scenario = fc.load_scenario(members=members, warm_up=30, days=75)
    found = fc.compare(scenario, ["connect_first", "message_first"], pairs=4, workers=1, quiet=True)

    axes = found.plot("tradeoff")
    axes.figure.set_size_inches(COLUMN, COLUMN * 0.8)
    axes.set_title("(a)", fontsize=9)
    axes.figure.savefig(folder / "tradeoff.pdf")

    panels = found.plot("days")
    for panel in panels:
        panel.title.set_fontsize(7)
    panels[0].figure.set_size_inches(2 * COLUMN, 2 * COLUMN)
    panels[0].figure.savefig(folder / "days.png", dpi=300)

    table = found.summary.set_index("measure").loc[["intent_success", "unwelcome_read", "mean_connections"]]
    columns = ["mean_reference", "mean", "difference", "ci_low", "ci_high", "verdict"]
    lines = [" & ".join(["measure", *(name.replace("_", r"\_") for name in columns)]) + r" \\"]
    for name, row in table[columns].iterrows():
        cells = [f"{x:.3f}" if isinstance(x, float) else str(x) for x in row]
        lines.append(" & ".join([name.replace("_", r"\_"), *cells]) + r" \\")
    (folder / "table.tex").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found.write(folder / "supplement")
    print(*found.answer, sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
