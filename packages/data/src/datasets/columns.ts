// Columns by name: what arrives in another order than that of the training is put right, what has other names is refused.
import { fail, type HostArray, quoted, suggestion, zeros } from "@hooke/runtime";

/** The columns of one part of a dataset. */
export interface NamedColumns {
  /** `"inputs"` or `"targets"`, for messages. */
  readonly part: string;
  /** `[..., columns]`, or `[rows]` for one column. */
  readonly values: HostArray;
  readonly names: readonly string[];
  /** The speaker of error messages. */
  readonly source: string;
}

/**
 * The values with their columns in the order of `expected`; the same array where they are.
 *
 * @throws if a name is missing or unknown, with the code `mismatch`
 */
export function columnsInOrder({ part, values, names, source }: NamedColumns, expected: readonly string[]): HostArray {
  if (names.length === expected.length && names.every((name, i) => name === expected[i])) return values;
  const places = new Map(names.map((name, place) => [name, place]));
  const wanted = new Set(expected);
  const missing = expected.filter((name) => !places.has(name));
  const unknown = names.filter((name) => !wanted.has(name));
  if (missing.length > 0 || unknown.length > 0 || places.size !== names.length || wanted.size !== expected.length) {
    const lacks = missing.length > 0 ? ` They lack ${shortList(missing)}.${suggestion(missing[0]!, unknown)}` : "";
    const has = unknown.length > 0 ? ` The model knows no ${shortList(unknown)}.` : "";
    fail(
      source,
      `the ${part} are ${shortList(names)}; the model was trained on ${shortList(expected)}.${lacks}${has} ` +
        "Give the columns of the training, in any order.",
      "mismatch",
    );
  }
  const out = zeros(values.shape, values.dtype);
  const width = names.length;
  expected.forEach((name, to) => {
    const from = places.get(name)!;
    for (let row = 0; row < values.data.length; row += width) out.data[row + to] = values.data[row + from]!;
  });
  return out;
}

function shortList(names: readonly string[]): string {
  return names.length <= 12 ? quoted(names) : `${quoted(names.slice(0, 12))} and ${names.length - 12} more`;
}
