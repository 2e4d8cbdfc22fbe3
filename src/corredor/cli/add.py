"""`corredor add` and `corredor fetch`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Json
from corredor.cli.saying import UNREACHABLE, Ended, Refused, print_json, say, writing
from corredor.study.problems import Problem, StudyError, nearest

if TYPE_CHECKING:
    from corredor.exchange.adding.request import Added, Published
    from corredor.exchange.fetch import Fetched

Header = Annotated[list[str], Parameter(help="NAME=VALUE sent when fetching, such as a token; never kept.")]
Cache = Annotated[Path | None, Parameter(help="Folder for fetched files; the user's cache folder unless given.")]
Refresh = Annotated[bool, Parameter(help="Fetch again what is in the cache.")]


@command
def add(
    reader: str,
    files: list[Path] = [],  # noqa: B006  (read only)
    *,
    to: Path,
    output: str | None = None,
    driver: str | None = None,
    series: str | None = None,
    place_by: str | None = None,
    group_by: str | None = None,
    place: str | None = None,
    group: str | None = None,
    only: list[str] = [],  # noqa: B006
    map_file: Annotated[Path | None, Parameter(name="--map")] = None,
    skip_unmatched: bool = False,
    vintage: list[str] = [],  # noqa: B006
    unit: str | None = None,
    source: str = "",
    publisher: str = "",
    title: str = "",
    licence: str = "",
    accessed: str = "",
    url: str = "",
    header: Header = [],  # noqa: B006
    cache: Cache = None,
    refresh: Refresh = False,
    show: bool = False,
    as_json: Json = False,
) -> None:
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
    show
        Only show what would be done.
    """
    from corredor.exchange.adding.request import Published, Request, SourceFacts
    from corredor.exchange.adding.study_files import add_figures
    from corredor.exchange.fetch import public_address
    from corredor.exchange.readers.formats import FORMATS

    if reader not in FORMATS:
        close = nearest(reader, FORMATS)
        raise Refused(f"no reader {reader}", (f"did you mean {close}? " if close else "") + f"there are: {', '.join(FORMATS)}")
    if (output is None) == (driver is None):
        raise Refused("neither or both of --output and --driver", "--output NAME for observations, or --driver NAME")
    if not files and not url:
        raise Refused("no file", "the path of a downloaded file, or --url ADDRESS to fetch one")
    days = [_day(text) for text in vintage]
    if len(days) > 1 and len(days) != len(files):
        raise Refused(f"{len(days)} --vintage for {len(files)} files", "one for all, or one for each file in their order")
    selected = _pairs(only, "--only without =, or one part twice", "--only PART=VALUE, such as --only demographic=FMUA")
    today, address = datetime.now(UTC).date(), public_address(url) if url else ""
    if files:
        published = _read_all(files, days)
    else:
        fetched = _fetched(url, header, cache, refresh)
        published = [Published(fetched.address, fetched.content, days[0] if days else None)]
        today, address = fetched.fetched.date(), fetched.address
    facts = SourceFacts(_day(accessed) if accessed else today, source, publisher, title, licence, address)
    request = Request(
        to, FORMATS[reader], tuple(published), facts, output, driver, series, place_by, group_by, place, group, selected, map_file,
        skip_unmatched, unit
    )  # fmt: skip
    with writing(to, "a study of your own: corredor new FOLDER"):
        added = add_figures(request, write=not show)
    if as_json:
        told = {name: getattr(added, name) for name in ("rows", "revised", "known", "remarks", "unmatched", "files")}
        print_json({**told, "shown_only": show})
    else:
        for row in added.rows:
            print(", ".join(value for value in row.values() if value))
    _say_added(added, "would be added" if show else "added")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("a day that is none, in --vintage or --accessed", "YYYY-MM-DD, such as 2019-03-06") from None


def _pairs(texts: list[str], found: str, try_: str) -> dict[str, str]:
    """NAME=VALUE, each name once."""
    pairs = dict(one.split("=", 1) for one in texts if "=" in one)
    if len(pairs) < len(texts):
        raise Refused(found, try_)
    return pairs


def _read_all(files: list[Path], days: list[date]) -> list[Published]:
    """Every file, or the problems of all that cannot be read."""
    from corredor.exchange.adding.request import read_published

    published: list[Published] = []
    problems: list[Problem] = []
    each: Iterable[date | None] = days if len(days) > 1 else [*days, None][:1] * len(files)
    for path, day in zip(files, each, strict=True):
        try:
            published.append(read_published(path, day))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    return published


def _say_added(added: Added, done: str) -> None:
    for line in (*added.revised, *added.remarks):
        say(line)
    for name, near in added.unmatched.items():
        say(f"left out, since the study has no such name: {name}" + (f" (nearest: {near})" if near else ""))
    changed = ", ".join(added.files) or "no file changed"
    say(f"{len(added.rows)} rows {done}, {added.known} known already, {len(added.revised)} revised; {changed}")


@command
def fetch_command(
    url: str,
    *,
    out: Path,
    header: Header = [],  # noqa: B006
    cache: Cache = None,
    refresh: Refresh = False,
    as_json: Json = False,
) -> None:
    """Fetch a published file from the network into a file.

    Parameters
    ----------
    url
        Its address.
    out
        File to write.
    """
    from corredor.study.whole_file import replace_whole

    fetched = _fetched(url, header, cache, refresh)
    with writing(out, "another file with --out"):
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(out, lambda passing: passing.write_bytes(fetched.content))
    facts = {"file": str(out), "bytes": len(fetched.content), "url": fetched.address, "fetched": fetched.fetched.isoformat()}
    print_json({**facts, "from_cache": fetched.from_cache}) if as_json else print(out)


def _fetched(url: str, header: list[str], cache: Path | None, refresh: bool) -> Fetched:
    """A file from the network."""
    from corredor.exchange.fetch import Unreachable, fetch

    headers = _pairs(header, "--header without =", "--header NAME=VALUE")
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corredor"
    try:
        return fetch(url, folder, headers, refresh=refresh)
    except Unreachable as error:
        try_ = "the address in a browser; later; or download the file and give its path"
        raise Ended(UNREACHABLE, f"{error}\ntry: {try_}") from error
