/** Beside the map: the place or way that was chosen, its numbers on the date, and its months as it was and with the change. */

import { fanOf, type Effect } from "./effects";
import { FanChart, type Fan } from "./fan";
import { effectInMonth, levelsOf, type MapNumbers } from "./map-numbers";
import { hiddenOnMap, isHiddenTogether } from "./map-sums";
import { MISSING, monthText, signed, tooFew } from "./numbers";
import type { Drawn } from "./pool";
import type { Output, StudyPage } from "./study";
import { effectText, isHidden, isLevelHidden, levelText } from "./shown-effects";
import type { Tally } from "./tally";
import { signWords } from "./totals";
import type { Language, Say } from "./words";

const MOST_WAYS = 6;
const SMALLEST_SHOWN = 0.5;

export interface Choice {
  kind: "site" | "link";
  at: number;
}

interface ChosenProps {
  study: StudyPage;
  drawn: Drawn;
  alone: boolean;
  numbers: MapNumbers;
  choice: Choice | null;
  choose: (choice: Choice | null) => void;
  date: string;
  /** The month of the map. */
  month: number;
  say: Say;
  language: Language;
}

/** Places of one point in the order of the study; the first gives the name. */
export function nameOfSite({ corridor }: StudyPage, site: number): string {
  const [first, ...others] = corridor.sites[site]!;
  const name = corridor.places[first!]!.short;
  return others.length > 0 ? `${name} (+${others.length})` : name;
}

export function nameOfLink(study: StudyPage, link: number): string {
  const [from, to] = study.corridor.links[link]!;
  return `${nameOfSite(study, from)} → ${nameOfSite(study, to)}`;
}

export function statusName({ statuses }: StudyPage, status: string): string {
  return statuses[status] || status.replaceAll("_", " ");
}

export function Chosen({ study, drawn, alone, numbers, choice, choose, date, month, say, language }: ChosenProps) {
  const { links, stocks, sites } = study.corridor;
  const key = choice === null ? "" : `${choice.kind} ${choice.at}`;
  const used = new Set(links.flatMap(([from, to]) => [from, to]).concat(stocks.map(({ site }) => site)));
  const stays = choice?.kind === "site" ? stocks.flatMap((stock, number) => (stock.site === choice.at ? [{ stock, row: links.length + number }] : [])) : [];
  const going = stays.filter(({ stock }) => !stock.final);
  const pictured = choice === null ? [] : choice.kind === "link" ? [choice.at] : (going.length > 0 ? going : stays).map(({ row }) => row);
  return (
    <div class="chosen" role="region" aria-labelledby="chosen-title">
      <h3 id="chosen-title">{say("chosenTitle")}</h3>
      <p>
        <select aria-label={say("chosenTitle")} value={key} onChange={(event) => choose(choiceOf(event.currentTarget.value))}>
          <option value="">{say("chooseOne")}</option>
          <optgroup label={say("places")}>
            {sites.map((_, site) => used.has(site) && (
              <option key={site} value={`site ${site}`}>
                {nameOfSite(study, site)}
              </option>
            ))}
          </optgroup>
          <optgroup label={say("ways")}>
            {links.map((_, link) => (
              <option key={link} value={`link ${link}`}>
                {nameOfLink(study, link)}
              </option>
            ))}
          </optgroup>
        </select>
      </p>
      {choice === null && <p class="quiet">{say("chooseNote")}</p>}
      {pictured.length > 0 && numbers.draws > 0 && (
        <figure class="movement">
          <h4>{say(choice!.kind === "link" ? "monthsOfWay" : going.length > 0 ? "monthsOfPlace" : "monthsOfEnd")}</h4>
          <FanChart output={outputOf(study, choice!)} fan={fanOfRows(study, drawn, alone, pictured)} language={language} />
          {!alone && <p>{inMonth(study, effectInMonth(study, drawn.corridor, month, pictured), month, say, language)}</p>}
          <p class="quiet">{say(alone ? "seriesNoteAlone" : "seriesNote")}</p>
        </figure>
      )}
      {choice !== null && (
        <table class="at-date">
          <caption>{date}</caption>
          <thead>
            <tr>
              <th scope="col">{say("people")}</th>
              <th scope="col">{say("without")}</th>
              {!alone && <th scope="col">{say("with")}</th>}
              {!alone && <th scope="col">{say("difference")}</th>}
            </tr>
          </thead>
          <tbody>
            {choice.kind === "link" && <NumberRow title={say("setOff")} row={choice.at} numbers={numbers} alone={alone} language={language} />}
            {stays.map(({ stock, row }) => (
              <NumberRow key={row} title={`${statusName(study, stock.status)}${sites[choice.at]!.length > 1 ? ` (${study.corridor.places[stock.place]!.name})` : ""}`} row={row} numbers={numbers} alone={alone} language={language} />
            ))}
            {choice.kind === "site" && largestWays(study, choice.at, numbers).map((row) => <NumberRow key={row} title={nameOfLink(study, row)} row={row} numbers={numbers} alone={alone} language={language} />)}
          </tbody>
        </table>
      )}
    </div>
  );
}

export function NumberRow({ title, row, numbers, alone, language, mark }: { title: string; row: number; numbers: MapNumbers; alone: boolean; language: Language; mark?: string }) {
  const levels = levelsOf(numbers, [row]);
  const told = (side: "with" | "without"): number | null => (isLevelHidden(levels, side, "people") ? null : levels[side]);
  return (
    <tr data-row={mark ?? row} data-numbers={JSON.stringify(alone ? { before: told("without") } : { before: told("without"), now: told("with") })}>
      <th scope="row">{title}</th>
      <td>{levelText(levels, "without", "people", language)}</td>
      {!alone && <td>{levelText(levels, "with", "people", language)}</td>}
      {!alone && <td>{effectText(levels, "people", language)}</td>}
    </tr>
  );
}

function inMonth({ corridor }: StudyPage, effect: Effect, month: number, say: Say, language: Language): string {
  const people = (value: number): string => (isHidden(effect, "people") ? MISSING : signed(value, "people", language));
  const name = monthText(corridor.months[month]!, language);
  return say("inMonth", { month: name, difference: effectText(effect, "people", language), low: people(effect.low80), high: people(effect.high80), sign: signWords(effect, "people", say) });
}

function choiceOf(text: string): Choice | null {
  const [kind, at] = text.split(" ");
  return kind === "site" || kind === "link" ? { kind, at: Number(at) } : null;
}

/** The ways in and out of a place with most people on the date. */
function largestWays({ corridor }: StudyPage, site: number, numbers: MapNumbers): number[] {
  const people = (row: number): number => Math.max(...[numbers.before[row]!, numbers.now[row]!].map((count) => (tooFew(count) ? 0 : count)));
  const own = corridor.links.flatMap(([from, to], row) => (from === site || to === site ? [row] : []));
  return own.filter((row) => people(row) >= SMALLEST_SHOWN).sort((one, other) => people(other) - people(one)).slice(0, MOST_WAYS);
}

function outputOf(study: StudyPage, choice: Choice): Output {
  const title = choice.kind === "link" ? nameOfLink(study, choice.at) : nameOfSite(study, choice.at);
  return { name: `map-${choice.kind}-${choice.at}`, title, side: "movement", unit: "people", mean: choice.kind === "site", adds_up: true, starts: study.corridor.months, window: [] };
}

/** Months of some rows together, over draws. */
function fanOfRows(study: StudyPage, drawn: Drawn, alone: boolean, rows: number[]): Fan {
  const months = study.corridor.months.length;
  const of = (tallies: Map<number, Tally>): Float64Array[] =>
    [...tallies.values()].map((tally) => Float64Array.from({ length: months }, (_, month) => rows.reduce((sum, row) => sum + tally.months[row * months + month]!, 0)));
  const { baseline, scenario } = drawn.corridor;
  const single = study.kernel.draws.number === 1 ? { now: hiddenMonths(study, alone ? baseline : scenario, rows), before: hiddenMonths(study, baseline, rows) } : undefined;
  return alone ? { now: fanOf(of(baseline)), before: null, leftOut: single } : { now: fanOf(of(scenario)), before: fanOf(of(baseline)), leftOut: single };
}

/** Months of a single draw whose number would give a small one away. */
function hiddenMonths(study: StudyPage, tallies: Map<number, Tally>, rows: number[]): boolean[] {
  const [[, tally] = []] = tallies;
  const months = study.corridor.months.length;
  const at = (month: number): Float64Array => Float64Array.from({ length: tally!.months.length / months }, (_, row) => tally!.months[row * months + month]!);
  return tally === undefined ? [] : study.corridor.months.map((_, month) => isHiddenTogether(hiddenOnMap(study, at(month)), rows));
}
