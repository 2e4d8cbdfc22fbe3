/** How people move in the model, with the names of its assumptions as ways to them; and the study's sources. */

import { useState } from "preact/hooks";
import type { Source, StudyPage, Transition } from "./study";
import type { Say } from "./words";

interface Told {
  study: StudyPage;
  say: Say;
  seek: (parameter: string) => void;
}

export function Model({ study, say, seek }: Told) {
  const [isOpen, open] = useState(false);
  const names = new Set(study.parameters.map((parameter) => parameter.name));
  return (
    <section id="model" aria-labelledby="model-title">
      <h2 id="model-title">{say("model")}</h2>
      <p class="quiet">{say("modelNote")}</p>
      <details onToggle={(event) => open(event.currentTarget.open)}>
        <summary>{say("transitions", { number: study.transitions.length })}</summary>
        {isOpen && (
          <ul class="list">
            {study.transitions.map((transition) => (
              <Move key={transition.name} transition={transition} statuses={study.statuses} names={names} seek={seek} />
            ))}
          </ul>
        )}
      </details>
      <details>
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

interface MoveProps {
  transition: Transition;
  statuses: Record<string, string>;
  names: Set<string>;
  seek: (parameter: string) => void;
}

function Move({ transition, statuses, names, seek }: MoveProps) {
  const status = (id: string): string => statuses[id] || id.replaceAll("_", " ");
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

function SourceItem({ source }: { source: Source }) {
  const isAddress = /^https?:/.test(source.url);
  return (
    <li id={`source-${source.id}`}>
      {source.publisher}: {isAddress ? <a href={source.url} rel="noreferrer">{source.title}</a> : source.title}
      <span class="quiet">
        {" "}
        {source.date} · {source.licence}
      </span>
    </li>
  );
}
