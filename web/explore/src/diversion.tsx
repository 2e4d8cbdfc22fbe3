/** Where people are instead: of a difference in one output, so many elsewhere, so many waiting, so many returned; conserved to the person. */

import { useMemo, useRef, useState } from "preact/hooks";
import { statusName } from "./chosen";
import { ColumnHeads } from "./column-heads";
import { effectOf, type Effect } from "./effects";
import { guarded } from "./guarded";
import { drawnAt, exact, MISSING, signed } from "./numbers";
import { stageOf } from "./pool";
import { Sankey, type Node } from "./sankey";
import { firstOf, firstPlaceOf, totalOf } from "./series";
import type { Shown } from "./shown";
import { effectText, intervalText, isHidden, largestDrawnFirst, numbersOf } from "./shown-effects";
import { reachOf, Span } from "./span";
import type { Output, StudyPage } from "./study";
import { cells, EFFECT_COLUMNS, isUnsure, signWords } from "./totals";
import { useLater } from "./use-later";
import { useSize } from "./use-size";
import { whereabouts, type Whereabouts } from "./whereabouts";
import type { Language, Say } from "./words";

type By = "status" | "place";

const PAUSE_MS = 40;
const MOST_NODES = 6;
const SMALLEST_SHARE = 0.02;
/** A mean smaller than so many of its standard errors is too small to divide by (src/corredor/effects/compare/diversion.py). */
const FEWEST_ERRORS = 2;
const ROUNDING_PEOPLE = 1e-6;

/** Worked out again when twice as many draws have come, so that painting does not hold them up. */
export function Diversion({ study, drawn, alone, say, language }: Shown) {
  const stage = useLater(stageOf(drawn.scenario.size, study.kernel.draws.number), PAUSE_MS);
  return useMemo(() => <Told study={study} drawn={drawn} alone={alone} say={say} language={language} />, [stage, drawn.scenario, alone, language]);
}

function Told({ study, drawn, alone, say, language }: Shown) {
  const moving = useMemo(() => study.outputs.filter(countsMoves), [study]);
  const [chosen, choose] = useState("");
  const [by, setBy] = useState<By>("status");
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const output = moving.find((one) => one.name === chosen) ?? moving.find((one) => one.side === "control") ?? moving[0];
  const draws = alone ? [] : [...drawn.scenario.keys()].sort((one, other) => one - other);
  const rows = useMemo(
    () => whereabouts(study, draws.map((draw) => drawn.corridor.scenario.get(draw)!.end), draws.map((draw) => drawn.corridor.baseline.get(draw)!.end), by),
    [study, drawn.scenario, draws.length, by],
  );
  if (output === undefined) return null;
  const number = study.outputs.indexOf(output);
  const first = firstOf(study.outputs);
  const total = (series: Float64Array): number => totalOf(output, series.subarray(first[number], first[number + 1]));
  const [now, before] = [draws.map((draw) => drawn.scenario.get(draw)!), draws.map((draw) => drawn.baseline.get(draw)!)];
  const differences = now.map((series, at) => total(series) - total(before[at]!));
  const hidden = useMemo(() => (draws.length > 0 ? [now, before].map((series) => guarded(study.outputs, series, totalsIn(study.outputs, series))) : []), [study, drawn.scenario, draws.length]);
  const effect: Effect = { ...effectOf(now.map(total), before.map(total)), hides: { with: hidden[0]?.totals[number] ?? false, without: hidden[1]?.totals[number] ?? false } };
  const name = (row: Whereabouts): string => nameOf(study, row, say);
  return (
    <section id="diversion" tabIndex={-1} aria-labelledby="diversion-title" data-draws={draws.length}>
      <h2 id="diversion-title">{say("diversion")}</h2>
      {alone ? (
        <p class="deck">{say("diversionNothing")}</p>
      ) : (
        <>
          <p class="quiet">{say("diversionNote")}</p>
          <p>
            <label class="who">
              {say("diversionOf")}{" "}
              <select value={output.name} onChange={(event) => choose(event.currentTarget.value)}>
                {moving.map((one) => (
                  <option key={one.name} value={one.name}>
                    {one.title}
                  </option>
                ))}
              </select>
            </label>
          </p>
          {draws.length > 0 && (
            <>
              <p class="deck">
                <b>{effectText(effect, "people", language)}</b> {say("people")} ({say("interval")}: {intervalText(effect, "people", language)}): {signWords(effect, "people", say)}.
              </p>
              <h3>{say("atEnd")}</h3>
              <label class="who">
                {say("tellBy")}{" "}
                <select value={by} onChange={(event) => setBy(event.currentTarget.value as By)}>
                  <option value="status">{say("byStatus")}</option>
                  <option value="place">{say("byStatusAndPlace")}</option>
                </select>
              </label>
              <div ref={frame} class="sankey-frame difference">
                <Balance rows={rows} name={name} size={size} say={say} language={language} />
              </div>
              <WhereTable rows={rows} name={name} per={isHidden(effect, "people") ? NaN : scaleOf(effect, differences)} say={say} language={language} />
              <Elsewhere study={study} output={output} now={now} before={before} whole={effect} hidden={hidden.map((of) => of.places[number]!)} say={say} language={language} />
            </>
          )}
        </>
      )}
    </section>
  );
}

/** The picture, with the small ones of each side together. */
function Balance({ rows, name, size, say, language }: { rows: Whereabouts[]; name: (row: Whereabouts) => string; size: "wide" | "narrow"; say: Say; language: Language }) {
  // what must not be shown is not drawn either, as the sides of the picture add up
  const known = rows.filter((row) => !isHidden(row.effect, "people"));
  const sides = [-1, 1].map((sign) => known.filter((row) => sign * row.effect.mean > 0).sort((one, other) => Math.abs(other.effect.mean) - Math.abs(one.effect.mean)));
  const whole = Math.max(...sides.map((side) => side.reduce((sum, row) => sum + Math.abs(row.effect.mean), 0)));
  const isAll = !rows.some(({ effect }) => isHidden(effect, "people") && (effect.up > 0 || effect.down > 0));
  if (whole < ROUNDING_PEOPLE) return <p class="quiet">{say(isAll ? "nobodyElsewhere" : "fewElsewhere")}</p>;
  const nodes = sides.map((side, at): Node[] => {
    const large = side.filter((row, number) => number < MOST_NODES && Math.abs(row.effect.mean) >= SMALLEST_SHARE * whole);
    const small = side.slice(large.length);
    const rest = small.reduce((sum, row) => sum + row.effect.mean, 0);
    const told = large.map((row): Node => {
      const unsure = isUnsure(row.effect);
      return { key: row.key, name: name(row), number: `${signed(row.effect.mean, "people", language)}${unsure ? ` ${say("unsureShort")}` : ""}`, people: drawnAt(Math.abs(row.effect.mean), "people"), unsure };
    });
    return Math.abs(rest) > ROUNDING_PEOPLE ? [...told, { key: `rest${at}`, name: say(small.length === 1 ? "oneOther" : "othersTogether", { number: small.length }), number: signed(rest, "people", language), people: drawnAt(Math.abs(rest), "people"), unsure: false }] : told;
  });
  return (
    <>
      <p class="balance-head">{say(isAll ? "balance" : "balanceAtLeast", { people: exact(whole, "people", language) })}</p>
      <Sankey fewer={nodes[0]!} more={nodes[1]!} size={size} label={say("balanceLabel")} />
    </>
  );
}

function WhereTable({ rows, name, per, say, language }: { rows: Whereabouts[]; name: (row: Whereabouts) => string; per: number; say: Say; language: Language }) {
  const shown = rows.filter(({ effect }) => effect.up > 0 || effect.down > 0);
  const left = rows.reduce((sum, { effect }) => sum + effect.mean, 0);
  return (
    <>
      <details>
        <summary>{say("tableOfEnd", { number: shown.length })}</summary>
        <div class="scroll" role="region" aria-label={say("atEnd")} tabIndex={0}>
          <table class="movement">
            <thead>
              <tr>
                <th scope="col">{say("whereAtEnd")}</th>
                <th scope="col">{say("effect")}</th>
                {Number.isFinite(per) && <th scope="col">{say("perThousand")}</th>}
                <ColumnHeads columns={EFFECT_COLUMNS.slice(1)} say={say} />
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => {
                const [mean, ...others] = cells(row.effect, "people", language, say);
                const { effect } = row;
                const each = isHidden(effect, "people") ? NaN : (1000 * effect.mean) / per;
                return (
                  <tr key={row.key} data-where={row.key} data-numbers={JSON.stringify({ ...numbersOf(effect, "people"), per_1000: Number.isFinite(each) ? each : null })}>
                    <th scope="row">{name(row)}</th>
                    <td>{mean}</td>
                    {Number.isFinite(per) && <td>{signed(each, "people", language)}</td>}
                    {others.map((text, at) => (
                      <td key={at}>{text}</td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </details>
      {shown.some(({ effect }) => isHidden(effect, "people")) && <p class="quiet">{say("hiddenNote")}</p>}
      <p class="quiet">
        {Math.abs(left) < ROUNDING_PEOPLE ? say("addsUp") : say("leftOver", { people: signed(left, "people", language) })}
      </p>
    </>
  );
}

/** The same output at every place, the largest difference first; what the places do not add up to is said. */
function Elsewhere({ study, output, now, before, whole, hidden, say, language }: { study: StudyPage; output: Output; now: Float64Array[]; before: Float64Array[]; whole: Effect; hidden: boolean[][]; say: Say; language: Language }) {
  const labels = output.places?.labels ?? [];
  if (labels.length < 2) return <p class="quiet">{say("noPlaces")}</p>;
  const at = firstPlaceOf(study.outputs)[study.outputs.indexOf(output)]!;
  const rows = labels.map((label, place) => ({ label, name: output.places!.names[place]!, effect: { ...effectOf(now.map((series) => series[at + place]!), before.map((series) => series[at + place]!)), hides: { with: hidden[0]![place]!, without: hidden[1]![place]! } } }));
  rows.sort(largestDrawnFirst);
  const reach = reachOf(rows.map(({ effect }) => effect));
  const rest = whole.mean - rows.reduce((sum, { effect }) => sum + effect.mean, 0);
  return (
    <>
      <h3>{say("sameElsewhere")}</h3>
      <ol class="ranked difference">
        {rows.map(({ label, name, effect }) => (
          <li key={label} data-place-of={label}>
            <span class="what">{name}</span>
            <Span effect={effect} reach={reach} />
            <span class="number">{effectText(effect, "people", language)}</span>
            <span class="quiet">{signWords(effect, "people", say)}</span>
          </li>
        ))}
      </ol>
      {rows.some(({ effect }) => effectText(effect, "people", language) === MISSING) && <p class="quiet">{say("hiddenNote")}</p>}
      {!isHidden(whole, "people") && Math.abs(rest) > ROUNDING_PEOPLE && <p class="quiet">{say("restOfPlaces", { people: signed(rest, "people", language) })}</p>}
    </>
  );
}

function totalsIn(outputs: Output[], draws: Float64Array[]): number[] {
  const first = firstOf(outputs);
  return outputs.map((output, number) => draws.reduce((sum, series) => sum + totalOf(output, series.subarray(first[number], first[number + 1])), 0) / draws.length);
}

function countsMoves(output: Output): boolean {
  return !output.mean && output.class_middle_days === undefined && output.account_of === undefined && output.unit === "people";
}

function nameOf(study: StudyPage, { status, place }: Whereabouts, say: Say): string {
  const where = place === null ? "" : study.corridor.places[place]!.short;
  if (status === null) return place === null ? say("underWay") : say("underWayTo", { place: where });
  const name = statusName(study, Object.keys(study.statuses)[status]!);
  return place === null ? name : `${where}: ${name}`;
}

/** People by whom differences are divided: the mean effect, where it can be told from 0. */
function scaleOf(effect: Effect, differences: number[]): number {
  const variance = differences.reduce((sum, one) => sum + (one - effect.mean) ** 2, 0) / Math.max(differences.length - 1, 1);
  const error = Math.sqrt(variance / Math.max(differences.length, 1));
  return effect.mean !== 0 && Math.abs(effect.mean) >= FEWEST_ERRORS * error ? Math.abs(effect.mean) : NaN;
}
