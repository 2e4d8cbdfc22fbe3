"""IOM Displacement Tracking Matrix: internally displaced people by place and round, as CSV or from the API.

Layout: version 3 of the API (dtm.iom.int/data-and-analysis/dtm-api) gives {"isSuccess": true, "result": [{"admin0Name": …,
"admin1Name": …, "numPresentIdpInd": 100, "reportingDate": "2018-01-31T00:00:00", "roundNumber": 3, …}]}. The CSV on
data.humdata.org has the same columns, some with a second line of HXL tags. A round counts everybody anew: rounds are never
summed. Rows of several operations or reasons on one day are.
"""

from __future__ import annotations

from typing import Any

from corredor.exchange.readers.calendar import written_date
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import AGAIN, Trouble, items_of, json_of, looks_like_json, plain_name, table_of, text_in
from corredor.exchange.written_numbers import count_advice, people_of
from corredor.study.problems import quoted

WANTED = "displacement figures of IOM's DTM"

_COUNTS = {
    "numpresentidpind": "displaced",
    "idps present": "displaced",
    "idppopulation": "displaced",
    "numberidps": "displaced",
    "numberreturnees": "returnees",
    "numpresentreturneeind": "returnees",
    "nummales": "displaced_males",
    "numbermales": "displaced_males",
    "numfemales": "displaced_females",
    "numberfemales": "displaced_females",
}
_PARTS = {
    "admin0name": "country",
    "admin1name": "admin1",
    "admin2name": "admin2",
    "admin1pcode": "admin1_code",
    "admin2pcode": "admin2_code",
    "operation": "operation",
    "displacementreason": "reason",
    "assessmenttype": "assessment",
    "adminlevel": "level",
}


def read(content: bytes, shown: str) -> Reading:
    """People by place and reporting date.

    raises : StudyError
    """
    entries: list[tuple[int, int, dict[str, Any]]] = []
    trouble, figures, empty = Trouble(shown), [], 0
    if looks_like_json(content):
        value = json_of(content, shown, WANTED)
        items = value if isinstance(value, list) else items_of(value, ["result"], shown, WANTED)
        for number, item in enumerate(items, 1):
            if isinstance(item, dict):
                entries.append((1, number, {plain_name(str(key)): entry for key, entry in item.items()}))
            else:
                trouble.add(1, number, f"{quoted(item)} as entry {number}", "an entry with keys")
    else:
        lines = table_of(content, shown, WANTED, ["reportingdate", tuple(_COUNTS)])
        entries = [(line.number, line.column("reportingdate"), dict(line.cells)) for line in lines]
        entries = [entry for entry in entries if not str(entry[2]["reportingdate"]).startswith("#")]
    for line, column, item in entries:
        day = written_date(text_in(item, "reportingdate"))
        if day is None:
            trouble.add(line, column, f"{quoted(item.get('reportingdate'))} as reportingDate", "a date YYYY-MM-DD")
            continue
        parts = {part: text_in(item, key) for key, part in _PARTS.items() if key in item}
        for key, series in _COUNTS.items():
            if key not in item:
                continue
            people = people_of(item[key])
            if item[key] is None or str(item[key]).strip() == "":
                empty += 1
            elif people is None:
                trouble.add(line, column, f"{quoted(item[key])} as {key}", "a number of people", count_advice(item[key], AGAIN))
            else:
                figures.append(Figure(series, parts, day, day, people, line, column))
    trouble.stop()
    if not figures:
        raise trouble.fail(1, 1, "no figures", WANTED, "ask for a country and dates that have rounds")
    remarks = (f"{empty} empty figures left out",) if empty else ()
    return Reading(shown, tuple(figures), {figure.series: "people" for figure in figures}, remarks=remarks)


FORMAT = Format(
    name="dtm",
    title="IOM Displacement Tracking Matrix (CSV or the API's JSON)",
    publisher="International Organization for Migration, Displacement Tracking Matrix",
    licence="free for non-commercial use with attribution; see dtm.iom.int/terms-and-conditions",
    where="dtm.iom.int/datasets, dtmapi.iom.int/v3/displacement/admin1",
    read=read,
    place_by="admin1",
    usual_series="displaced",
    overlapping=frozenset({"level"}),
)
