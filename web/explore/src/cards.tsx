/** Cards of measures: what each did in the study as it was, less the study without it; control never without protection. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { candidatesOf, type CardDraw } from "./card-draw";
import { statusName } from "./chosen";
import { ColumnHeads } from "./column-heads";
import { costRows } from "./cost-rows";
import { DifferenceFan } from "./difference-fan";
import { effectOf, type Effect } from "./effects";
import { guarded } from "./guarded";
import { dateText, exact, SMALLEST_SHOWN_PEOPLE, tooFew } from "./numbers";
import { stageOf } from "./pool";
import { axisWords, distinct, FEWEST_TO_TELL_APART, Headline, largestOfEachSide, totalsOf, weightOf } from "./results";
import { firstGroupOf, firstOf, firstPlaceOf } from "./series";
import type { Shown } from "./shown";
import { drawnEffect, effectText, intervalText, inUnit, largestDrawnFirst, levelText, numbersOf } from "./shown-effects";
import { reachOf, Span } from "./span";
import type { Measure, Output, StudyPage } from "./study";
import { CROWDING } from "./tally";
import { cells, EFFECT_COLUMNS, SIDES, signWords, type Row } from "./totals";
import { useLater } from "./use-later";
import { elsewhereByGroup, whereabouts } from "./whereabouts";
import type { Language, Say, Word } from "./words";

const OF_A_MEASURE: Partial<Record<Word, Word>> = { without: "withoutMeasure", with: "withMeasure" };
const PAUSE_MS = 60;
const MOST_PLACES = 6;
const MOST_GROUPS = 5;
const MOST_FANS_OF_A_SIDE = 2;
const MOST_FACTS = 4;
const BEYOND = CROWDING.indexOf("beyond");

interface Asking extends Omit<Shown, "alone"> {
  /** Asks for draws without a measure, and for the series of some outputs. */
  want: (measure: string, pictured: number[]) => void;
}

export function MeasureCards({ study, ...shown }: Asking) {
  const { say, language } = shown;
  const acting = study.measures.filter((measure) => measure.acts);
  const [isOpen, open] = useState<Record<string, boolean>>({});
  if (acting.length === 0) return null;
  return (
    <section id="measure-cards" tabIndex={-1} aria-labelledby="measure-cards-title">
      <h2 id="measure-cards-title">{say("cards")}</h2>
      <p class="quiet">{say("cardsNote")}</p>
      {acting.map((measure) => (
        <details
          key={measure.id}
          class="card"
          data-card={measure.id}
          onToggle={(event) => {
            const now = event.currentTarget.open;
            open((old) => ({ ...old, [measure.id]: now }));
          }}
        >
          <summary>
            <b>{measure.title}</b>
            <span class="quiet">
              {measure.actor} · {say(measure.to === null ? "since" : "until", { from: dateText(measure.from, language), to: measure.to === null ? "" : dateText(measure.to, language) })}
            </span>
          </summary>
          {isOpen[measure.id] && <Card study={study} measure={measure} {...shown} />}
        </details>
      ))}
    </section>
  );
}

/** Worked out again when twice as many draws have come. */
function Card({ study, measure, drawn, want, say, language }: Asking & { measure: Measure }) {
  const all = study.kernel.draws.number;
  const canBegin = drawn.baseline.size >= Math.min(FEWEST_TO_TELL_APART, all);
  const told = useMemo(() => distinct(study.outputs, drawn, firstOf(study.outputs)), [canBegin]);
  const done = drawn.without.get(measure.id)?.size ?? 0;
  useEffect(() => {
    if (canBegin) want(measure.id, candidatesOf(told).map((output) => study.outputs.indexOf(output)));
  }, [canBegin, measure.id]);
  const stage = useLater(done > 0 ? stageOf(done, all) : 0, PAUSE_MS);
  const body = useMemo(() => <CardBody study={study} measure={measure} drawn={drawn} told={told} say={say} language={language} />, [stage, told, language]);
  return (
    <div class="card-body" data-complete={stage >= all}>
      <ul class="terms">
        {[...new Set(measure.acts_on)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p class="quiet">
        {measure.where} · {measure.kind}
        {measure.dose_means && ` · ${measure.dose_means}`}
      </p>
      <p class="quiet" role="status">
        {say(done < all ? "stillRunning" : "ready", { done, all })}
      </p>
      {body}
    </div>
  );
}

function CardBody({ study, measure, drawn, told, say, language }: Omit<Asking, "want"> & { measure: Measure; told: Output[] }) {
  const cards = drawn.without.get(measure.id) ?? new Map<number, CardDraw>();
  const draws = [...cards.keys()].sort((one, other) => one - other);
  if (draws.length === 0) return null;
  const without = draws.map((draw) => cards.get(draw)!);
  const series = draws.map((draw) => drawn.baseline.get(draw)!);
  const tallies = draws.map((draw) => drawn.corridor.baseline.get(draw)!);
  const first = firstOf(study.outputs);
  const effects = study.outputs.map((_, number) => effectOf(series.map((one) => totalsOf(study.outputs, one, first)[number]!), without.map((one) => one.totals[number]!)));
  const hiddenWith = guarded(study.outputs, series, effects.map((effect) => effect.with));
  // places of the study without a measure are shown elsewhere, once the reader takes it away
  const cut = firstPlaceOf(study.outputs)[0]!;
  const hiddenWithout = guarded(study.outputs, without.map((one) => one.parts), effects.map((effect) => effect.without), cut);
  const rows = told.map((output): Row => {
    const number = study.outputs.indexOf(output);
    return { output, effect: { ...effects[number]!, hides: { with: hiddenWith.totals[number]!, without: hiddenWithout.totals[number]! } } };
  });
  const costs = costRows(study, tallies.map(({ usd }) => usd), without.map(({ usd }) => usd), say).filter(({ effect }) => effect.with !== 0 || effect.without !== 0);
  const candidates = candidatesOf(told);
  const byGroup = (output: Output): Parted[] => {
    const number = study.outputs.indexOf(output);
    return output.groups!.names.map((name, group) => {
      const hides = { with: hiddenWith.groups[number]![group]!, without: hiddenWithout.groups[number]![group]! };
      const at = firstGroupOf(study.outputs)[number]! + group;
      return { name, effect: { ...effectOf(series.map((one) => one[at]!), without.map((one) => one.parts[at - cut]!)), hides } };
    });
  };
  const ends = [tallies.map(({ end }) => end), without.map(({ end }) => end)] as const;
  return (
    <>
      <Headline rows={rows} say={say} language={language} />
      <div class="panels">
        {largestOfEachSide(rows.filter(({ output }) => candidates.includes(output)), MOST_FANS_OF_A_SIDE, language).map(({ output }) => {
          const [number, at] = [study.outputs.indexOf(output), candidates.indexOf(output)];
          return (
            <figure key={output.name} class={output.side}>
              <h3>{output.title}</h3>
              <p class="unit">
                {say(output.side)} · {axisWords(output, say)}: {say("effectOverTime")}
              </p>
              <DifferenceFan output={output} now={series.map((one) => one.subarray(first[number], first[number + 1]))} before={without.map((one) => one.series[at]!)} language={language} />
            </figure>
          );
        })}
      </div>
      <Where study={study} ends={ends} say={say} language={language} />
      <Who study={study} rows={rows} byGroup={byGroup} ends={ends} say={say} language={language} />
      <Facts title={say("daysWaited")} none={say("noDaysWaited")} rows={rows.filter(({ output }) => output.unit === "days")} say={say} language={language} />
      <Crowding study={study} with_={tallies.map((one) => one.crowding)} without={without.map((one) => one.crowding)} say={say} language={language} />
      <Facts title={say("deaths")} none={say("noDeaths")} rows={rows.filter(({ output }) => output.deaths)} say={say} language={language} />
      <Facts title={say("dollarsByActor")} none={say("noDollars")} rows={[...rows.filter(({ output }) => output.unit === "USD"), ...costs].filter(({ effect }) => effect.up > 0 || effect.down > 0)} say={say} language={language} />
      <EffectTable rows={[...rows, ...costs]} label={measure.title} say={say} language={language} />
    </>
  );
}

interface Part {
  study: StudyPage;
  say: Say;
  language: Language;
}

function Where({ study, ends, say, language }: Part & { ends: readonly [Float64Array[], Float64Array[]] }) {
  const rows = whereabouts(study, ends[0], ends[1], "status").filter(({ effect }) => Math.abs(drawnEffect(effect, "people")) >= SMALLEST_SHOWN_PEOPLE);
  rows.sort(largestDrawnFirst);
  const shown = rows.slice(0, MOST_PLACES);
  const reach = reachOf(shown.map(({ effect }) => effect));
  return (
    <>
      <h3>{say("atEnd")}</h3>
      {shown.length === 0 && <p class="quiet">{say("nobodyElsewhere")}</p>}
      <ol class="ranked difference">
        {shown.map(({ key, status, effect }) => (
          <li key={key} data-where={key}>
            <span class="what">{status === null ? say("underWay") : statusName(study, Object.keys(study.statuses)[status]!)}</span>
            <Span effect={effect} reach={reach} />
            <span class="number">{effectText(effect, "people", language)}</span>
            <span class="quiet">{signWords(effect, "people", say)}</span>
          </li>
        ))}
      </ol>
      {rows.length > shown.length && <p class="quiet">{say("andMore", { number: rows.length - shown.length })}</p>}
    </>
  );
}

interface Parted {
  name: string;
  effect: Effect;
}

/** How many more or fewer of each group, over the study, in one output of control and one of protection; by where groups are at the end where no output tells them apart. */
function Who({ study, rows, byGroup, ends, say, language }: Part & { rows: Row[]; byGroup: (output: Output) => Parted[]; ends: readonly [Float64Array[], Float64Array[]] }) {
  const told = largestOfEachSide(rows.filter(({ output }) => output.unit === "people" && (output.groups?.labels.length ?? 0) > 1), 1, language);
  return (
    <>
      <h3>{say("who")}</h3>
      {told.map(({ output }) => {
        const groups = byGroup(output).filter(({ effect }) => Math.abs(drawnEffect(effect, "people")) >= SMALLEST_SHOWN_PEOPLE);
        groups.sort(largestDrawnFirst);
        const shown = groups.slice(0, MOST_GROUPS);
        const reach = reachOf(shown.map(({ effect }) => effect));
        return (
          <div key={output.name} class={output.side} data-who={output.name}>
            <p>
              <b>{output.title}</b> <span class="quiet">{say(output.side)}</span>
            </p>
            {shown.length === 0 && <p class="quiet">{say("noGroupMoved")}</p>}
            <ol class="ranked difference">
              {shown.map(({ name, effect }) => (
                <li key={name} data-group={name} data-numbers={JSON.stringify(numbersOf(effect, "people"))}>
                  <span class="what">{name}</span>
                  <Span effect={effect} reach={reach} />
                  <span class="number">{effectText(effect, "people", language)}</span>
                  <span class="quiet">
                    {intervalText(effect, "people", language)}; {signWords(effect, "people", say)}
                  </span>
                </li>
              ))}
            </ol>
            {groups.length > shown.length && <p class="quiet">{say("andMore", { number: groups.length - shown.length })}</p>}
          </div>
        );
      })}
      {told.length > 0 ? <p class="quiet">{say("whoFlows")}</p> : <WhoAtEnd study={study} ends={ends} say={say} language={language} />}
    </>
  );
}

function WhoAtEnd({ study, ends, say, language }: Part & { ends: readonly [Float64Array[], Float64Array[]] }) {
  const all = elsewhereByGroup(study, ends[0], ends[1]).filter(({ people }) => people >= SMALLEST_SHOWN_PEOPLE);
  const groups = all.filter(({ hides }) => !hides);
  return (
    <>
      {groups.length === 0 ? (
        <p class="quiet">{say(all.length === 0 ? "nobodyElsewhere" : "hiddenNote")}</p>
      ) : (
        <p>
          {groups.slice(0, MOST_GROUPS).map(({ group, people }) => `${group}: ${exact(people, "people", language)}`).join(" · ")}
          {groups.length > MOST_GROUPS && ` · ${say("andMore", { number: groups.length - MOST_GROUPS })}`}
        </p>
      )}
      <p class="quiet">
        {groups.length > 0 && groups.length < all.length && `${say("hiddenNote")} `}
        {say("whoNote")}
      </p>
    </>
  );
}

/** A few numbers under a heading, the largest effect for its size first; or the sentence that the study has none. */
function Facts({ title, none, rows, say, language }: { title: string; none: string; rows: Row[]; say: Say; language: Language }) {
  const shown = [...rows].sort((one, other) => weightOf(other) - weightOf(one)).slice(0, MOST_FACTS);
  return (
    <>
      <h3>{title}</h3>
      {rows.length === 0 && <p class="quiet">{none}</p>}
      <ul class="facts-of">
        {shown.map(({ output, effect }) => (
          <Fact key={output.name} name={output.name} title={output.title} actor={output.actor} unit={output.unit} effect={effect} say={say} language={language} />
        ))}
      </ul>
      {rows.length > shown.length && <p class="quiet">{say("andMoreBelow", { number: rows.length - shown.length })}</p>}
    </>
  );
}

interface FactProps {
  name: string;
  title: string;
  actor?: string;
  unit: string;
  effect: Effect;
  say: Say;
  language: Language;
}

/** One number in a line: the effect, its interval and sign, and both levels; a phone has no room for so many columns. */
function Fact({ name, title, actor, unit, effect, say, language }: FactProps) {
  return (
    <li data-fact={name}>
      <span class="what">
        {title} {actor && <span class="quiet">{actor}</span>}
      </span>
      <b class="number">{inUnit(effectText(effect, unit, language), unit, say)}</b>
      <span class="quiet">
        {say("interval")}: {inUnit(intervalText(effect, unit, language), unit, say)}; {signWords(effect, unit, say)}.{" "}
        {say("fromTo", { without: levelText(effect, "without", unit, language), with: inUnit(levelText(effect, "with", unit, language), unit, say) })}
      </span>
    </li>
  );
}

/** Places with a capacity: how long they were full, and how many were there beyond their places on the worst day. */
function Crowding({ study, with_, without, say, language }: Part & { with_: Float64Array[]; without: Float64Array[] }) {
  const places = study.corridor.stocks.filter(({ capacity }) => capacity >= 0);
  const units: Record<(typeof CROWDING)[number], string> = { fullDays: "days", beyond: "people", peak: "people" };
  const rows = places.flatMap((stock, at) =>
    CROWDING.map((what, number) => {
      const of = (draws: Float64Array[]): number[] => draws.map((one) => one[at * CROWDING.length + number]!);
      // most people less the room, which a reader knows, are those beyond it
      const few = (draws: Float64Array[]): boolean => what === "peak" && tooFew(draws.reduce((sum, one) => sum + one[at * CROWDING.length + BEYOND]!, 0) / draws.length);
      const effect = { ...effectOf(of(with_), of(without)), hides: { with: few(with_), without: few(without) } };
      return { key: `${stock.status} ${stock.place} ${what}`, title: `${study.corridor.places[stock.place]!.short}: ${say(what)}`, unit: units[what], effect };
    }),
  ).filter(({ effect }) => effect.with > 0 || effect.without > 0);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{say("crowding")}</h3>
      <ul class="facts-of">
        {rows.map(({ key, title, unit, effect }) => (
          <Fact key={key} name={key} title={title} unit={unit} effect={effect} say={say} language={language} />
        ))}
      </ul>
    </>
  );
}

/** Every number of the measure, deaths, waits and dollars by actor among them. */
function EffectTable({ rows, label, say, language }: { rows: Row[]; label: string; say: Say; language: Language }) {
  return (
    <details>
      <summary>{say("allNumbers", { number: rows.length })}</summary>
      <div class="scroll" role="region" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <ColumnHeads columns={["output", ...EFFECT_COLUMNS.map((word) => OF_A_MEASURE[word] ?? word)]} say={say} />
            </tr>
          </thead>
          {SIDES.map((side) => (
            <tbody key={side} class={side}>
              {rows.some(({ output }) => output.side === side) && (
                <tr class="side">
                  <th scope="rowgroup" colSpan={EFFECT_COLUMNS.length + 1}>
                    {say(side)}
                  </th>
                </tr>
              )}
              {rows.filter(({ output }) => output.side === side).map(({ output, effect }) => (
                <tr key={output.name} data-card-output={output.name} data-numbers={JSON.stringify(numbersOf(effect, output.unit))}>
                  <th scope="row">
                    {output.title} {output.actor && <span class="quiet">{output.actor}</span>}
                  </th>
                  {cells(effect, output.unit, language, say).map((text, at) => (
                    <td key={at}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </details>
  );
}
