// All combinations of values.
import { type Check, checkArgument } from "@hooke/runtime";

/** Values of each parameter, by name. */
export type Values = Readonly<Record<string, readonly unknown[]>>;

const valuesCheck: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isList)
    ? undefined
    : "lists of values by name, such as { units: [8, 16], seed: [0, 1] }";
const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/**
 * Every combination of the values, as nested loops meet them: the last name changes fastest.
 *
 * @example
 * ```ts
 * import { gridTrials } from "@hooke/sweep";
 *
 * console.log(gridTrials({ units: [8, 16], seed: [0, 1] }).map(({ units, seed }) => `${units}/${seed}`)); // [ '8/0', '8/1', '16/0', '16/1' ]
 * ```
 */
export function gridTrials<const V extends Values>(values: V): { readonly [N in keyof V]: V[N][number] }[] {
  checkArgument("gridTrials", "the values", values, valuesCheck);
  let trials: Record<string, unknown>[] = [{}];
  for (const [name, choices] of Object.entries(values)) {
    trials = trials.flatMap((trial) => choices.map((choice) => ({ ...trial, [name]: choice })));
  }
  return trials as { [N in keyof V]: V[N][number] }[];
}
