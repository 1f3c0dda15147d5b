// The data and the task: from a specimen's first five measurements, its next five.
import type { Column, Table } from "@hooke/data";
import { fail } from "@hooke/runtime";

/** Measurements that a forecast starts from. */
export const observedSteps = 5;
/** Measurements to be forecast. */
export const forecastSteps = 5;

/** The history of one crack. */
export interface Specimen {
  /** As the file calls it. */
  readonly name: string;
  /** Half crack lengths in mm, one a step; at least ten. */
  readonly lengths: readonly number[];
}

/** Specimens measured at the same cycles. */
export interface Histories {
  /** Cycles of the first measurement. */
  readonly start: number;
  readonly cyclesPerStep: number;
  readonly specimens: readonly Specimen[];
}

/**
 * The histories of a table with the columns `specimen`, `cycles` and `crack_length_mm`, which is half the crack.
 *
 * @throws on a specimen with fewer than ten rows, cycles that are not in equal steps from the same start, or a crack that shrinks
 */
export function historiesOf(table: Table): Histories {
  const { source } = table;
  const names = columnOf(table, "specimen").values;
  const [cycles, lengths] = ["cycles", "crack_length_mm"].map((name) => numbersOf(table, name)) as [
    Float64Array,
    Float64Array,
  ];
  const start = cycles[0]!;
  const cyclesPerStep = cycles[1]! - start;
  const histories = new Map<string, number[]>();
  for (const [row, given] of names.entries()) {
    const name = String(given);
    const history = histories.get(name) ?? [];
    const expected = start + history.length * cyclesPerStep;
    const where = `line ${table.lines[row]}, specimen ${name}`;
    if (cyclesPerStep > 0 && Math.abs(cycles[row]! - expected) > 1e-6 * cyclesPerStep) {
      fail(
        source,
        `${where}: cycles are ${cycles[row]} where ${expected} follows; measure at the same cycles in equal steps, or interpolate, and sort rows by them.`,
        "invalid-data",
      );
    }
    if (!(cyclesPerStep > 0 && lengths[row]! > (history.at(-1) ?? 0))) {
      fail(
        source,
        `${where}: the crack is ${lengths[row]} mm long after ${history.at(-1) ?? 0} mm; a crack grows. Sort rows by cycles, and leave out what is noise.`,
        "invalid-data",
      );
    }
    history.push(lengths[row]!);
    histories.set(name, history);
  }
  const least = observedSteps + forecastSteps;
  const specimens = [...histories].map(([name, history]) => {
    if (history.length < least) {
      fail(
        source,
        `specimen ${name} has ${history.length} rows; the task needs ${least}. Leave it out, or measure in smaller steps.`,
        "invalid-data",
      );
    }
    return { name, lengths: history };
  });
  return { start, cyclesPerStep, specimens };
}

/** What a forecast may start from. */
export const observedPart = ({ lengths }: Specimen): readonly number[] => lengths.slice(0, observedSteps);

/** What is to be forecast, in mm. */
export const futurePart = ({ lengths }: Specimen): readonly number[] =>
  lengths.slice(observedSteps, observedSteps + forecastSteps);

function columnOf({ columns, source }: Table, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const there = columns.map((each) => `"${each.name}"`).join(", ");
  return fail(
    source,
    `there is no column "${name}", only ${there}; call the columns specimen, cycles and crack_length_mm.`,
  );
}

function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.type === "number") return column.values;
  return fail(table.source, `column "${name}" holds texts, such as "${column.values[0]}"; it takes numbers.`);
}
