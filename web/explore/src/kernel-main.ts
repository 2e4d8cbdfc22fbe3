/** The simulator and the rules of verdicts, for tests outside a browser. */

export { Simulator } from "./simulator";
export { judge } from "./verdicts";
