"""World Bank Indicators API: yearly, quarterly or monthly values of countries.

Layout (datahelpdesk.worldbank.org, "API Basic Call Structures"):
api.worldbank.org/v2/country/HND/indicator/NY.GDP.PCAP.KD?format=json gives [{"page": 1, "pages": 1, "per_page": 50, "total": 2,
"lastupdated": "2024-01-31"}, [{"indicator": {"id", "value"}, "country": {"id", "value"}, "countryiso3code", "date": "2018",
"value": 2400.1, "unit": "", "obs_status": "", "decimal": 0}]]. A wrong request gives [{"message": [{"value": …}]}].
"""

from __future__ import annotations

from corredor.exchange.readers.calendar import written_date, written_period
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import Trouble, items_of, json_of, text_in
from corredor.exchange.written_numbers import number_of
from corredor.study.problems import quoted

WANTED = "an answer of the World Bank's API in JSON (format=json)"


def read(content: bytes, shown: str) -> Reading:
    """Values by country and period; years without a value are left out.

    raises : StudyError
    """
    value = json_of(content, shown, WANTED)
    trouble = Trouble(shown)
    head = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    if "message" in head:
        messages = head["message"] if isinstance(head["message"], list) else [head["message"]]
        said = "; ".join(text_in(one, "value", "key") for one in messages if isinstance(one, dict))
        raise trouble.fail(1, 1, f"the API's refusal: {quoted(said)}", WANTED, "correct the address")
    if isinstance(value, list) and len(value) == 2 and value[1] is None:
        raise trouble.fail(1, 1, "an answer without values", WANTED, "ask for a country, indicator and years that have values")
    figures, units, empty = [], {}, 0
    for number, item in enumerate(items_of(value, [1], shown, WANTED), 1):
        if not isinstance(item, dict):
            trouble.add(1, number, f"{quoted(item)} as value {number}", "an entry with indicator, country, date and value")
            continue
        indicator = item["indicator"] if isinstance(item.get("indicator"), dict) else {}
        country = item["country"] if isinstance(item.get("country"), dict) else {}
        if item.get("value") is None:
            empty += 1
            continue
        period, found = written_period(text_in(item, "date")), number_of(item.get("value"))
        series = text_in(indicator, "id")
        if period is None:
            trouble.add(1, number, f"{quoted(item.get('date'))} as date of value {number}", "a year such as 2018")
        elif found is None:
            trouble.add(1, number, f"{quoted(item.get('value'))} as value {number}", "a number")
        elif not series:
            trouble.add(1, number, f"no indicator in value {number}", "indicator with an id")
        else:
            parts = {"country": text_in(country, "value"), "country_code": text_in(item, "countryiso3code")}
            figures.append(Figure(series, parts, *period, found, 1, number))
            units[series] = text_in(item, "unit") or text_in(indicator, "value") or series
    trouble.stop()
    if not figures:
        raise trouble.fail(1, 1, "an answer in which every value is empty", WANTED, "ask for years that have values")
    remarks = [f"{empty} empty values left out"] if empty else []
    pages = number_of(head.get("pages"))
    if pages is not None and pages > 1:
        remarks.append(f"page {text_in(head, 'page')} of {pages:.0f} only: add per_page=20000 to the address")
    return Reading(shown, tuple(figures), units, written_date(text_in(head, "lastupdated")), tuple(remarks))


FORMAT = Format(
    name="world-bank",
    title="World Bank Indicators API (JSON)",
    publisher="World Bank",
    licence="CC BY 4.0",
    where="api.worldbank.org/v2/country/…/indicator/…?format=json",
    read=read,
    place_by="country",
    adds_up=False,
    complete_only=False,
)
