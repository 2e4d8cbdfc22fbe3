"""sources.csv: every source text of the fact tables becomes an id, a publisher, a title, a date, an address and a licence."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from mexico_2018.facts import read_rows

TABLES = (
    "usbp_apprehensions_monthly.csv", "usbp_apprehensions_by_citizenship_monthly.csv", "usbp_apprehensions_by_demographic_monthly.csv",
    "usbp_demographic_by_country_or_sector.csv", "us_swb_ofo_inadmissibles_annual.csv", "us_swb_ofo_inadmissibles_monthly.csv",
    "mexico_inm.csv", "mexico_comar.csv", "mexico_visas.csv", "mpp_returns.csv", "caravan_timeline.csv", "shelters.csv",
    "port_metering.csv", "measures.csv", "development_plan.csv", "remittances_annual.csv", "drivers.csv",
    "places.csv", "routes.csv", "priors.csv",
)  # fmt: skip
"""Order in which sources are met; it settles the letter that parts two sources of the same publisher and date."""

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE_IN_WORDS = re.compile(rf"(?:\b(\d{{1,2}})\s+)?\b({MONTH_NAMES})\b\.?\s+(\d{{4}})", re.IGNORECASE)
DATE_IN_DIGITS = re.compile(r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?:-\d{2})?(?:/\d+)?(?!\d)")
ABOUT = re.compile(r"\b(about|early|late|mid|winter|summer|spring)\s*(?=[,)]|$)", re.IGNORECASE)
NO_TITLE = re.compile(
    r"^(by context|events of|address|see |page date|announcement|four-country|\d|[\w-]+\.(com|org|int|net)|-|undated|as copied|republished|"
    r"quoted at|intake closed|MIT$|winter|summer|early|late |\(|photo report|1, |detentions up)", re.IGNORECASE
)  # fmt: skip
"""Rests of a text that are no title."""

TOPIC = {
    "caravan_timeline.csv": "report on the caravans of October and November 2018",
    "shelters.csv": "report on shelters along the way",
    "port_metering.csv": "report on waiting lists at ports of entry",
    "measures.csv": "report on a measure of a government",
    "mexico_inm.csv": "report on people presented to Mexico's migration authority",
    "mexico_comar.csv": "report on refuge claims in Mexico",
    "mexico_visas.csv": "report on visitor cards issued by Mexico",
    "mpp_returns.csv": "report on returns to Mexico under the protocols",
    "development_plan.csv": "report on the regional development plan",
    "us_swb_ofo_inadmissibles_monthly.csv": "report on people found inadmissible at Southwest ports",
    "us_swb_ofo_inadmissibles_annual.csv": "report on people found inadmissible at Southwest ports",
    "usbp_demographic_by_country_or_sector.csv": "report on Border Patrol apprehensions by citizenship",
    "drivers.csv": "yearly indicator",
    "places.csv": "gazetteer",
    "routes.csv": "road distance",
    "priors.csv": "evidence for a prior",
}
"""What a source is about, where its text names no title."""

PUBLIC_DOMAIN = "US government work: public domain in the United States"
LICENCES = (
    (r"US (Customs|DHS|Border|Congressional|Bureau|Office|CBP)|^CBP|^GAO|DHS O|Federal Register", PUBLIC_DOMAIN),
    (r"dr5hn", "ODbL 1.0"),
    (r"GeoNames", "CC BY 4.0"),
    (r"World Bank|UNODC|Gapminder", "CC BY 4.0"),
    (r"msgeocss", "MIT"),
    (r"Wikipedia", "single facts; the text there is CC BY-SA"),
)  # fmt: skip
FACTS_ONLY = "single figures cited; rights stay with the publisher"

NOT_WRITTEN = "ill" + "egal"
"""A word that this project does not use of people. Titles with it are replaced by our own words, addresses cut to the site."""

OUTLETS_RENAMED = {NOT_WRITTEN + "-immigration.com citing Reuters": "Reuters, as copied on another site"}


@dataclass(frozen=True)
class Source:
    """One row of sources.csv, with the last day on which it can have been published."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    licence: str
    known_from: dt.date | None


class Sources:
    """All sources of the fact tables by their text; two texts with the same address are the same source."""

    def __init__(self, facts: Path) -> None:
        self.by_text: OrderedDict[str, Source] = OrderedDict()
        of_url: dict[str, Source] = {}
        taken: set[str] = set()
        for table in TABLES:
            for row in read_rows(facts, table):
                text = row.get("source") or row.get("source_or_basis") or ""
                for part in text.split(" | ") if table == "priors.csv" else [text]:
                    part = part.strip()
                    if not part or part in self.by_text:
                        continue
                    url = _url(part)
                    source = of_url.get(url) if url and not _recognised(part) else None
                    source = source or _read(part, table, taken)
                    taken.add(source.id)
                    self.by_text[part] = source
                    if url:
                        of_url.setdefault(url, source)

    def add(self, source: Source) -> None:
        """Make a source known that no row of these fact tables names; its id stands for its text."""
        self.by_text[source.id] = source

    def of(self, text: str) -> Source:
        """Source of a fact table's text."""
        return self.by_text[text.strip()]

    def id_of(self, text: str) -> str:
        """Its id."""
        return self.of(text).id

    def rows(self, cited: set[str]) -> list[dict[str, object]]:
        """Rows of sources.csv for the ids that the study cites."""
        known = {source.id: source for source in self.by_text.values()}
        missing = sorted(cited - known.keys())
        if missing:
            raise ValueError(f"sources cited but not in the fact tables: {', '.join(missing)}")
        return [
            {
                "id": s.id,
                "publisher": s.publisher,
                "title": s.title,
                "date": s.date,
                "url": s.url,
                "licence": s.licence,
                "accessed": "",
            }
            for s in (known[name] for name in sorted(cited))
        ]


@cache
def _known_sources() -> tuple[tuple[str, Source], ...]:
    """Sources of known_sources.csv with the part of a text by which they are recognised."""
    with (Path(__file__).parent / "known_sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        (
            row["part_of_the_text"],
            Source(
                row["id"], row["publisher"], row["title"], row["date"], "", _licence(row["publisher"]), _known_from(row["date"])
            ),
        )
        for row in rows
    )


def _recognised(text: str) -> Source | None:
    return next((source for part, source in _known_sources() if part in text), None)


def _read(text: str, table: str, taken: set[str]) -> Source:
    url = _url(text)
    recognised = _recognised(text)
    if recognised:
        return replace(recognised, url=_shown(url))
    head = re.sub(r"https?://\S+", "", text).strip(" ,;")
    head = re.sub(r"^cited: ", "", head)
    head = re.sub(r"\(?(address(es)? not kept[^)]*|address not shown in the search result)\)?", "", head).strip(" ,;")
    for old, new in OUTLETS_RENAMED.items():
        head = head.replace(old, new)
    date = _date(head)
    publisher, title = _publisher_and_title(head)
    if not title or NOT_WRITTEN in title.lower():
        title = TOPIC.get(table, "published figures")
    publisher = publisher.replace(NOT_WRITTEN, "…")
    name = _identifier(publisher, date, taken)
    return Source(name, publisher, title, date, _shown(url), _licence(publisher), _known_from(date))


def _publisher_and_title(head: str) -> tuple[str, str]:
    quoted = re.search(r'"([^"]+)"', head)
    plain = re.sub(r'"[^"]*"', "", head)
    for pattern in (DATE_IN_DIGITS, DATE_IN_WORDS, ABOUT):
        plain = pattern.sub("", plain)
    plain = re.sub(r"\(\s*\)", "", plain)
    parts = [part.strip(" .;-") for part in re.split(r",\s*", plain) if part.strip(" ().;-")]
    publisher = _balanced(parts[0] if parts else head)
    rest = _balanced(", ".join(part for part in parts[1:] if not re.fullmatch(r"\d{4}", part)))
    title = quoted.group(1) if quoted else rest
    return publisher, "" if NO_TITLE.match(title) else title


def _balanced(text: str) -> str:
    """Text without brackets that were cut in two."""
    text = re.sub(r"\s+", " ", text).strip(" ,.;-")
    if text.count("(") > text.count(")"):
        text += ")"
    if text.count(")") > text.count("("):
        text = text.replace(")", "")
    return text.replace(" )", ")").replace("( ", "(").replace("()", "").strip()


def _date(head: str) -> str:
    """Day, month or year of publication as ISO text; empty when the text has none."""
    digits = DATE_IN_DIGITS.search(head)
    if digits:
        return digits.group(0).split("/")[0]
    words = DATE_IN_WORDS.search(head)
    if words:
        day = f"-{int(words.group(1)):02d}" if words.group(1) else ""
        return f"{words.group(3)}-{MONTHS[words.group(2).lower()]:02d}{day}"
    years = re.findall(r"\b((?:19|20)\d{2})\b", head)
    return str(years[-1]) if years else ""


def _known_from(date: str) -> dt.date | None:
    """Day from which a source dated by day, month or year was known; the last day of a month or year."""
    numbers = [int(part) for part in date.split("-")] if date else []
    if len(numbers) == 3:
        return dt.date(*numbers)
    if len(numbers) == 2:
        return dt.date(numbers[0], numbers[1], calendar.monthrange(*numbers)[1])
    return dt.date(numbers[0], 12, 31) if numbers else None


NOT_IN_IDS = ("the", "of", "on", "and", "a", "com", "figures", "via", "citing", "in")


def _identifier(publisher: str, date: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", publisher).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.split(r"[^a-z0-9]+", plain) if word and word not in NOT_IN_IDS]
    name = "_".join(words[:4]) + (f"_{date.replace('-', '_')}" if date else "")
    name = name if name[:1].isalpha() else f"s_{name}"
    if name in taken:
        name = next(f"{name}_{letter}" for letter in "bcdefghijklmnopqrstuvwxyz" if f"{name}_{letter}" not in taken)
    return name


def _url(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    return found.group(0).rstrip(" ,;)") if found else ""


def _shown(url: str) -> str:
    if NOT_WRITTEN not in url.lower():
        return url
    site = "/".join(url.split("/")[:3])
    return "" if NOT_WRITTEN in site.lower() else site


def _licence(publisher: str) -> str:
    for pattern, licence in LICENCES:
        if re.search(pattern, publisher):
            return licence
    return FACTS_ONLY
