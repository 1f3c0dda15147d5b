// What loading weights found: which tensor went where, what was left over and what is missing.

/** Where the tensors of a file went. */
export interface WeightsReport {
  /** The map of names that was used. */
  readonly map: string;
  /** The keys that lead to the tensors in a file of PyTorch, such as `["state_dict"]`; empty where they are at the top. */
  readonly nest: readonly string[];
  /** What stood before all names that were read, such as `"module."`; empty if nothing did. */
  readonly prefix: string;
  /** Tensors of the file and the variables they became, in the order of the model. */
  readonly matched: readonly { readonly name: string; readonly path: string }[];
  /** Variables that the file has no tensor for. */
  readonly missing: readonly string[];
  /** Tensors that the model has no variable for. */
  readonly leftOver: readonly string[];
  /** Tensors whose variable has another shape. */
  readonly mismatched: readonly { readonly name: string; readonly path: string; readonly why: string }[];
  /** Tensors without a role in any model of this kind, such as counts of batches, and those of a head that the model lacks. */
  readonly ignored: readonly string[];
  /** A summary for people. */
  toString(): string;
}

const few = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;

/** A report with its summary. */
export function makeReport(found: Omit<WeightsReport, "toString">): WeightsReport {
  const { map, nest, prefix, matched, missing, leftOver, mismatched, ignored } = found;
  const lines = [
    `${matched.length} tensors matched by the names of ${map}${prefix === "" ? "" : `, behind "${prefix}"`}${nest.length === 0 ? "" : `, in ${nest.map((key) => `"${key}"`).join(" > ")}`}`,
    missing.length > 0 && `${missing.length} missing: ${few(missing)}`,
    mismatched.length > 0 && `${mismatched.length} of other shapes: ${few(mismatched.map(({ why }) => why))}`,
    leftOver.length > 0 && `${leftOver.length} left over: ${few(leftOver)}`,
    ignored.length > 0 && `${ignored.length} without a role: ${few(ignored)}`,
  ];
  return { ...found, toString: () => lines.filter(Boolean).join("\n") };
}
