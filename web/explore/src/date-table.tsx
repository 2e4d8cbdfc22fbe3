/** The same numbers as the map's, as a table: every place with its statuses, then every way, on the map's date. */

import { useState } from "preact/hooks";
import { nameOfLink, NumberRow, statusName } from "./chosen";
import type { MapNumbers } from "./map-numbers";
import type { StudyPage } from "./study";
import type { Language, Say } from "./words";

interface DateTableProps {
  study: StudyPage;
  numbers: MapNumbers;
  alone: boolean;
  date: string;
  say: Say;
  language: Language;
}

export function DateTable({ study, numbers, alone, date, say, language }: DateTableProps) {
  const [isOpen, open] = useState(false);
  const { links, stocks, places } = study.corridor;
  const columns = alone ? 2 : 4;
  return (
    <details class="date-table" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{say("tableOfDate", { date })}</summary>
      {isOpen && (
        <div class="scroll" role="region" aria-label={say("tableOfDate", { date })} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("place")}</th>
                <th scope="col">{say("without")}</th>
                {!alone && <th scope="col">{say("with")}</th>}
                {!alone && <th scope="col">{say("difference")}</th>}
              </tr>
            </thead>
            <tbody>
              <tr class="side">
                <th scope="rowgroup" colSpan={columns}>
                  {say("places")}
                </th>
              </tr>
              {stocks.map((stock, at) => (
                <NumberRow key={at} mark={`${stock.status}@${places[stock.place]!.id}`} title={`${places[stock.place]!.name}: ${statusName(study, stock.status)}`} row={links.length + at} numbers={numbers} alone={alone} language={language} />
              ))}
            </tbody>
            <tbody>
              <tr class="side">
                <th scope="rowgroup" colSpan={columns}>
                  {say("ways")}
                </th>
              </tr>
              {links.map(([from, to, isRoute], at) => (
                <NumberRow key={at} mark={`${places[study.corridor.sites[from]![0]!]!.id}>${places[study.corridor.sites[to]![0]!]!.id}${isRoute === 1 ? "" : "*"}`} title={nameOfLink(study, at)} row={at} numbers={numbers} alone={alone} language={language} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
