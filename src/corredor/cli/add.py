"""`corredor add` and `corredor fetch`."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import UNREACHABLE, WELL
from corredor.cli.options import Json
from corredor.cli.saying import misused, report_problems, say

if TYPE_CHECKING:
    from corredor.exchange.fetch import Fetched


@app.command
def add(
    reader: str,
    files: Annotated[list[Path], Parameter(negative=())] = [],  # noqa: B006  (read only)
    *,
    to: Path,
    output: str | None = None,
    driver: str | None = None,
    series: str | None = None,
    place_by: str | None = None,
    group_by: str | None = None,
    place: str | None = None,
    group: str | None = None,
    only: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    map_file: Annotated[Path | None, Parameter(name="--map")] = None,
    skip_unmatched: Annotated[bool, Parameter(negative=())] = False,
    vintage: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    unit: str | None = None,
    source: str = "",
    publisher: str = "",
    title: str = "",
    licence: str = "",
    accessed: str = "",
    url: str = "",
    header: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    cache: Path | None = None,
    refresh: Annotated[bool, Parameter(negative=())] = False,
    show: Annotated[bool, Parameter(negative=())] = False,
    as_json: Json = False,
) -> int:
    """Add published figures to a study as observations or as a driver, with their source.

    Parameters
    ----------
    reader
        Format of the files: cbp, unhcr, unhcr-portal, dtm, acled, world-bank, banxico, boletin-mx, hxl or flowmap.
    files
        Published files, as they were downloaded.
    to
        Folder of the study.
    output
        Output that the figures are observations of.
    driver
        Driver that the figures are values of, in place of --output.
    series
        Series of the file, where it has several.
    place_by
        What in the file tells the place; `none` when the figures are for all places together.
    group_by
        What in the file tells the group; `none` for all together.
    place
        One place of the study for every figure.
    group
        One group of the study for every figure.
    only
        PART=VALUE: only figures with this value; may be given several times.
    map_file
        Table with the columns name and id: what the file's names are called in the study; an empty id leaves a name out.
    skip_unmatched
        Leave out names that the study does not have, and list them.
    vintage
        Day on which the file was published, YYYY-MM-DD; one for all files, or one for each in their order.
    unit
        Unit of a new driver.
    source
        Id for sources.csv; made from format and day unless given.
    publisher
        For sources.csv; as the format says unless given.
    title
        For sources.csv.
    licence
        For sources.csv.
    accessed
        Day on which the file was downloaded; today unless given.
    url
        Address to fetch the file from, in place of files; kept in sources.csv without tokens. With files: where they came from.
    header
        NAME=VALUE sent when fetching, such as a token; never kept.
    cache
        Folder for fetched files; the user's cache folder unless given.
    refresh
        Fetch again what is in the cache.
    show
        Only show what would be done.
    as_json
        Print what was done as JSON.
    """
    from corredor.exchange.adding import Published, Request, SourceFacts, add_figures, read_published
    from corredor.exchange.readers.formats import FORMATS
    from corredor.exchange.readers.sheet_cells import SheetsMissing
    from corredor.study.problems import StudyError, nearest

    if reader not in FORMATS:
        close = nearest(reader, FORMATS)
        hint = f"did you mean {close}? " if close else ""
        return misused(f"no reader {reader}", f"{hint}there are: {', '.join(FORMATS)}")
    if (output is None) == (driver is None):
        return misused("neither or both of --output and --driver", "--output NAME for observations, or --driver NAME")
    if not files and not url:
        return misused("no file", "the path of a downloaded file, or --url ADDRESS to fetch one")
    try:
        days = [date.fromisoformat(text) for text in vintage]
        today = date.fromisoformat(accessed) if accessed else datetime.now(UTC).date()
    except ValueError:
        return misused("a day that is none, in --vintage or --accessed", "YYYY-MM-DD, such as 2019-03-06")
    if len(days) > 1 and len(days) != len(files):
        return misused(f"{len(days)} --vintage for {len(files)} files", "one for all, or one for each file in their order")
    selected = dict(one.split("=", 1) for one in only if "=" in one)
    if len(selected) < len(only):
        return misused("--only without =, or one part twice", "--only PART=VALUE, such as --only demographic=FMUA")
    each: list[Any] = days * len(files) if len(days) == 1 else days or [None] * len(files)
    published: list[Any] = []
    problems: list[Any] = []
    for path, day in zip(files, each, strict=True):
        try:
            published.append(read_published(path, day))
        except StudyError as error:
            problems += error.problems
    if problems:
        return report_problems(StudyError(problems), as_json)
    address = ""
    if url and not files:
        fetched = _fetched(url, header, cache, refresh)
        if isinstance(fetched, int):
            return fetched
        published, address = [Published(fetched.address, fetched.content, days[0] if days else None)], fetched.address
        today = date.fromisoformat(accessed) if accessed else fetched.fetched.date()
    elif url:
        from corredor.exchange.fetch import public_address

        address = public_address(url)
    facts = SourceFacts(today, source, publisher, title, licence, address)
    request = Request(
        to, FORMATS[reader], tuple(published), facts, output, driver, series, place_by, group_by, place, group, selected, map_file,
        skip_unmatched, unit
    )  # fmt: skip
    try:
        added = add_figures(request, write=not show)
    except StudyError as error:
        return report_problems(error, as_json)
    except SheetsMissing:
        return misused("spreadsheets cannot be read without the extra `sheets`", "pip install 'corredor[sheets]'")
    except OSError as error:
        return misused(f"{to} cannot be written: {error.strerror}", "a study of your own: corredor new FOLDER")
    if as_json:
        facts_added = {"rows": added.rows, "revised": added.revised, "known": added.known, "remarks": added.remarks}
        print(
            json.dumps(
                {**facts_added, "unmatched": added.unmatched, "files": added.files, "shown_only": show}, ensure_ascii=False
            )
        )
    else:
        for row in added.rows:
            print(", ".join(value for value in row.values() if value))
    for line in (*added.revised, *added.remarks):
        say(line)
    for name, near in added.unmatched.items():
        say(f"left out, since the study has no such name: {name}" + (f" (nearest: {near})" if near else ""))
    done = "would be added" if show else "added"
    say(
        f"{len(added.rows)} rows {done}, {added.known} known already, {len(added.revised)} revised; "
        + (", ".join(added.files) or "no file changed")
    )
    return WELL


@app.command(name="fetch")
def fetch_command(
    url: str,
    *,
    out: Path,
    header: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    cache: Path | None = None,
    refresh: Annotated[bool, Parameter(negative=())] = False,
    as_json: Json = False,
) -> int:
    """Fetch a published file from the network into a file.

    Parameters
    ----------
    url
        Its address.
    out
        File to write.
    header
        NAME=VALUE sent along, such as a token; never kept.
    cache
        Folder for fetched files; the user's cache folder unless given.
    refresh
        Fetch again what is in the cache.
    as_json
        Print what was fetched as JSON.
    """
    from corredor.study.whole_file import replace_whole

    fetched = _fetched(url, header, cache, refresh)
    if isinstance(fetched, int):
        return fetched
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(out, lambda passing: passing.write_bytes(fetched.content))
    except OSError as error:
        return misused(f"{out} cannot be written: {error.strerror}", "another file with --out")
    facts = {"file": str(out), "bytes": len(fetched.content), "url": fetched.address, "fetched": fetched.fetched.isoformat()}
    print(json.dumps({**facts, "from_cache": fetched.from_cache}, ensure_ascii=False) if as_json else out)
    return WELL


def _fetched(url: str, header: list[str], cache: Path | None, refresh: bool) -> Fetched | int:
    """A file from the network, or the exit status that says why not."""
    from corredor.exchange.fetch import FetchMissing, Unreachable, fetch

    headers = dict(one.split("=", 1) for one in header if "=" in one)
    if len(headers) < len(header):
        return misused("--header without =", "--header NAME=VALUE")
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corredor"
    try:
        return fetch(url, folder, headers, refresh=refresh)
    except FetchMissing:
        return misused(
            "nothing can be fetched without the extra `fetch`", "pip install 'corredor[fetch]', or download the file yourself"
        )
    except Unreachable as error:
        say(f"{error}\ntry: the address in a browser; later; or download the file and give its path")
        return UNREACHABLE
