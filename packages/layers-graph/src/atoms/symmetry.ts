// Symmetry operators as crystallographers write them: "x, -y+1/2, z", applied to fractions of a cell.
import { fail } from "@hooke/runtime";
import type { Triple } from "./lattice.ts";

/** What an operator makes of fractions. */
export type Operator = (fractions: Triple) => Triple;

/** @throws with the code `invalid-data` on what is no operator */
export function parseOperator(who: string, text: string): Operator {
  const parts = text.toLowerCase().replaceAll(/\s/g, "").split(",");
  const rows = parts.map((part) => rowOf(part));
  if (rows.length !== 3 || rows.some((row) => row === undefined)) {
    return fail(
      who,
      `received the symmetry operator "${text}"; expected three parts such as "x, -y+1/2, z".`,
      "invalid-data",
    );
  }
  return (fractions) =>
    rows.map(
      (row) => row![3] + row![0] * fractions[0] + row![1] * fractions[1] + row![2] * fractions[2],
    ) as unknown as Triple;
}

/** Factors of x, y and z, and what is added. */
function rowOf(part: string): [number, number, number, number] | undefined {
  const row: [number, number, number, number] = [0, 0, 0, 0];
  const terms = part.match(/[+-]?[^+-]+/g);
  if (terms === null || terms.join("") !== part) return undefined;
  for (const term of terms) {
    const found = /^([+-]?)(?:(\d+(?:\.\d*)?|\.\d+)(?:\/(\d+))?)?\*?([xyz]?)$/.exec(term);
    if (found === null) return undefined;
    const [, sign, above, below, letter] = found;
    if (above === undefined && letter === "") return undefined;
    const size = (above === undefined ? 1 : Number(above)) / (below === undefined ? 1 : Number(below));
    row[letter === "" ? 3 : "xyz".indexOf(letter!)]! += sign === "-" ? -size : size;
  }
  return row;
}
