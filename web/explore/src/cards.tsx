/** Cards of measures: what each did in the study as it was, less the study without it; control never without protection. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { picturedOf, type CardDraw } from "./card-draw";
import { statusName } from "./chosen";
import { ColumnHeads } from "./column-heads";
import { costRows } from "./cost-rows";
import { DifferenceFan } from "./difference-fan";
import { effectOf } from "./effects";
import { dateText, exact, signed, SMALLEST_SHOWN_PEOPLE } from "./numbers";
import { stageOf } from "./pool";
import { distinct, FEWEST_TO_TELL_APART, Headline, totalsOf } from "./results";
import { firstOf } from "./series";
import type { Shown } from "./shown";
import { Span } from "./span";
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
    if (canBegin) want(measure.id, picturedOf(told).map((output) => study.outputs.indexOf(output)));
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
  const rows = told.map((output): Row => {
    const number = study.outputs.indexOf(output);
    return { output, effect: effectOf(series.map((one) => totalsOf(study.outputs, one, first)[number]!), without.map((one) => one.totals[number]!)) };
  });
  const costs = costRows(study, tallies.map(({ usd }) => usd), without.map(({ usd }) => usd), say).filter(({ effect }) => effect.with !== 0 || effect.without !== 0);
  const ends = [tallies.map(({ end }) => end), without.map(({ end }) => end)] as const;
  return (
    <>
      <Headline rows={rows} say={say} language={language} />
      <div class="panels">
        {picturedOf(told).map((output, at) => {
          const number = study.outputs.indexOf(output);
          return (
            <figure key={output.name} class={output.side}>
              <h3>{output.title}</h3>
              <p class="unit">
                {say(output.side)} · {say("effectOverTime")}
              </p>
              <DifferenceFan output={output} now={series.map((one) => one.subarray(first[number], first[number + 1]))} before={without.map((one) => one.series[at]!)} language={language} />
            </figure>
          );
        })}
      </div>
      <Where study={study} ends={ends} say={say} language={language} />
      <Who study={study} ends={ends} say={say} language={language} />
      <Crowding study={study} with_={tallies.map((one) => one.crowding)} without={without.map((one) => one.crowding)} say={say} language={language} />
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
  const rows = whereabouts(study, ends[0], ends[1], "status").filter(({ effect }) => Math.abs(effect.mean) >= SMALLEST_SHOWN_PEOPLE);
  rows.sort((one, other) => Math.abs(other.effect.mean) - Math.abs(one.effect.mean));
  const shown = rows.slice(0, MOST_PLACES);
  const reach = Math.max(...shown.flatMap(({ effect }) => [Math.abs(effect.low80), Math.abs(effect.high80)]), 1e-9);
  return (
    <>
      <h3>{say("atEnd")}</h3>
      {shown.length === 0 && <p class="quiet">{say("nobodyElsewhere")}</p>}
      <ol class="ranked difference">
        {shown.map(({ key, status, effect }) => (
          <li key={key} data-where={key}>
            <span class="what">{status === null ? say("underWay") : statusName(study, Object.keys(study.statuses)[status]!)}</span>
            <Span effect={effect} reach={reach} />
            <span class="number">{signed(effect.mean, "people", language)}</span>
            <span class="quiet">{signWords(effect, "people", say)}</span>
          </li>
        ))}
      </ol>
      {rows.length > shown.length && <p class="quiet">{say("andMore", { number: rows.length - shown.length })}</p>}
    </>
  );
}

function Who({ study, ends, say, language }: Part & { ends: readonly [Float64Array[], Float64Array[]] }) {
  const groups = elsewhereByGroup(study, ends[0], ends[1]).filter(({ people }) => people >= SMALLEST_SHOWN_PEOPLE);
  return (
    <>
      <h3>{say("who")}</h3>
      {groups.length === 0 ? (
        <p class="quiet">{say("nobodyElsewhere")}</p>
      ) : (
        <p>
          {groups.slice(0, MOST_GROUPS).map(({ group, people }) => `${group}: ${exact(people, "people", language)}`).join(" · ")}
          {groups.length > MOST_GROUPS && ` · ${say("andMore", { number: groups.length - MOST_GROUPS })}`}
        </p>
      )}
      <p class="quiet">{say("whoNote")}</p>
    </>
  );
}

/** Places with a capacity: how long they were full, and how many were there beyond their places on the worst day. */
function Crowding({ study, with_, without, say, language }: Part & { with_: Float64Array[]; without: Float64Array[] }) {
  const places = study.corridor.stocks.filter(({ capacity }) => capacity >= 0);
  const units: Record<(typeof CROWDING)[number], string> = { fullDays: "days", beyond: "people", peak: "people" };
  const rows = places.flatMap((stock, at) =>
    CROWDING.map((what, number) => {
      const of = (draws: Float64Array[]): number[] => draws.map((one) => one[at * CROWDING.length + number]!);
      return { key: `${stock.status} ${stock.place} ${what}`, title: `${study.corridor.places[stock.place]!.short}: ${say(what)}`, unit: units[what], effect: effectOf(of(with_), of(without)) };
    }),
  ).filter(({ effect }) => effect.with > 0 || effect.without > 0);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{say("crowding")}</h3>
      <div class="scroll" role="region" aria-label={say("crowding")} tabIndex={0}>
        <table class="protection">
          <Head say={say} first="place" />
          <tbody>
            {rows.map(({ key, title, unit, effect }) => (
              <tr key={key}>
                <th scope="row">{title}</th>
                {cells(effect, unit, language, say).map((text, at) => (
                  <td key={at}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
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
          <Head say={say} first="output" />
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
                <tr key={output.name} data-card-output={output.name} data-numbers={JSON.stringify({ with: effect.with, without: effect.without, mean: effect.mean, median: effect.median, low80: effect.low80, high80: effect.high80 })}>
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

function Head({ say, first }: { say: Say; first: Word }) {
  return (
    <thead>
      <tr>
        <ColumnHeads columns={[first, ...EFFECT_COLUMNS.map((word) => OF_A_MEASURE[word] ?? word)]} say={say} />
      </tr>
    </thead>
  );
}
