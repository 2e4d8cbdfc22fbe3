/** What the reader moves: measures with their dose, days and places, assumptions with their value. */

import { dateText } from "./numbers";
import { canBe, canMove, placesOf, withChange, withMeasure, withParameter, withPlaces } from "./scenario";
import type { Change, Measure, Parameter, Scenario, StudyPage } from "./study";
import type { Language, Say } from "./words";

interface Controls {
  scenario: Scenario;
  change: (scenario: Scenario) => void;
  say: Say;
  language: Language;
}

const MOST_PARAMETERS = 12;
/** What can be changed about a measure that stays where it is, and about one that can be moved. */
const SUMMARY = { dates: ["dates", "datesAndPlaces"], dose: ["doseAndDates", "doseDatesAndPlaces"] } as const;

export function Measures({ study, ...controls }: Controls & { study: StudyPage }) {
  const { say } = controls;
  const { measures, to: lastDate } = study;
  const names = new Map(study.corridor.places.map(({ id, name }) => [id, name]));
  const acting = measures.filter((measure) => measure.acts);
  return (
    <section id="measures" tabIndex={-1} aria-labelledby="measures-title">
      <h2 id="measures-title">{say("measures")}</h2>
      <p class="quiet">{say("measuresNote")}</p>
      <ul class="list">
        {acting.map((measure) => (
          <MeasureRow key={measure.id} measure={measure} lastDate={lastDate} names={names} {...controls} />
        ))}
      </ul>
      {acting.length < measures.length && <p class="quiet">{say("onRecord", { number: measures.length - acting.length })}.</p>}
    </section>
  );
}

interface MeasureRowProps extends Controls {
  measure: Measure;
  lastDate: string;
  /** Id of a place → its name. */
  names: Map<string, string>;
}

function MeasureRow({ measure, lastDate, names, scenario, change, say, language }: MeasureRowProps) {
  const { id } = measure;
  const isOn = !scenario.off.includes(id);
  const changed = scenario.change[id] ?? {};
  const [from, to] = [changed.from ?? measure.from, changed.to ?? measure.to];
  const places = [...new Set(changed.at?.flat())].map((id) => names.get(id)!);
  const words = { from: dateText(from, language), to: to === null ? "" : dateText(to, language) };
  const take = <Key extends keyof Change>(key: Key, value: Change[Key] | null): boolean => {
    const next = withChange(scenario, measure, key, value);
    const possible = canBe(measure, next.change[id] ?? {}, lastDate);
    if (possible) change(next);
    return possible;
  };
  return (
    <li class={!isOn || id in scenario.change ? "changed" : ""} data-measure={id}>
      <label class="switch">
        <input type="checkbox" checked={isOn} onChange={(event) => change(withMeasure(scenario, id, event.currentTarget.checked))} />
        <span>
          <b>{measure.title}</b>
          <span class="quiet">
            {measure.actor} · {say(to === null ? "since" : "until", words)} · {say(isOn ? "inForce" : "takenAway")}
            {places.length > 0 && ` · ${say("movedTo", { places: places.join("; ") })}`}
          </span>
        </span>
      </label>
      <details class="more" open={id in scenario.change}>
        <summary>{say(SUMMARY[measure.terms.length > 0 ? "dose" : "dates"][canMove(measure) ? 1 : 0])}</summary>
        <ul class="terms">
          {[...new Set(measure.acts_on)].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {measure.terms.length > 0 && (
          <div class="dose">
            <label>
              {say("dose")} <NumberBox value={changed.dose ?? measure.dose} disabled={!isOn} take={(value) => take("dose", value)} />
            </label>
            <span class="quiet">
              {say("doseOwn", { dose: measure.dose_text })}
              {measure.dose_means && ` · ${measure.dose_means}`}
            </span>
          </div>
        )}
        <div class="dose">
          <label>
            {say("from")} <DateBox value={from} last={lastDate} disabled={!isOn} take={(value) => take("from", value)} />
          </label>
          <label>
            {say("to")} <DateBox value={to} disabled={!isOn} take={(value) => take("to", value)} />
          </label>
        </div>
        <MeasurePlaces measure={measure} names={names} disabled={!isOn} scenario={scenario} change={change} say={say} />
      </details>
    </li>
  );
}

/** Places where a measure can act, to be ticked; actions that can act at the same places have one list. */
function MeasurePlaces({ measure, names, disabled, scenario, change, say }: Omit<MeasureRowProps, "lastDate" | "language"> & { disabled: boolean }) {
  const { parts } = measure.places;
  const at = placesOf(scenario, measure);
  if (!canMove(measure)) {
    const place = parts[0]?.possible[0];
    return place === undefined ? null : <p class="quiet">{say("onePlace", { place: names.get(place)! })}</p>;
  }
  const tick = (part: number, place: string, box: HTMLInputElement): void => {
    const next = at.map((some, i) => (i !== part ? some : box.checked ? [...some, place] : some.filter((one) => one !== place)));
    const moved = withPlaces(scenario, measure, next);
    if (moved === null) box.checked = true;
    else change(moved);
  };
  return (
    <>
      {parts.map(({ lines, possible }, part) => (
        <fieldset key={part} class="places" data-part={part}>
          <legend>{parts.length > 1 ? `${say("measurePlaces")}: ${lines.join("; ")}` : say("measurePlaces")}</legend>
          {possible.map((place) => (
            <label key={place}>
              <input type="checkbox" value={place} checked={at[part]!.includes(place)} disabled={disabled} onChange={(event) => tick(part, place, event.currentTarget)} /> {names.get(place)}
            </label>
          ))}
        </fieldset>
      ))}
      {at.flat().length === 1 && <p class="quiet">{say("lastPlace")}</p>}
      {scenario.change[measure.id]?.at !== undefined && (
        <button type="button" class="all" onClick={() => change(withChange(scenario, measure, "at", null))}>
          {say("ownPlaces")}
        </button>
      )}
    </>
  );
}

/**
 * A date that is taken when it is whole and possible; an empty box takes it back. What is being typed stays in the box when the page is painted
 * again, as draws come in.
 */
export function DateBox({ value, last, disabled, take }: { value: string | null; last?: string; disabled: boolean; take: (value: string | null) => boolean }) {
  const leave = (box: HTMLInputElement): void => {
    if (box.value !== (value ?? "") && !take(box.value || null)) box.value = value ?? "";
  };
  return (
    <input
      type="date"
      key={value}
      max={last}
      disabled={disabled}
      defaultValue={value ?? ""}
      onBlur={(event) => leave(event.currentTarget)}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

/** A number that is taken when the reader has finished with it, and stays in the box until then; an empty box takes it back. */
export function NumberBox({ value, least, disabled, take }: { value: number | null; least?: number; disabled?: boolean; take: (value: number | null) => void }) {
  return (
    <input
      type="number"
      key={value}
      step="any"
      min={least}
      disabled={disabled}
      defaultValue={value?.toString() ?? ""}
      onChange={(event) => {
        const { value: text, valueAsNumber } = event.currentTarget;
        if (text.trim() === "") take(null);
        else if (Number.isFinite(valueAsNumber) && valueAsNumber >= (least ?? -Infinity)) take(valueAsNumber);
        else event.currentTarget.value = String(value ?? "");
      }}
    />
  );
}

interface Sought {
  sought: string;
  seek: (text: string) => void;
}

export function Parameters({ parameters, sought, seek, ...controls }: Controls & Sought & { parameters: Parameter[] }) {
  const { say, scenario } = controls;
  const wanted = sought.trim().toLowerCase();
  const found = parameters.filter((one) => `${one.title} ${one.name} ${one.note}`.toLowerCase().includes(wanted));
  const fixed = parameters.filter((one) => one.name in scenario.fix);
  const shown = [...new Set([...fixed, ...found.slice(0, MOST_PARAMETERS)])];
  return (
    <section id="assumptions" tabIndex={-1} aria-labelledby="assumptions-title">
      <h2 id="assumptions-title">{say("assumptions")}</h2>
      <p class="quiet">{say("assumptionsNote")}</p>
      <label class="find">
        {say("find")} <input type="search" value={sought} onInput={(event) => seek(event.currentTarget.value)} />
      </label>
      <ul class="list">
        {shown.map((parameter) => (
          <ParameterRow key={parameter.name} parameter={parameter} {...controls} />
        ))}
      </ul>
      {shown.length < parameters.length && <p class="quiet">{say("shown", { shown: shown.length, all: parameters.length })}.</p>}
    </section>
  );
}

const LEVELS = ["low", "middle", "high"] as const;

function ParameterRow({ parameter, scenario, change, say }: Controls & { parameter: Parameter }) {
  const value = scenario.fix[parameter.name];
  const levels = parameter.low < parameter.high ? LEVELS : [];
  const level = value === undefined ? "asDrawn" : (levels.find((one) => parameter[one] === value) ?? "own");
  const fix = (to: number | null): void => change(withParameter(scenario, parameter.name, to));
  return (
    <li class={value === undefined ? "" : "changed"} data-parameter={parameter.name}>
      <b>{parameter.title}</b>
      <span class="quiet">
        {parameter.prior} · {parameter.unit} · {say(`basis_${parameter.basis}`)}
      </span>
      {parameter.can_change ? (
        <div class="dose">
          <select
            aria-label={parameter.title}
            value={level}
            onChange={(event) => {
              const chosen = event.currentTarget.value as "asDrawn" | "own" | (typeof LEVELS)[number];
              if (chosen === "asDrawn") fix(null);
              else fix(chosen === "own" ? Number(parameter.middle.toPrecision(3)) : parameter[chosen]);
            }}
          >
            <option value="asDrawn">{say("asDrawn")}</option>
            {levels.map((one) => (
              <option key={one} value={one}>
                {say(one)} ({parameter[one].toPrecision(3)})
              </option>
            ))}
            <option value="own">{say("own")}</option>
          </select>
          {value !== undefined && (
            <label>
              {say("value")} <NumberBox value={value} take={fix} />
            </label>
          )}
        </div>
      ) : (
        <span class="quiet">{say("cannotFix")}</span>
      )}
    </li>
  );
}
