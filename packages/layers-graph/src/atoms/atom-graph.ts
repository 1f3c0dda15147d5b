// Atoms in space as graphs: each sees its neighbours within a cutoff.
import { array, checkOptions, checks, fail, type OptionTable, show } from "@hooke/runtime";
import type { Graph } from "../data/graph.ts";
import { atomicNumber } from "./elements.ts";
import { type Cell, fractionsOf, heightsOf, placeAt, reciprocal, type Triple, volumeOf } from "./lattice.ts";
import { neighboursWithin } from "./neighbours.ts";

/** Atoms in space, alone or repeated periodically. */
export interface AtomStructure {
  /** The element of each atom: `"Fe"` or 26. */
  readonly atoms: readonly (string | number)[];
  /** Where each is, `[atoms, 3]`, in any unit of length. */
  readonly positions: readonly (readonly number[])[];
  /** The three vectors of the cell that repeats, in rows, in the same unit. Default: nothing repeats. */
  readonly cell?: readonly (readonly number[])[];
  /** Its name in messages. Default its number, where there is one. */
  readonly name?: string;
}

/** Options of {@link atomGraph}. */
export interface AtomGraphOptions {
  /** Atoms nearer than this are neighbours, in the unit of the positions. */
  readonly cutoff: number;
  /** Whether atoms outside the cell are moved into it; else they are refused. Default false. */
  readonly wrap?: boolean;
}

const table: OptionTable<AtomGraphOptions> = { required: { cutoff: checks.positive }, optional: { wrap: checks.flag } };

/** Atoms nearer than this, in any unit, are at the same place. */
const same = 1e-6;

/**
 * The graph of atoms and their neighbours: nodes are atomic numbers, `i32[atoms, 1]`, with `positions`, edges lead to and from each neighbour within the
 * cutoff, across the cell's faces with `shifts`. In a small cell an atom may be a neighbour of its own images.
 *
 * @throws with the code `invalid-data`, naming the structure: unknown elements, positions that are no numbers, a cell without volume, atoms outside the
 *   cell, two atoms at one place
 * @example
 * ```ts
 * import { atomGraph } from "@hooke/layers-graph";
 *
 * const copper = { atoms: ["Cu"], positions: [[0, 0, 0]], cell: [[0, 1.8, 1.8], [1.8, 0, 1.8], [1.8, 1.8, 0]] };
 * console.log(atomGraph(copper, { cutoff: 3 }).senders.length); // 12
 * ```
 */
export function atomGraph(structure: AtomStructure, options: AtomGraphOptions): Graph {
  checkOptions<AtomGraphOptions>("atomGraph", options, table);
  const { atoms, positions, cell: given, name } = structure ?? {};
  const label = name === undefined ? "the structure" : `"${name}"`;
  if (!Array.isArray(atoms) || !Array.isArray(positions))
    fail("atomGraph", `${label} is ${show(structure)}; expected { atoms: ["Cu"], positions: [[0, 0, 0]], cell }.`);
  if (atoms.length === 0 || atoms.length !== positions.length) {
    fail(
      "atomGraph",
      `${label} has ${atoms.length} atoms and ${positions.length} positions; give one for each.`,
      "mismatch",
    );
  }
  const numbers = atoms.map((atom, i) => [atomicNumber("atomGraph", atom, `atom ${i} of ${label}`)]);
  const cell = given === undefined ? undefined : checkCell(given, label);
  const checked = positions.map((place, i) => triple(place, `the position of atom ${i} of ${label}`));
  const places = cell === undefined ? checked : inCell(cell, checked, label, options.wrap === true);
  const { senders, receivers, shifts } = neighboursWithin(places, cell, options.cutoff);
  for (const [edge, sender] of senders.entries()) {
    const receiver = receivers[edge]!;
    const distance = Math.hypot(
      ...shifts[edge]!.map((shift, axis) => places[sender]![axis]! + shift - places[receiver]![axis]!),
    );
    if (distance < same)
      fail("atomGraph", `atoms ${sender} and ${receiver} of ${label} are at the same place.`, "invalid-data");
  }
  return {
    ...(name !== undefined && { name }),
    nodes: array(numbers, { dtype: "i32" }),
    positions: matrix(places),
    senders,
    receivers,
    ...(cell && { shifts: matrix(shifts) }),
  };
}

/** Rows of three as f64: what is stored in f32 is decided by the dataset. */
const matrix = (rows: readonly Triple[]) => array(Float64Array.from(rows.flat()), { shape: [rows.length, 3] });

function triple(value: unknown, what: string): Triple {
  const list = value as ArrayLike<number> | null | undefined;
  if (
    typeof list === "object" &&
    list !== null &&
    list.length === 3 &&
    [0, 1, 2].every((i) => Number.isFinite(list[i]))
  )
    return [list[0]!, list[1]!, list[2]!];
  const shown = typeof list === "object" && list !== null ? `[${Array.from(list).join(", ")}]` : show(value);
  return fail("atomGraph", `${what} is ${shown}; expected three finite numbers.`, "invalid-data");
}

function checkCell(given: unknown, label: string): Cell {
  if (!Array.isArray(given) || given.length !== 3)
    fail(
      "atomGraph",
      `the cell of ${label} is ${show(given)}; expected three vectors of three numbers.`,
      "invalid-data",
    );
  const cell = given.map((vector, i) => triple(vector, `cell vector ${i} of ${label}`)) as unknown as Cell;
  const product = cell.reduce((size, vector) => size * Math.hypot(...vector), 1);
  if (!(Math.abs(volumeOf(cell)) > 1e-6 * product))
    fail("atomGraph", `the cell of ${label} has no volume: its vectors lie in a plane.`, "invalid-data");
  return cell;
}

/** @throws where an atom is outside the cell, unless it may be moved */
function inCell(cell: Cell, places: readonly Triple[], label: string, wrap: boolean): readonly Triple[] {
  const inverse = reciprocal(cell);
  return places.map((place, atom) => {
    const fractions = fractionsOf(inverse, place);
    // What rounds to a face is on it.
    const slack = heightsOf(inverse).map((height) => same / height);
    const outside = fractions.findIndex((fraction, axis) => fraction < -slack[axis]! || fraction > 1 + slack[axis]!);
    if (outside < 0) return place;
    if (wrap) return placeAt(cell, fractions.map((fraction) => fraction - Math.floor(fraction)) as unknown as Triple);
    return fail(
      "atomGraph",
      `atom ${atom} of ${label} is outside the cell, at ${fractions[outside]!.toFixed(3)} of vector ${outside}; ` +
        "correct the cell or the positions, or move atoms into it: wrap: true.",
      "invalid-data",
    );
  });
}
