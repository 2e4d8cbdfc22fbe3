/** The scenario to keep and to share: a link, the file for `corredor compare`, the lines that give the same numbers. */

import { CopyButton } from "./copying";
import { asYaml, commandLine, isEmpty, pythonLines } from "./scenario";
import type { Scenario, StudyPage } from "./study";
import type { Say } from "./words";

export function Keep({ study, scenario, say }: { study: StudyPage; scenario: Scenario; say: Say }) {
  const draws = study.kernel.draws.number;
  const yaml = asYaml(scenario, say("titleOfScenario"), study);
  return (
    <section id="keep" tabIndex={-1}>
      <h2>{say("keep")}</h2>
      <p>
        <CopyButton text={() => location.href} label={say("link")} say={say} />
      </p>
      {isEmpty(scenario) ? (
        <p class="quiet">{say("nothingToKeep")}</p>
      ) : (
        <>
          <pre id="scenario-yaml" tabIndex={0}>
            {yaml}
          </pre>
          <p>
            <a download="scenario.yaml" href={`data:text/yaml;charset=utf-8,${encodeURIComponent(yaml)}`}>
              {say("download")}
            </a>
          </p>
          <h3>{say("reproduce")}</h3>
          <pre tabIndex={0}>{commandLine(study, draws)}</pre>
          <pre tabIndex={0}>{pythonLines(study, draws)}</pre>
        </>
      )}
    </section>
  );
}
