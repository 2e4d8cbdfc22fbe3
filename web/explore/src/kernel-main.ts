/** The simulator, the rules of verdicts, of small counts and of copied tables, for tests outside a browser. */

export { guarded } from "./guarded";
export { hiddenOnMap, summedRows } from "./map-sums";
export { Simulator } from "./simulator";
export { hiddenOf } from "./small-cells";
export { asTable, safe } from "./table-text";
export { judge } from "./verdicts";
export { elsewhereByGroup, hiddenOnLastDay, whereabouts } from "./whereabouts";
