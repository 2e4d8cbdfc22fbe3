/** Every series of the study in a plain table, with its source, licence, vintage and gaps; and the list of sources. */

import { useState } from "preact/hooks";
import { ColumnHeads } from "./column-heads";
import { CopyButton } from "./copying";
import { dateText } from "./numbers";
import type { DataRow, Source, StudyPage } from "./study";
import { asTable } from "./table-text";
import type { Language, Say, Word } from "./words";

const KINDS: Record<DataRow["kind"], Word> = { figure: "kindFigure", driver: "kindDriver", series: "kindSeries" };
const COLUMNS: Word[] = ["series1", "of", "unit", "figures", "from", "to", "gaps", "published", "revised", "source1", "licence"];

/** Sources and licences that a cell names; all are in the copied table. */
const FEW = 2;

interface Told {
  study: StudyPage;
  say: Say;
  language: Language;
}

export function Data({ study, say, language }: Told) {
  const [sought, seek] = useState("");
  const sources = new Map(study.sources.map((source) => [source.id, source]));
  const rows = study.data.map((row) => ({ row, cells: cellsOf(row, sources, say, language) }));
  const few = (text: string, most: number): string => {
    const [parts, more] = [text.split("; "), text.split("; ").length - most];
    return more > 0 ? `${parts.slice(0, most).join("; ")} ${say("moreGaps", { number: more })}` : text;
  };
  const wanted = sought.trim().toLowerCase();
  const shown = rows.filter(({ cells }) => cells.join(" ").toLowerCase().includes(wanted));
  const table = (): string => asTable([["kind", ...COLUMNS].map((word) => say(word as Word)), ...shown.map(({ row, cells }) => [say(KINDS[row.kind]), ...cells])]);
  return (
    <section id="data" aria-labelledby="data-title">
      <h2 id="data-title">{say("data")}</h2>
      <p>{say("dataNote")}</p>
      {rows.length === 0 ? (
        <p>{say("noData")}</p>
      ) : (
        <>
          <p class="tools">
            <label class="find">
              {say("find")} <input type="search" value={sought} onInput={(event) => seek(event.currentTarget.value)} />
            </label>
            <CopyButton text={table} label={say("copy")} say={say} />
            <span class="quiet">{say("rowsShown", { shown: shown.length, all: rows.length })}</span>
          </p>
          <div class="scroll tall" role="region" aria-label={say("dataTable")} tabIndex={0}>
            <table class="plain">
              <thead>
                <tr>
                  <ColumnHeads columns={COLUMNS} say={say} />
                </tr>
              </thead>
              {(Object.keys(KINDS) as DataRow["kind"][]).map((kind) => (
                <tbody key={kind}>
                  {shown.some(({ row }) => row.kind === kind) && (
                    <tr class="side">
                      <th scope="rowgroup" colSpan={COLUMNS.length}>
                        {say(KINDS[kind])}
                      </th>
                    </tr>
                  )}
                  {shown
                    .filter(({ row }) => row.kind === kind)
                    .map(({ row, cells: [name, ...rest] }) => (
                      <tr key={`${row.name}|${row.of}`} data-series={row.name}>
                        <th scope="row">{name}</th>
                        {rest.map((text, i) => (
                          <td key={i} title={few(text, FEW) === text ? undefined : text}>
                            {few(text, FEW)}
                          </td>
                        ))}
                      </tr>
                    ))}
                </tbody>
              ))}
            </table>
          </div>
        </>
      )}
      <details class="all-sources">
        <summary>{say("sources", { number: study.sources.length })}</summary>
        <ol class="sources">
          {study.sources.map((source) => (
            <SourceItem key={source.id} source={source} />
          ))}
        </ol>
      </details>
    </section>
  );
}

/** Texts of COLUMNS. */
function cellsOf(row: DataRow, sources: Map<string, Source>, say: Say, language: Language): string[] {
  const found = row.source.map((id) => sources.get(id)).filter((source) => source !== undefined);
  const days = (from: string, to: string): string => (from === to ? dateText(from, language) : `${dateText(from, language)} – ${dateText(to, language)}`);
  const more = row.n_gaps - row.gaps.length;
  const gaps = row.gaps.map(([from, to]) => days(from, to)).join("; ") + (more > 0 ? ` ${say("moreGaps", { number: more })}` : "");
  const revised = [row.revised > 0 ? say("revisedTimes", { number: row.revised }) : "", row.provisional > 0 ? say("provisional", { number: row.provisional }) : ""];
  return [
    row.name,
    row.of,
    row.unit,
    String(row.figures),
    dateText(row.from, language),
    dateText(row.to, language),
    gaps || say("none"),
    row.published === null ? say("notSaid") : days(...row.published),
    revised.filter(Boolean).join("; ") || say("none"),
    found.length > 0 ? found.map((source) => `${source.publisher}: ${source.title}`).join("; ") : row.source.join("; "),
    [...new Set(found.map((source) => source.licence).filter(Boolean))].join("; ") || say("notSaid"),
  ];
}

function SourceItem({ source }: { source: Source }) {
  const isAddress = /^https?:/.test(source.url);
  return (
    <li id={`source-${source.id}`}>
      {source.publisher}: {isAddress ? <a href={source.url} rel="noreferrer">{source.title}</a> : source.title}
      <span class="quiet">
        {" "}
        {[source.date, source.licence].filter(Boolean).join(" · ")}
      </span>
    </li>
  );
}
