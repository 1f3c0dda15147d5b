// Parts of an objective: functions of all of the data, or of one row after the other.
import { add, type Check, describe, fail, full, quoted, sum, type Tensor, type Tree, vmap } from "@hooke/runtime";
import { overBlocks, type Rows } from "./blocks.ts";
import type { Precision } from "./programs.ts";

/** A function of parameters and data while it is recorded. */
export type Recorded<R> = (parameters: Tree<Tensor>, data: Tree<Tensor>) => R;

/** One function, and where the rows of the data are that it takes one by one. */
export interface Part<R> {
  readonly of: Recorded<R>;
  readonly rows: Rows | undefined;
}

const isRecordOfFunctions = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "function");

/** Expects a function, or several by name. */
export const partsCheck: Check = (value) =>
  typeof value === "function" || isRecordOfFunctions(value)
    ? undefined
    : "a function of parameters and data, or a record of them";

/** Expects where rows are. */
export const rowsCheck: Check = (value) =>
  Number.isInteger(value) || (typeof value === "object" && value !== null)
    ? undefined
    : "an axis, or a tree of axes and null";

/** @throws if rows are given for a function that there is not */
export function partsOf<R>(
  who: string,
  what: string,
  given: Recorded<R> | Readonly<Record<string, Recorded<R>>>,
  rows: Rows | undefined,
): Part<R>[] {
  if (typeof given === "function") return [{ of: given, rows }];
  const byName = (rows ?? {}) as Readonly<Record<string, Rows>>;
  for (const name of Object.keys(byName)) {
    if (!Object.hasOwn(given, name)) {
      fail(who, `received rows for "${name}"; it has the ${what} ${quoted(Object.keys(given))}.`);
    }
  }
  return Object.entries(given).map(([name, of]) => ({ of, rows: byName[name] }));
}

/** @throws unless it is one: with more the sum over rows would be one, too */
function scalar(value: Tensor): Tensor {
  if (value.rank !== 0) {
    fail("objective", `must return a scalar for each row; it returned ${describe(value)}.`, "mismatch");
  }
  return value;
}

/** The sum of scalar functions, each over its rows, and its gradient in a vector of parameters. */
export function gradientOfSum(
  parts: readonly Part<Tensor>[],
  gradientOf: (value: (parameters: Tree<Tensor>) => Tensor) => (flat: Tensor) => readonly [Tensor, Tensor],
  data: Tree<Tensor>,
  flat: Tensor,
): readonly Tensor[] {
  const zeros = [full([], 0, flat.dtype as Precision), full(flat.shape, 0, flat.dtype as Precision)];
  return parts
    .map(({ of, rows }): readonly Tensor[] => {
      if (rows === undefined) return gradientOf((parameters) => of(parameters, data))(flat);
      return overBlocks(data, rows, zeros, (block) =>
        gradientOf((parameters) =>
          sum(block.counted(vmap((row: Tree<Tensor>) => scalar(of(parameters, row)), [block.rows])(block.data))),
        )(flat),
      );
    })
    .reduce((a, b) => a.map((total, i) => add(total, b[i]!)));
}
