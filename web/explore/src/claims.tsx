/** Verdict cards of the study's claims; of an effect, an assumption can be moved to see where the verdict flips. */

import { useState } from "preact/hooks";
import { CopyButton } from "./copying";
import { dateText, short } from "./numbers";
import type { Pool } from "./pool";
import type { Asked, Claim, Parameter, StudyPage, Verdict } from "./study";
import { asTable } from "./table-text";
import { judge, type Judged } from "./verdicts";
import type { Language, Say, Word } from "./words";

const VERDICTS: Record<Verdict, Word> = {
  contradicted: "verdictContradicted",
  supported: "verdictSupported",
  "no large effect": "verdictNotLarge",
  "repeats its source": "verdictRepeats",
  "cannot tell": "verdictCannotTell",
  "not testable": "verdictNotTestable",
};

const VALUES = 7;
/** Draws from which on the answer is shown while others are still run. */
const FEWEST_DRAWS = 10;
const LOG_FROM_RATIO = 20;

interface Told {
  study: StudyPage;
  pool: Pool | null;
  /** Answers that are there: the panel is painted anew when it changes. */
  answered: number;
  say: Say;
  language: Language;
}

export function Claims({ study, pool, say, language }: Told) {
  const order = Object.keys(VERDICTS) as Verdict[];
  const groups = order.map((verdict) => ({ verdict, claims: study.claims.filter((claim) => claim.verdict === verdict) })).filter(({ claims }) => claims.length > 0);
  const [only, choose] = useState<Verdict | null>(null);
  if (study.claims.length === 0) {
    return (
      <section id="claims">
        <h2>{say("claims")}</h2>
        <p>{say("noClaims")}</p>
      </section>
    );
  }
  const table = (): string =>
    asTable([
      [say("claim"), say("saidBy"), say("verdict"), say("why")],
      ...study.claims.map((claim) => [claim.says, claim.said, say(VERDICTS[claim.verdict]), claim.headline]),
    ]);
  return (
    <section id="claims" aria-labelledby="claims-title">
      <h2 id="claims-title">{say("claims")}</h2>
      <p>{say("claimsNote", { number: study.claims.length, day: dateText(study.claims_as_of, language) })}</p>
      <ul class="tally" aria-label={say("verdicts")}>
        {groups.map(({ verdict, claims }) => (
          <li key={verdict}>
            <button type="button" class={css(verdict)} aria-pressed={only === verdict} onClick={() => choose(only === verdict ? null : verdict)}>
              <Mark verdict={verdict} />
              <b>{claims.length}</b> {say(VERDICTS[verdict])}
            </button>
          </li>
        ))}
      </ul>
      <div class="cards">
        {groups
          .filter(({ verdict }) => only === null || only === verdict)
          .flatMap(({ claims }) => claims)
          .map((claim) => (
            <Card key={claim.id} claim={claim} study={study} pool={pool} say={say} language={language} />
          ))}
      </div>
      <p>
        <CopyButton text={table} label={say("copy")} say={say} />
      </p>
    </section>
  );
}

interface CardProps extends Omit<Told, "answered"> {
  claim: Claim;
}

function Card({ claim, study, pool, say, language }: CardProps) {
  const sources = new Map(study.sources.map((source) => [source.id, source]));
  // the verdict itself stands above
  const rest = claim.headline.replace(new RegExp(`^${claim.verdict}:?\\s*`, "i"), "");
  const found = rest.charAt(0).toUpperCase() + rest.slice(1);
  return (
    <article class={`claim ${css(claim.verdict)}`} data-claim={claim.id} data-verdict={claim.verdict}>
      <h3 lang="en">“{claim.says}”</h3>
      <p class="quiet" lang="en">
        {claim.said}
      </p>
      <p class="verdict">
        <Mark verdict={claim.verdict} /> {say(VERDICTS[claim.verdict])}
      </p>
      {found && <p lang="en">{found}</p>}
      {claim.asked && <Moved asked={claim.asked} claim={claim} study={study} pool={pool} say={say} language={language} />}
      <details>
        <summary>{say("why")}</summary>
        <div lang="en">
          <p>
            {claim.why} <span class="quiet">({claim.rule})</span>
          </p>
          {claim.bounds && <p>{claim.bounds}</p>}
          {claim.probability && <p>{`${say("chanceHolds")}: ${claim.probability}`}</p>}
          <ul class="terms">
            {claim.evidence.map((row, i) => (
              <li key={i}>
                {row.text}
                {row.source.length > 0 && ` (${row.source.map((id) => sources.get(id)?.publisher ?? id).join("; ")})`}
              </li>
            ))}
          </ul>
          {claim.assumed.length > 0 && (
            <>
              <h4 lang={language}>{say("restsOn")}</h4>
              <ul class="terms">
                {claim.assumed.map((row, i) => (
                  <li key={i}>{row.text}</li>
                ))}
              </ul>
            </>
          )}
          {claim.would_change && (
            <p>
              <b lang={language}>{say("wouldChange")}:</b> {claim.would_change}
            </p>
          )}
        </div>
      </details>
    </article>
  );
}

/** Where the verdict flips when an assumption is moved: the same simulations with and without the measures, for several of its values. */
function Moved({ asked, claim, study, pool, say, language }: CardProps & { asked: Asked }) {
  const parameters = asked.rests_on.map((name) => study.parameters.find((one) => one.name === name)!).filter((one) => one.can_change && one.low < one.high);
  const [chosen, choose] = useState("");
  const parameter = parameters.find((one) => one.name === chosen) ?? parameters[0];
  if (parameter === undefined) return null;
  const question = pool?.question ?? null;
  const isMine = question !== null && question.parts === asked.parts && question.parameter === parameter.name;
  const values = valuesOf(parameter);
  const ask = (): void => pool?.ask({ parts: asked.parts, measures: asked.measures, parameter: parameter.name, values });
  const pairs = isMine ? [...pool!.answers.values()] : [];
  const isLearned = asked.learned && !asked.acts_by.includes(parameter.name);
  const points = pairs.length >= Math.min(FEWEST_DRAWS, study.kernel.draws.number) ? values.map((_, at) => judge(asked, pairs.map((of) => of[at]!), study.fitted, isLearned)) : [];
  return (
    <div class="moved">
      <label>
        {say("moveIt")}{" "}
        <select value={parameter.name} onChange={(event) => choose(event.currentTarget.value)}>
          {parameters.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={ask}>
        {say("whereItFlips")}
      </button>
      {isMine && (
        <span class="quiet" role="status" data-answered={pairs.length}>
          {say(pairs.length < study.kernel.draws.number ? "stillRunning" : "ready", { done: pairs.length, all: study.kernel.draws.number })}
        </span>
      )}
      {points.length > 0 && (
        <>
          <Curve claim={claim} parameter={parameter} values={values} points={points} say={say} language={language} />
          <p class="flip">{flipWords(values, points, parameter, say, language)}</p>
        </>
      )}
    </div>
  );
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [400, 150, 44, 10, 10, 36];

interface CurveProps {
  claim: Claim;
  parameter: Parameter;
  values: number[];
  points: Judged[];
  say: Say;
  language: Language;
}

/** The chance that the claim holds by value of the assumption; each point has the mark of its verdict. */
function Curve({ claim, parameter, values, points, say, language }: CurveProps) {
  const x = (at: number): number => LEFT + 8 + ((WIDTH - LEFT - RIGHT - 16) * at) / (values.length - 1);
  const y = (share: number): number => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
  const label = `${say("chanceHolds")}: ${values.map((value, at) => `${short(value, "", language)}: ${Math.round(100 * points[at]!.probability)} %, ${say(VERDICTS[points[at]!.verdict])}`).join("; ")}`;
  return (
    <svg class="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} data-claim-curve={claim.id} data-points={JSON.stringify(points.map((point, at) => ({ value: values[at], ...point })))}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} />
          <text class="end" x={LEFT - 5} y={y(share) + 4}>{`${100 * share} %`}</text>
        </g>
      ))}
      {[0.025, 0.975].map((share) => (
        <line key={share} class="rule" x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} />
      ))}
      <path class="median" d={`M${points.map((point, at) => `${x(at).toFixed(1)},${y(point.probability).toFixed(1)}`).join("L")}`} />
      {points.map((point, at) => (
        <g key={at} class={css(point.verdict)} transform={`translate(${x(at) - 8} ${y(point.probability) - 8}) scale(.66)`}>
          <circle class="ground" cx="12" cy="12" r="12" />
          <MarkLines verdict={point.verdict} />
        </g>
      ))}
      {[0, (values.length - 1) / 2, values.length - 1].map((at) => (
        <text key={at} class="middle" x={x(at)} y={HEIGHT - 20}>
          {short(Number(values[at]!.toPrecision(3)), "", language)}
        </text>
      ))}
      <text class="middle" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 5}>
        {parameter.unit}
      </text>
    </svg>
  );
}

/** From the low to the high value of an assumption in equal steps; in equal ratios where it goes through several sizes. */
export function valuesOf({ low, high }: Parameter): number[] {
  const isWide = low > 0 && high / low > LOG_FROM_RATIO;
  return Array.from({ length: VALUES }, (_, i) => (isWide ? low * (high / low) ** (i / (VALUES - 1)) : low + ((high - low) * i) / (VALUES - 1)));
}

function flipWords(values: number[], points: Judged[], parameter: Parameter, say: Say, language: Language): string {
  const text = (value: number): string => `${short(Number(value.toPrecision(3)), "", language)} ${parameter.unit}`;
  const flips = points.slice(1).flatMap((point, i) => (point.verdict === points[i]!.verdict ? [] : [{ at: i, to: point }]));
  const whys = [...new Set(points.map((point) => point.why))].map((why) => say(`why_${why}`)).join("; ");
  if (flips.length === 0) return say("neverFlips", { low: text(values[0]!), high: text(values.at(-1)!), verdict: say(VERDICTS[points[0]!.verdict]), why: whys });
  const told = flips.map(({ at, to }) => say("flips", { from: text(values[at]!), to: text(values[at + 1]!), before: say(VERDICTS[points[at]!.verdict]), verdict: say(VERDICTS[to.verdict]) }));
  return `${told.join("; ")}. (${whys})`;
}

function css(verdict: Verdict): string {
  return verdict.replaceAll(" ", "-");
}

function Mark({ verdict }: { verdict: Verdict }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <MarkLines verdict={verdict} />
    </svg>
  );
}

/** The marks of the page of claims: a shape for each verdict, not a colour alone. */
function MarkLines({ verdict }: { verdict: Verdict }) {
  const round = <circle class="mark" cx="12" cy="12" r="10" />;
  if (verdict === "supported") return <>{round}<path class="mark" d="M7 12.5l3.4 3.6L17 8.6" /></>;
  if (verdict === "contradicted") return <><rect class="mark" x="2.5" y="2.5" width="19" height="19" /><path class="mark" d="M8 8l8 8m0-8l-8 8" /></>;
  if (verdict === "no large effect") return <>{round}<path class="mark" d="M6.5 10.5c2-2 3.5-2 5.5-.3s3.5 1.7 5.5-.3M6.5 15.5c2-2 3.5-2 5.5-.3s3.5 1.7 5.5-.3" /></>;
  if (verdict === "repeats its source") return <>{round}<path class="mark" d="M7.5 10.5a5 5 0 0 1 9-.5M16.5 13.5a5 5 0 0 1-9 .5M16.5 6.8v3.2h-3.2M7.5 17.2v-3.2h3.2" /></>;
  if (verdict === "cannot tell") return <><path class="mark" d="M12 1.5L22.5 12 12 22.5 1.5 12z" /><path class="mark" d="M9.6 9.6c.2-1.6 1.2-2.4 2.5-2.4 1.5 0 2.5.9 2.5 2.3 0 1.9-2.4 2-2.5 4M12 16.9v.2" /></>;
  return <><circle class="mark dashed" cx="12" cy="12" r="10" /><path class="mark" d="M8 12h8" /></>;
}
