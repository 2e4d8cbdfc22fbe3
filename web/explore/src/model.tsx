/** How people move in the model: a picture of statuses and the ways between them, every transition with its rate, every assumption. */

import { useMemo, useState } from "preact/hooks";
import { ColumnHeads } from "./column-heads";
import { CopyButton } from "./copying";
import { graphOf, type Graph, type Way } from "./graph";
import { short } from "./numbers";
import type { Parameter, StudyPage, Transition } from "./study";
import { asTable } from "./table-text";
import type { Language, Say, Word } from "./words";

interface Told {
  study: StudyPage;
  say: Say;
  language: Language;
  seek: (parameter: string) => void;
}

/** A status, or a way from one to another, that the reader has chosen; a name is one of the list's transitions. */
interface Chosen {
  from?: string;
  to?: string;
}

export function Model({ study, say, language, seek }: Told) {
  const [chosen, choose] = useState<Chosen>({});
  const names = new Set(study.parameters.map((parameter) => parameter.name));
  const graph = useMemo(() => {
    const types = Object.entries(study.status_types);
    const starts = types.filter(([, type]) => type === "population").map(([status]) => status);
    return graphOf(study.transitions, starts);
  }, [study]);
  const isShown = ({ from, to }: Transition): boolean => {
    if (chosen.from !== undefined && chosen.to !== undefined) return from === chosen.from && to === chosen.to;
    return chosen.from === undefined || from === chosen.from || to === chosen.from;
  };
  const shown = study.transitions.filter(isShown);
  return (
    <section id="model" aria-labelledby="model-title">
      <h2 id="model-title">{say("model")}</h2>
      <p>{say("graphNote")}</p>
      <div class="two">
        <div class="scroll picture" role="region" aria-label={say("graph")} tabIndex={0}>
          <Picture graph={graph} study={study} chosen={chosen} choose={choose} say={say} />
        </div>
        <div class="beside">
          <h3 id="transitions-title">
            {say("transitionsShown", { shown: shown.length, all: study.transitions.length })}
            {chosen.from !== undefined && (
              <button type="button" class="all" onClick={() => choose({})}>
                {say("showAll")}
              </button>
            )}
          </h3>
          <ul class="list" aria-labelledby="transitions-title">
            {shown.map((transition) => (
              <Move key={transition.name} transition={transition} statuses={study.statuses} names={names} seek={seek} />
            ))}
          </ul>
        </div>
      </div>
      <Assumptions study={study} say={say} language={language} seek={seek} />
    </section>
  );
}

const [NODE_WIDTH, NODE_HEIGHT, COLUMN, ROW, EDGE] = [150, 42, 176, 92, 46];
const LETTERS = 20;
const LEGEND = ["population", "stay", "gate", "queue"] as const;

interface PictureProps {
  graph: Graph;
  study: StudyPage;
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
  say: Say;
}

function Picture({ graph, study, chosen, choose, say }: PictureProps) {
  const columns = Math.max(...graph.rows.map((row) => row.length));
  const width = 2 * EDGE + columns * COLUMN;
  const height = graph.rows.length * ROW - (ROW - NODE_HEIGHT) + 2 * 12;
  const at = (status: string): [number, number] => {
    const { row, column } = graph.nodes.get(status)!;
    const inRow = graph.rows[row]!.length;
    return [width / 2 + (column - (inRow - 1) / 2) * COLUMN, 12 + row * ROW + NODE_HEIGHT / 2];
  };
  const toggle = (next: Chosen): void => choose(next.from === chosen.from && next.to === chosen.to ? {} : next);
  const isFaint = (way: Way): boolean =>
    chosen.from !== undefined && !(chosen.to === undefined ? way.from === chosen.from || way.to === chosen.from : way.from === chosen.from && way.to === chosen.to);
  const press = (next: Chosen) => ({
    role: "button" as const,
    tabindex: 0,
    "aria-pressed": next.from === chosen.from && next.to === chosen.to,
    onClick: () => toggle(next),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(next);
    },
  });
  return (
    <>
      <svg class="graph" viewBox={`0 0 ${width} ${height}`} style={{ width: `${width}px` }} role="group" aria-label={say("graph")}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="tip" d="M0 0.8L7.5 4 0 7.2z" />
          </marker>
        </defs>
        {graph.ways.map((way) => (
          <g key={`${way.from}>${way.to}`} class={isFaint(way) ? "way faint" : "way"} data-way={`${way.from}>${way.to}`} aria-label={`${name(way.from)} → ${name(way.to)}: ${way.transitions.map((one) => one.name).join("; ")}`} {...press({ from: way.from, to: way.to })}>
            <path class="touch" d={pathOf(at(way.from), at(way.to), width)} />
            <path class="line" marker-end="url(#arrow)" d={pathOf(at(way.from), at(way.to), width)} />
          </g>
        ))}
        {[...graph.nodes.keys()].map((status) => {
          const [x, y] = at(status);
          const lines = inLines(name(status));
          return (
            <g key={status} class={`node ${study.status_types[status] ?? "stay"}`} data-status={status} aria-label={`${name(status)}: ${study.statuses[status] ?? ""}`} {...press({ from: status })}>
              <title>{study.statuses[status] ?? name(status)}</title>
              <rect x={x - NODE_WIDTH / 2} y={y - NODE_HEIGHT / 2} width={NODE_WIDTH} height={NODE_HEIGHT} rx={study.status_types[status] === "gate" ? NODE_HEIGHT / 2 : 5} />
              {lines.map((line, i) => (
                <text key={i} class="middle" x={x} y={y + 4 + (i - (lines.length - 1) / 2) * 14}>
                  {line}
                </text>
              ))}
            </g>
          );
        })}
      </svg>
      <ul class="legend">
        {LEGEND.map((type) => (
          <li key={type}>
            <svg viewBox="0 0 28 16" class="graph" aria-hidden="true">
              <g class={`node ${type}`}>
                <rect x="2" y="2" width="24" height="12" rx={type === "gate" ? 6 : 2} />
              </g>
            </svg>
            {say(`type_${type}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

function name(status: string): string {
  return status.replaceAll("_", " ");
}

/** From below one status to above another, or from above to below; in the same row from side to side, or over what lies between. */
function pathOf([x0, y0]: [number, number], [x1, y1]: [number, number], width: number): string {
  const half = NODE_HEIGHT / 2;
  if (x0 === x1 && y0 === y1) return `M${x0 + 45} ${y0 - half}c10 -22 -50 -22 -40 -1`;
  if (y0 === y1) {
    const side = x1 > x0 ? 1 : -1;
    if (Math.abs(x1 - x0) <= COLUMN) return `M${x0 + (side * NODE_WIDTH) / 2} ${y0 + side * 6}L${x1 - side * (NODE_WIDTH / 2 + 1)} ${y1 + side * 6}`;
    return `M${x0} ${y0 - half}C${x0} ${y0 - ROW * 0.55} ${x1} ${y1 - ROW * 0.55} ${x1} ${y1 - half - 1}`;
  }
  // ways up lie a little to the right of ways down, and far ones bend to the side, past the statuses between
  const [down, shift] = y1 > y0 ? [1, -10] : [-1, 10];
  const bend = Math.abs(y1 - y0) > ROW * 1.5 ? (x0 + x1 < width ? -1 : 1) * COLUMN * 0.5 : 0;
  const middle = (y0 + y1) / 2;
  return `M${x0 + shift} ${y0 + down * half}C${x0 + shift + bend} ${middle} ${x1 + shift + bend} ${middle} ${x1 + shift} ${y1 - down * (half + 1)}`;
}

/** A name in one or two lines. */
function inLines(text: string): string[] {
  if (text.length <= LETTERS) return [text];
  const words = text.split(" ");
  let first = "";
  while (words.length > 1 && `${first} ${words[0]}`.trim().length <= LETTERS) first = `${first} ${words.shift()}`.trim();
  const rest = words.join(" ");
  return [first, rest.length > LETTERS ? `${rest.slice(0, LETTERS - 1)}…` : rest].filter(Boolean);
}

interface MoveProps {
  transition: Transition;
  statuses: Record<string, string>;
  names: Set<string>;
  seek: (parameter: string) => void;
}

function Move({ transition, statuses, names, seek }: MoveProps) {
  const status = (id: string): string => statuses[id] || name(id);
  return (
    <li>
      <b>{transition.name}</b>
      <span class="quiet">
        {status(transition.from)} → {status(transition.to)}
        {transition.along && ` · ${transition.along}`}
      </span>
      <ul class="terms">
        {transition.terms.map((term, number) => (
          <li key={number}>
            {term.split(/(\w+)/).map((word, i) =>
              names.has(word) ? (
                <button key={i} type="button" class="name" onClick={() => seek(word)}>
                  {word}
                </button>
              ) : (
                word
              ),
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

const COLUMNS: Word[] = ["assumption", "prior", "drawn", "unit", "restsOnShort", "learned"];

/** Every parameter: its prior, what the page draws from, what it rests on; assumed ones first, as a reader must know these. */
function Assumptions({ study, say, language, seek }: Told) {
  const text = (value: number): string => short(Number(value.toPrecision(3)), "", language);
  const cellsOf = (one: Parameter): string[] => [
    one.prior,
    one.low < one.high ? `${text(one.low)} … ${text(one.middle)} … ${text(one.high)}` : text(one.middle),
    one.unit,
    say(`basis_${one.basis}`),
    say(one.learned ? "isLearned" : one.low < one.high ? "isAssumed" : "isFixed"),
  ];
  const ordered = study.parameters.toSorted((one, other) => Number(one.learned) - Number(other.learned));
  const table = (): string => asTable([[...COLUMNS.map((word) => say(word)), say("source1"), say("note")], ...ordered.map((one) => [one.title, ...cellsOf(one), one.source.join("; "), one.note])]);
  return (
    <>
      <h3 id="parameters-title">{say("allAssumptions", { number: study.parameters.length })}</h3>
      <p>{say(study.fitted ? "fittedNote" : "priorsNote")}</p>
      <div class="scroll tall" role="region" aria-labelledby="parameters-title" tabIndex={0}>
        <table class="plain">
          <thead>
            <tr>
              <ColumnHeads columns={COLUMNS} say={say} />
            </tr>
          </thead>
          <tbody>
            {ordered.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <button type="button" class="name" onClick={() => seek(one.name)}>
                    {one.title}
                  </button>
                </th>
                {cellsOf(one).map((cell, i) => (
                  <td key={i}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <CopyButton text={table} label={say("copy")} say={say} />
      </p>
    </>
  );
}
