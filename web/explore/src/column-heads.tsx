/** The heads of a table's columns. */

import type { Say, Word } from "./words";

export function ColumnHeads({ columns, say }: { columns: readonly Word[]; say: Say }) {
  return (
    <>
      {columns.map((word) => (
        <th key={word} scope="col">
          {say(word)}
        </th>
      ))}
    </>
  );
}
