// Crystals of VASP's POSCAR and CONTCAR files.
import { checkArgument, fail } from "@hooke/runtime";
import type { AtomStructure } from "./atom-graph.ts";
import { isElement } from "./elements.ts";
import { type Cell, placeAt, type Triple, volumeOf } from "./lattice.ts";

const who = "parsePoscar";

/**
 * The crystal of a POSCAR file of VASP 5 or newer, whose sixth line names the elements. Velocities and what else follows the positions is not read.
 *
 * @returns lengths in angstrom; the first line as name
 * @throws with the code `invalid-data` and the line that cannot be read
 * @example
 * ```ts
 * import { parsePoscar } from "@hooke/layers-graph";
 *
 * const iron = parsePoscar("bcc iron\n2.87\n1 0 0\n0 1 0\n0 0 1\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5");
 * console.log(iron.atoms, iron.positions[1]); // [ 'Fe', 'Fe' ] [ 1.435, 1.435, 1.435 ]
 * ```
 */
export function parsePoscar(text: string): AtomStructure {
  checkArgument(who, "the text", text, (value) =>
    typeof value === "string" ? undefined : "the text of a POSCAR file",
  );
  const lines = text.split(/\r?\n/);
  const refuse = (line: number, expected: string): never =>
    fail(who, `line ${line + 1} is "${lines[line] ?? ""}"; expected ${expected}.`, "invalid-data");
  const words = (line: number): string[] =>
    (lines[line] ?? "")
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
  const triple = (line: number, what: string): Triple => {
    const numbers = words(line).slice(0, 3).map(Number);
    return numbers.length === 3 && numbers.every(Number.isFinite) ? (numbers as unknown as Triple) : refuse(line, what);
  };
  const scales = words(1).map(Number);
  if (![1, 3].includes(scales.length) || scales.some((scale) => !Number.isFinite(scale) || scale === 0))
    refuse(1, "the scale, one number or three");
  const vectors = [2, 3, 4].map((line) => triple(line, "a vector of the cell, three numbers")) as unknown as Cell;
  // A negative scale is the volume.
  const factor = scales[0]! < 0 ? Math.cbrt(-scales[0]! / Math.abs(volumeOf(vectors))) : scales[0]!;
  const factors = scales.length === 3 ? scales : [factor, factor, factor];
  const scaled = (vector: Triple): Triple => vector.map((value, axis) => value * factors[axis]!) as unknown as Triple;
  const cell = vectors.map(scaled) as unknown as Cell;

  const elements = words(5).map((word) => word.split(/[_/]/)[0]!);
  if (elements.length === 0 || !elements.every(isElement))
    refuse(5, 'the elements, such as "Na Cl" (files of VASP 4 do not name them: add the line)');
  const counts = words(6).map(Number);
  if (counts.length !== elements.length || counts.some((count) => !(Number.isInteger(count) && count > 0)))
    refuse(6, `the number of atoms of each of ${elements.join(", ")}`);
  let at = 7;
  if (/^\s*s/i.test(lines[at] ?? "")) at++;
  const mode = (lines[at] ?? "").trim()[0]?.toLowerCase();
  if (mode !== "d" && mode !== "c" && mode !== "k") refuse(at, "Direct or Cartesian");
  const atoms = counts.flatMap((count, i) => Array.from({ length: count }, () => elements[i]!));
  const positions = atoms.map((_, i) => {
    const place = triple(at + 1 + i, `the position of atom ${i}, three numbers`);
    return mode === "d" ? placeAt(cell, place) : scaled(place);
  });
  return { name: lines[0]!.trim(), atoms, positions, cell };
}
