/** Where: an output by place, as it was and with the change. */

import { useMemo, useState } from "preact/hooks";
import { ColumnHeads } from "./column-heads";
import { effectOf } from "./effects";
import type { Guarded } from "./guarded";
import { firstPlaceOf } from "./series";
import type { Output } from "./study";
import { isHidden, numbersOf } from "./shown-effects";
import { EFFECT_COLUMNS, cells } from "./totals";
import type { Language, Say, Word } from "./words";

interface Shown {
  outputs: Output[];
  told: Output[];
  now: Float64Array[];
  before: Float64Array[];
  hiddenNow: Guarded;
  hiddenBefore: Guarded;
  say: Say;
  language: Language;
}

export function Places({ outputs, told, now, before, hiddenNow, hiddenBefore, say, language }: Shown) {
  const first = useMemo(() => firstPlaceOf(outputs), [outputs]);
  const byPlace = told.filter((output) => (output.places?.labels.length ?? 0) > 1);
  const [chosen, choose] = useState("");
  const output = byPlace.find((one) => one.name === chosen) ?? byPlace[0];
  if (output === undefined) return null;
  const number = outputs.indexOf(output);
  const at = first[number]!;
  const rows = output.places!.labels.map((label, place) => {
    const of = (draws: Float64Array[]): number[] => draws.map((series) => series[at + place]!);
    const hides = { with: hiddenNow.places[number]![place] ?? false, without: hiddenBefore.places[number]![place] ?? false };
    return { label, name: output.places!.names[place]!, effect: { ...effectOf(of(now), of(before)), hides } };
  });
  const size = ({ effect }: (typeof rows)[number]): number => (isHidden(effect, output.unit) ? -1 : Math.abs(effect.mean));
  rows.sort((one, other) => size(other) - size(one) || (size(one) < 0 ? 0 : other.effect.without - one.effect.without));
  const someHidden = rows.some((row) => size(row) < 0);
  const columns: Word[] = ["place", ...EFFECT_COLUMNS];
  return (
    <>
      <h3 id="where-title">{say("where")}</h3>
      <p>
        <select aria-label={say("where")} value={output.name} onChange={(event) => choose(event.currentTarget.value)}>
          {byPlace.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </select>
      </p>
      <div class="scroll" role="region" aria-labelledby="where-title" tabIndex={0}>
        <table class={output.side}>
          <thead>
            <tr>
              <ColumnHeads columns={columns} say={say} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, name, effect }) => (
              <tr key={label} data-place={label} data-numbers={JSON.stringify(numbersOf(effect, output.unit))}>
                <th scope="row">{name}</th>
                {cells(effect, output.unit, language, say).map((text, i) => (
                  <td key={i}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {someHidden && <p class="quiet">{say("hiddenNote")}</p>}
    </>
  );
}
