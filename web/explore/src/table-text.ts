/** Tables as text with tabs between cells that is safe to paste into a spreadsheet: the rule of src/corredor/study/csv_text.py. */

const SIGNS = "=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20";
const FORMULA = new RegExp(`^'*[${SIGNS}]`);
const NUMBER = /^([+-]?(\p{Nd}+\.?\p{Nd}*|\.\p{Nd}+)([eE][+-]?\p{Nd}+)?|-?inf)$/u;

/** Rows as lines with tabs between cells; a cell has one line. */
export function asTable(rows: string[][]): string {
  return rows.map((row) => row.map((text) => safe(text).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
}

/** An apostrophe before what a spreadsheet would take for a formula and carry out; numbers stay numbers. */
export function safe(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
