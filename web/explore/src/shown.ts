/** What a part of the page that shows draws is handed. */

import type { Drawn } from "./pool";
import type { StudyPage } from "./study";
import type { Language, Say } from "./words";

export interface Shown {
  study: StudyPage;
  drawn: Drawn;
  /** Whether nothing is changed, so that only the study as it is has draws. */
  alone: boolean;
  say: Say;
  language: Language;
}
