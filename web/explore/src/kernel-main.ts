/** The simulator alone, for tests outside a browser. */

export { Simulator } from "./simulator";
