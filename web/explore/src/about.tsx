/** What the page does not claim, how it was made, and under which licences. */

import type { StudyPage } from "./study";
import type { Say } from "./words";

export function About({ study, say, tour }: { study: StudyPage; say: Say; tour: () => void }) {
  const facts = [
    [say("study"), study.title],
    [say("authors"), study.authors.join(", ")],
    [say("licenceOfTables"), study.licence],
    [say("simulations"), say("drawsAndSeed", { draws: study.kernel.draws.number, seed: study.seed })],
    [say("numbersFrom"), say(study.fitted ? "fitted" : "priors")],
    [say("version"), `corredor ${study.version}`],
  ].filter(([, text]) => text);
  return (
    <section id="about" aria-labelledby="about-title">
      <h2 id="about-title">{say("about")}</h2>
      <ul class="said">
        {(["notClaimed1", "notClaimed2", study.small_shown_because ? "notClaimed3Shown" : "notClaimed3", "notClaimed4", "notClaimed5"] as const).map((word) => (
          <li key={word}>{say(word)}</li>
        ))}
      </ul>
      {study.small_shown_because && <p class="small-shown">{say("smallShown", { reason: study.small_shown_because })}</p>}
      <p lang="en">{study.summary}</p>
      <h3>{say("howMade")}</h3>
      <p>{say("howMadeText")}</p>
      <dl class="facts">
        {facts.map(([word, text]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3>{say("licences")}</h3>
      <p>{say("licencesText")}</p>
      <p>
        <button type="button" onClick={tour}>
          {say("tourAgain")}
        </button>
      </p>
    </section>
  );
}
