"""README.md of an imported study: what it holds, every remark with its number, what has no equivalent."""

from __future__ import annotations

from pathlib import Path

from corredor.exchange.flee.capacities import Capacities
from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.remarks import Remark, gathered_remarks
from corredor.exchange.flee.ways import Ways

NO_EQUIVALENT = 35

CAPACITIES: dict[Capacities, str] = {
    "counts": "as known on each day, the largest count published for the camp so far; a camp that has published "
    "nothing is taken to have half the usual one. `--capacities folder` takes those of locations.csv, mostly known only afterwards",
    "folder": "those of locations.csv, which are mostly the largest counts ever published, so the study knows them in hindsight",
}


def readme_text(folder: FleeFolder, ways: Ways, capacities: Capacities, remarks: tuple[Remark, ...]) -> str:
    """The text for the reader."""
    shown = gathered_remarks(remarks)
    used = [remark for remark in shown if remark.number != NO_EQUIVALENT]
    unused = [remark for remark in shown if remark.number == NO_EQUIVALENT]
    lines = [
        f"# {_plain(folder.name)}",
        "",
        "Imported from a folder of Flee 3. This is an ordinary study: change any table, then",
        "",
        "```sh",
        "corredor check .",
        "corredor run . --draws 100",
        "corredor score .",
        "```",
        "",
        f"{folder.first_date} to {folder.last_date}; {len(ways.zones)} places that people leave, {len(ways.camps)} camps, "
        f"{len(ways.km)} ways, {len(ways.cuts)} closures.",
        "",
        "- **Who leaves**: as many people as the published total grows by, from places with conflict, by population and intensity.",
        "- **Where they go**: camps draw more people the nearer they are, the larger their capacity is and the emptier they are.",
        "  These effects were fitted to four conflicts together and are the same for every case.",
        f"- **Capacities**: {CAPACITIES[capacities]}.",
        "- **Ways** are the shortest by the roads of the folder; towns on them are no places of the study.",
        "- **Closures** are measures, so that `corredor compare --without` can take one away.",
        "- **Counts** are observations, published on their own day, as they are after later registrations; `series.csv` keeps them as they",
        "  were published, and the published total. Rolling forecasts read both.",
        "",
        "## What was odd, and what was done",
        "",
        *_table(used),
        "",
        "## What has no equivalent here",
        "",
        *_table(unused),
        "",
    ]
    return "\n".join(lines)


def _table(remarks: list[Remark]) -> list[str]:
    if not remarks:
        return ["Nothing."]
    rows = ["| number | where | found | done |", "|---|---|---|---|"]
    for remark in remarks:
        where = f"{Path(remark.file).name}:{remark.line}" if remark.line else Path(remark.file).name
        rows.append(f"| {remark.code} | {_plain(where)} | {remark.kind}: {_plain(remark.found)} | {_plain(remark.done)} |")
    return rows


def _plain(text: str) -> str:
    """Text of a foreign folder that cannot break a table or become markup."""
    return "".join(f"\\{letter}" if letter in "\\|`*_<>[]" else letter for letter in text)
