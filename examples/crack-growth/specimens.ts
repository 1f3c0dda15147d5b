// The data and the task: from a specimen's first five measurements, its next five.
import type { Table } from "@hooke/data";
import { fail } from "@hooke/runtime";

/** A row of the file every 20,000 cycles, the first one at 20,000. */
export const cyclesPerStep = 20_000;
/** Measurements that a forecast starts from: up to 100,000 cycles. */
export const observedSteps = 5;
/** Measurements to be forecast: up to 200,000 cycles, the last ones that every specimen has. */
export const forecastSteps = 5;

/** The history of one crack. */
export interface Specimen {
  /** Its number in the file. */
  readonly number: number;
  /** Half crack lengths in mm, one every {@link cyclesPerStep}; at least ten. */
  readonly lengths: readonly number[];
}

/** The specimens of a table. @throws if one lacks a measurement of the task, has a gap, or a crack that shrinks */
export function specimensOf(table: Table): readonly Specimen[] {
  const [numbers, lengths, cycles] = ["specimen", "crack_length_mm", "cycles"].map((name) =>
    numbersOf(table, name),
  ) as [Float64Array, Float64Array, Float64Array];
  const histories = new Map<number, number[]>();
  for (const [row, number] of numbers.entries()) {
    const history = histories.get(number) ?? [];
    if (cycles[row] !== (history.length + 1) * cyclesPerStep || !(lengths[row]! > (history.at(-1) ?? 0))) {
      fail(
        table.source,
        `line ${table.lines[row]} does not continue specimen ${number} by a longer crack one step on.`,
      );
    }
    history.push(lengths[row]!);
    histories.set(number, history);
  }
  return [...histories].map(([number, history]) => {
    if (history.length < observedSteps + forecastSteps) {
      fail(table.source, `specimen ${number} has ${history.length} rows; the task needs ten.`);
    }
    return { number, lengths: history };
  });
}

/** What a forecast may start from. */
export const observedPart = ({ lengths }: Specimen): readonly number[] => lengths.slice(0, observedSteps);

/** What is to be forecast, in mm. */
export const futurePart = ({ lengths }: Specimen): readonly number[] =>
  lengths.slice(observedSteps, observedSteps + forecastSteps);

function numbersOf({ columns, source }: Table, name: string): Float64Array {
  const column = columns.find((candidate) => candidate.name === name);
  if (column?.type !== "number") fail(source, `there is no column "${name}" of numbers.`);
  return column.values;
}
