/** The corridor as a living map: people on the ways and at the places, by month or by day, as it was, with the change, or the difference. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Chosen, nameOfLink, nameOfSite, type Choice } from "./chosen";
import { DateTable } from "./date-table";
import { curveOf, Land, Names, PlaceDot, Way, type PlaceMark, type WayMark } from "./map-marks";
import { fullCircle, fullWidth, isSure, levelsOf, numbersAt, periodsOf, samePeriod, startOf, type MapNumbers, type Mode, type Unit } from "./map-numbers";
import { dateText, exact, monthText, SMALLEST_SHOWN_PEOPLE } from "./numbers";
import { drawnEffect, effectText, isLevelHidden, levelText } from "./shown-effects";
import type { Shown } from "./shown";
import type { Ground, Stock, StudyPage } from "./study";
import { periodDays } from "./tally";
import { useLater } from "./use-later";
import { useSize } from "./use-size";
import type { Language, Say, Word } from "./words";

const MS_OF: Record<Unit, number> = { month: 1100, day: 110 };
const PAUSE_MS = 20;
const SPEEDS = [0.5, 1, 2, 4];
const WIDEST: Record<"wide" | "narrow", { line: number; circle: number }> = { wide: { line: 20, circle: 30 }, narrow: { line: 11, circle: 17 } };
const THINNEST_PX = 0.8;
const SMALLEST_CIRCLE_PX = 1.5;

export function Corridor({ study, drawn, alone, say, language }: Shown) {
  const draws = useLater((alone ? drawn.corridor.study : drawn.corridor.with).draws, PAUSE_MS);
  return useMemo(() => <Living study={study} drawn={drawn} alone={alone} say={say} language={language} />, [draws, drawn.scenario, alone, language]);
}

function Living({ study, drawn, alone, say, language }: Shown) {
  const { corridor } = study;
  const [unit, setUnit] = useState<Unit>("month");
  const [period, setPeriod] = useState(0);
  const [playing, play] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [wanted, setMode] = useState<Mode>("now");
  const [who, setWho] = useState("reported");
  const [layers, setLayers] = useState({ route: true, other: true });
  const [chosen, choose] = useState<Choice | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const ground = corridor.maps[size];
  const mode: Mode = alone ? "before" : wanted;
  const last = periodsOf(study, unit) - 1;
  const { corridor: sums } = drawn;
  const numbers = numbersAt(study, sums, alone, unit, period);
  const counted = shownStatuses(study);
  const shown = counted.find(([key]) => key === who)?.[1] ?? counted[0]![1];
  const newest = alone ? sums.study : sums.with;
  const scale = useMemo(
    () => ({ line: fullWidth(study, sums, alone, unit, mode), circle: fullCircle(study, sums, alone, unit, mode, shown) }),
    [study, newest, newest.draws, alone, unit, mode, who],
  );
  usePlay(playing, MS_OF[unit] / speed, () => {
    if (period < last) setPeriod(period + 1);
    if (period + 1 >= last) play(false);
  });
  const land = useMemo(() => ground && <Land ground={ground} />, [ground]);
  const names = useMemo(() => ground && <Names ground={ground} />, [ground]);
  if (ground === undefined) return null;
  const date = periodText(study, unit, period, say, language);
  const value = (rows: number[]): number => drawnOf(numbers, rows, mode);
  const text = (rows: number[]): string => {
    const levels = levelsOf(numbers, rows);
    if (mode === "difference") return say("differenceOf", { difference: effectText(levels, "people", language), before: levelText(levels, "without", "people", language) });
    return `${levelText(levels, mode === "now" ? "with" : "without", "people", language)} ${say("people")}`;
  };
  const unsure = (rows: number[]): boolean => mode === "difference" && !isSure(study, sums, unit, period, rows);
  const ways = waysOf(study, ground, size, layers, mode, value, scale.line, chosen, unsure, (row) => `${nameOfLink(study, row)}: ${text([row])}`);
  const dots = placesOf(study, ground, size, mode, numbers, scale.circle, shown, chosen, unsure, (site, rows) => `${nameOfSite(study, site)}: ${text(rows)}`);
  const toggle = (choice: Choice): void => choose(chosen?.kind === choice.kind && chosen.at === choice.at ? null : choice);
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const marks = [...frame.current!.querySelectorAll<SVGGElement>("g.stay")];
    if (by === undefined) return;
    event.preventDefault();
    marks.at((marks.indexOf(event.currentTarget as SVGGElement) + by) % marks.length)?.focus();
  };
  const isMoving = playing && numbers.draws > 0;
  return (
    <section id="corridor" class="corridor" tabIndex={-1} aria-labelledby="corridor-title" data-draws={numbers.draws}>
      <h2 id="corridor-title">{say("corridor")}</h2>
      <p class="quiet">{say("corridorNote")}</p>
      <Buttons mode={mode} setMode={setMode} alone={alone} unit={unit} say={say} days={periodDays(study)} setUnit={(next) => (setPeriod(samePeriod(study, unit, next, period)), setUnit(next))} />
      <div class="map-and-chosen">
        <figure class="living">
          <figcaption>
            <b>{date}</b> <span class="quiet">{say(mode === "before" ? "without" : mode === "now" ? "with" : "difference")} · {say("meanOf", { draws: numbers.draws })}</span>
          </figcaption>
          <div ref={frame} class={`frame ${size}`}>
            <svg class={`map${size === "narrow" ? " small" : ""}${mode === "difference" ? " difference" : ""}${isMoving ? " moving" : ""}`} viewBox={`0 0 ${ground.width} ${ground.height}`} role="group" aria-label={`${say("corridor")}, ${date}`} data-period={startOf(study, unit, period)}>
              {land}
              {ways.map((mark) => (
                <Way key={mark.at} mark={mark} choose={(at) => toggle({ kind: "link", at })} />
              ))}
              {dots.map((mark, at) => (
                <PlaceDot key={mark.site} mark={mark} first={chosen?.kind === "site" ? chosen.at === mark.site : at === 0} small={size === "narrow"} choose={(site) => toggle({ kind: "site", at: site })} step={move} />
              ))}
              {names}
            </svg>
          </div>
          {ground.key && <p class="quiet map-key">{ground.key}</p>}
          <div class="player">
            <button type="button" class="play" onClick={() => (!playing && period >= last && setPeriod(0), play(!playing))}>
              <span aria-hidden="true">{playing ? "❚❚" : "▶"}</span> {say(playing ? "pause" : "play")}
            </button>
            <input type="range" min={0} max={last} step={1} value={period} aria-label={say("date")} aria-valuetext={date} onInput={(event) => (play(false), setPeriod(event.currentTarget.valueAsNumber))} />
            <label>
              {say("speed")}{" "}
              <select value={speed} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
                {SPEEDS.map((one) => (
                  <option key={one} value={one}>
                    {one}×
                  </option>
                ))}
              </select>
            </label>
          </div>
          <Key scale={scale} size={size} mode={mode} layers={layers} setLayers={setLayers} has={(["route", "other"] as const).map((kind) => corridor.links.some(([, , isRoute]) => (kind === "route") === (isRoute === 1)))} say={say} language={language} />
          {counted.length > 1 && (
            <label class="who">
              {say("circles")}{" "}
              <select value={who} onChange={(event) => setWho(event.currentTarget.value)}>
                {counted.map(([key, , title]) => (
                  <option key={key} value={key}>
                    {title ?? say(key as Word)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <p class="quiet">{say("boundaries")}</p>
        </figure>
        <Chosen study={study} drawn={drawn} alone={alone} numbers={numbers} choice={chosen} choose={choose} date={date} month={samePeriod(study, unit, "month", period)} say={say} language={language} />
      </div>
      <DateTable study={study} numbers={numbers} alone={alone} date={date} say={say} language={language} />
    </section>
  );
}

interface ButtonsProps {
  mode: Mode;
  setMode: (mode: Mode) => void;
  alone: boolean;
  unit: Unit;
  setUnit: (unit: Unit) => void;
  days: number;
  say: Say;
}

function Buttons({ mode, setMode, alone, unit, setUnit, days, say }: ButtonsProps) {
  const modes: [Mode, Word][] = [["before", "without"], ["now", "with"], ["difference", "difference"]];
  const units: [Unit, Word][] = [["month", "byMonth"], ["day", days > 1 ? "bySteps" : "byDay"]];
  return (
    <div class="choices">
      <fieldset>
        <legend>{say("show")}</legend>
        {modes.map(([one, word]) => (
          <label key={one}>
            <input type="radio" name="map-mode" value={one} checked={mode === one} disabled={alone && one !== "before"} onChange={() => setMode(one)} /> {say(word)}
          </label>
        ))}
        {alone && <span class="quiet">{say("changeFirst")}</span>}
      </fieldset>
      <fieldset>
        <legend>{say("time")}</legend>
        {units.map(([one, word]) => (
          <label key={one}>
            <input type="radio" name="map-unit" value={one} checked={unit === one} onChange={() => setUnit(one)} /> {say(word, { days })}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

interface KeyProps {
  scale: { line: number; circle: number };
  size: "wide" | "narrow";
  mode: Mode;
  layers: { route: boolean; other: boolean };
  setLayers: (layers: { route: boolean; other: boolean }) => void;
  has: boolean[];
  say: Say;
  language: Language;
}

/** What widths, sizes and colours mean; the two kinds of ways can be left out. */
function Key({ scale, size, mode, layers, setLayers, has, say, language }: KeyProps) {
  const [line, circle] = [roundDown(scale.line), roundDown(scale.circle)];
  const width = (WIDEST[size].line * line) / scale.line;
  const radius = WIDEST[size].circle * Math.sqrt(circle / scale.circle);
  const sample = (kind: string) => (
    <svg class="sample" width="34" height="14" viewBox="0 0 34 14" aria-hidden="true">
      <g class={`way ${kind}`}>
        <path class="line" d="M2 7H32" style={{ strokeWidth: "4px" }} />
        <path class="dots" d="M2 7H32" style={{ strokeWidth: "3px" }} />
      </g>
    </svg>
  );
  const isDifference = mode === "difference";
  return (
    <ul class={`key map${mode === "difference" ? " difference" : ""}`}>
      {(["route", "other"] as const).map((kind, at) => (
        <li key={kind} hidden={!has[at]}>
          <button type="button" aria-pressed={layers[kind]} onClick={() => setLayers({ ...layers, [kind]: !layers[kind] })}>
            {sample(isDifference ? "scale" : kind)} {say(kind === "route" ? "alongRoutes" : "withoutRoute")}
          </button>
        </li>
      ))}
      {isDifference && (["more", "fewer"] as const).map((kind) => (
        <li key={kind}>
          {sample(kind)} {say(kind === "more" ? "morePeople" : "fewerPeople")}
        </li>
      ))}
      {isDifference && <li>{say("faint")}</li>}
      <li>
        <svg class="sample" width="40" height={Math.max(width, 4) + 2} aria-hidden="true">
          <g class="way scale">
            <path class="line" d={`M2 ${Math.max(width, 4) / 2 + 1}H38`} style={{ strokeWidth: `${width}px` }} />
          </g>
        </svg>{" "}
        {say("wideAs", { people: exact(line, "people", language) })}
      </li>
      <li>
        <svg class="sample" width={2 * radius + 2} height={2 * radius + 2} aria-hidden="true">
          <g class="stay scale">
            <circle class="people" cx={radius + 1} cy={radius + 1} r={radius} />
          </g>
        </svg>{" "}
        {say("largeAs", { people: exact(circle, "people", language) })}
      </li>
    </ul>
  );
}

/** Statuses that circles may stand for: those that the study reports, all that people leave, and each alone. */
function shownStatuses({ corridor, statuses }: StudyPage): [string, (stock: Stock) => boolean, string?][] {
  const found: [string, (stock: Stock) => boolean, string?][] = [];
  if (corridor.stocks.some((stock) => stock.reported)) found.push(["reported", (stock) => stock.reported]);
  found.push(["goOn", (stock) => !stock.final]);
  for (const status of new Set(corridor.stocks.map((stock) => stock.status))) {
    found.push([`status ${status}`, (stock) => stock.status === status, statuses[status] || status.replaceAll("_", " ")]);
  }
  return found;
}

function waysOf(study: StudyPage, ground: Ground, size: "wide" | "narrow", layers: { route: boolean; other: boolean }, mode: Mode, value: (rows: number[]) => number, full: number, chosen: Choice | null, unsure: (rows: number[]) => boolean, text: (row: number) => string): WayMark[] {
  const marks: WayMark[] = [];
  study.corridor.links.forEach((link, at) => {
    const kind = link[2] === 1 ? "route" : "other";
    const people = value([at]);
    if (!layers[kind] || Math.abs(people) < SMALLEST_SHOWN_PEOPLE) return;
    const width = Math.max(THINNEST_PX, WIDEST[size].line * Math.min(Math.abs(people) / full, 1));
    const isChosen = chosen?.kind === "link" ? chosen.at === at : chosen?.kind === "site" && (link[0] === chosen.at || link[1] === chosen.at);
    marks.push({ at, curve: curveOf(ground, link, at), width, kind: mode === "difference" ? (people > 0 ? "more" : "fewer") : kind, unsure: unsure([at]), text: text(at), people, chosen: isChosen });
  });
  return marks.sort((one, other) => other.width - one.width);
}

function placesOf(study: StudyPage, ground: Ground, size: "wide" | "narrow", mode: Mode, numbers: MapNumbers, full: number, shown: (stock: Stock) => boolean, chosen: Choice | null, unsure: (rows: number[]) => boolean, text: (site: number, rows: number[]) => string): PlaceMark[] {
  const { links, stocks, sites } = study.corridor;
  const radius = (people: number): number => {
    const found = WIDEST[size].circle * Math.sqrt(Math.abs(people) / full);
    return Math.abs(people) < SMALLEST_SHOWN_PEOPLE ? 0 : Math.max(found, SMALLEST_CIRCLE_PX);
  };
  const marks = sites.map((_, site): PlaceMark => {
    const rows = stocks.flatMap((stock, at) => (stock.site === site && shown(stock) ? [links.length + at] : []));
    const [people, was] = [drawnOf(numbers, rows, mode), drawnOf(numbers, rows, "before")];
    const kind = mode !== "difference" || Math.abs(people) < SMALLEST_SHOWN_PEOPLE ? "plain" : people > 0 ? "more" : "fewer";
    return { site, at: ground.points[site]!, radius: radius(people), was: mode === "now" ? radius(was) : 0, kind, unsure: kind !== "plain" && unsure(rows), text: text(site, rows), people, chosen: chosen?.kind === "site" && chosen.at === site };
  });
  return marks.sort((one, other) => one.at[1] - other.at[1] || one.at[0] - other.at[0]);
}

/** How many people of some rows together are drawn: none where so few are there, or so many as would give others away. */
function drawnOf(numbers: MapNumbers, rows: number[], mode: Mode): number {
  const levels = levelsOf(numbers, rows);
  if (mode === "difference") return drawnEffect(levels, "people");
  const side = mode === "now" ? "with" : "without";
  return isLevelHidden(levels, side, "people") ? 0 : levels[side];
}

export function periodText(study: StudyPage, unit: Unit, period: number, say: Say, language: Language): string {
  const start = startOf(study, unit, period);
  if (unit === "month") return monthText(start, language);
  const days = periodDays(study);
  return days > 1 ? say("daysFrom", { days, date: dateText(start, language) }) : dateText(start, language);
}

function roundDown(number: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(number, 1)));
  return ([5, 2, 1].find((step) => step * size <= number) ?? 1) * size;
}

/** Calls again and again while it is on, at most once a frame. */
function usePlay(on: boolean, pauseMs: number, next: () => void): void {
  const newest = useRef(next);
  newest.current = next;
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => newest.current(), pauseMs);
    return () => clearInterval(timer);
  }, [on, pauseMs]);
}
