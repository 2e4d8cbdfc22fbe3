"""How often `corredor claims` raises a false alarm, and how often it sees an effect: docs/claims_power.csv and its table in docs/CLAIMS.md.

    python benchmarks/claims_power.py [--scenarios 400] [--out docs/claims_power.csv]

In each scenario it is known what a measure did to a published series (tests/made_up_series.py). The claim is that it reduced arrivals.
The table is part of docs/CLAIMS.md; tests/docs/test_claims_rules_and_example.py compares the two.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "tests"))

from made_up_series import QUIET, RESTLESS, Months, finding_in_a_world  # noqa: E402

EFFECTS_PERCENT = (0, -5, -10, -20, -40)
TABLE, PAGE = REPOSITORY / "docs" / "claims_power.csv", REPOSITORY / "docs" / "CLAIMS.md"
BEGIN, END = "<!-- table of claims_power.csv -->", "<!-- end of the table -->"
SERIES: dict[str, Months] = {"quiet": QUIET, "restless": RESTLESS}
FIELDS = ("series", "effect_percent", "scenarios", "supported", "contradicted", "no_large_effect", "cannot_tell")


def verdicts(months: Months, effect_percent: float, scenarios: int, first_seed: int) -> Counter[str]:
    """Verdict → number of scenarios."""
    return Counter(
        finding_in_a_world(months, effect_percent, first_seed + scenario).judgement.verdict for scenario in range(scenarios)
    )


def rows(scenarios: int) -> list[dict[str, object]]:
    """One row for each kind of series and each effect."""
    found = []
    for number, (name, months) in enumerate(SERIES.items()):
        for effect in EFFECTS_PERCENT:
            counts = verdicts(months, effect, scenarios, 10_000 * (number + 1) - 1000 * effect)
            print(name, effect, dict(counts), file=sys.stderr, flush=True)
            ends = {
                verdict.replace(" ", "_"): counts[verdict]
                for verdict in ("supported", "contradicted", "no large effect", "cannot tell")
            }
            found.append({"series": name, "effect_percent": effect, "scenarios": scenarios, **ends})
    return found


def table_text(found: list[dict[str, str]]) -> str:
    """The table of docs/CLAIMS.md: shares of scenarios in percent."""
    lines = [
        "| published series | true effect | supported | contradicted | no large effect | cannot tell |",
        "|---|---|---|---|---|---|",
    ]
    for row in found:
        shares = (f"{100 * int(row[name]) / int(row['scenarios']):.1f} %" for name in FIELDS[3:])
        effect = "none" if row["effect_percent"] == "0" else f"{row['effect_percent'].replace('-', '−')} %"
        lines.append(f"| {row['series']} | {effect} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scenarios", type=int, default=400)
    parser.add_argument("--out", type=Path, default=TABLE)
    options = parser.parse_args()
    table = rows(options.scenarios)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    if options.out == TABLE:
        text = PAGE.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        with TABLE.open(encoding="utf-8", newline="") as file:
            PAGE.write_text(f"{before}{BEGIN}\n{table_text(list(csv.DictReader(file)))}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
