// Einstein's sums: products of arrays by the names of their axes, lowered to matrix products pair by pair.
import { describe, isFloat, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { tensorsFor } from "../literal.ts";
import { dot } from "../primitives/dot.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { sliceAxis } from "./slicing.ts";
import { type ArrayOperand, reshape, transpose } from "./structure.ts";
import { type Label, parse } from "./subscripts.ts";

/** An array and the name of each of its axes. */
interface Term {
  readonly value: Tensor;
  readonly labels: readonly Label[];
}

type Sizes = ReadonlyMap<Label, number>;

const without = (labels: readonly Label[], others: readonly Label[]): Label[] =>
  labels.filter((label) => !others.includes(label));
const among = (labels: readonly Label[], others: readonly Label[]): Label[] =>
  labels.filter((label) => others.includes(label));
const size = (labels: readonly Label[], sizes: Sizes): number => sizeOf(labels.map((label) => sizes.get(label)!));

/** The axes in another order. */
const arranged = ({ value, labels }: Term, order: readonly Label[]): Tensor =>
  transpose(
    value,
    order.map((label) => labels.indexOf(label)),
  );

/** Where a name stands twice, the elements whose two indices are the same. */
function diagonal(term: Term): Term {
  const { labels } = term;
  const again = labels.findIndex((label, axis) => labels.indexOf(label) < axis);
  if (again < 0) return term;
  const label = labels[again]!;
  const first = labels.indexOf(label);
  const others = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== again);
  const square = transpose(term.value, [...others, first, again]);
  const length = square.shape.at(-1)!;
  const flat = reshape(square, [...square.shape.slice(0, -2), length * length]);
  const value = sliceAxis(flat, -1, 0, length * length, length + 1);
  return diagonal({ value, labels: [...others.map((axis) => labels[axis]!), label] });
}

/** Without the axes that nothing else names. */
function summed({ value, labels }: Term, needed: readonly Label[]): Term {
  const axes = labels.flatMap((label, axis) => (needed.includes(label) ? [] : [axis]));
  return axes.length === 0 ? { value, labels } : { value: sum(value, { axes }), labels: among(labels, needed) };
}

/** The product of two terms, summed over what both name and `kept` does not. */
function contract(a: Term, b: Term, kept: readonly Label[], sizes: Sizes): Term {
  const shared = among(a.labels, b.labels);
  const batch = among(shared, kept);
  const inner = without(shared, kept);
  const rows = without(a.labels, shared);
  const columns = without(b.labels, shared);
  const labels = [...batch, ...rows, ...columns];
  const shape = labels.map((label) => sizes.get(label)!);
  if (inner.length === 0 || rows.length + columns.length === 0 || !isFloat(a.value.dtype)) {
    // No product of matrices: elements are multiplied, and added up in the same pass.
    const all = [...labels, ...inner];
    const spread = (term: Term): Tensor =>
      reshape(
        arranged(term, among(all, term.labels)),
        all.map((label) => (term.labels.includes(label) ? sizes.get(label)! : 1)),
      );
    return { value: sum(mul(spread(a), spread(b)), { axes: inner.map((_, i) => labels.length + i) }), labels };
  }
  const lead = batch.length === 0 ? [] : [size(batch, sizes)];
  // As it is stored, if that is one of the two layouts that a product reads.
  const operand = (term: Term, before: readonly Label[], after: readonly Label[], turned: readonly Label[]) => {
    const isTurned = sameLabels(term.labels, turned);
    const value = arranged(term, isTurned ? turned : [...batch, ...before, ...after]);
    const matrix = isTurned ? [size(after, sizes), size(before, sizes)] : [size(before, sizes), size(after, sizes)];
    return { matrix: reshape(value, [...lead, ...matrix]), isTurned };
  };
  const left = operand(a, rows, inner, [...batch, ...inner, ...rows]);
  const right = operand(b, inner, columns, [...batch, ...columns, ...inner]);
  const params = { transposeA: left.isTurned, transposeB: right.isTurned };
  return { value: reshape(emit(dot, "dot", [left.matrix, right.matrix], params)[0]!, shape), labels };
}

const sameLabels = (a: readonly Label[], b: readonly Label[]): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

/** The pair whose product takes the fewest multiplications. */
function cheapest(terms: readonly Term[], sizes: Sizes): readonly [number, number] {
  let best: readonly [number, number] = [0, 1];
  let least = Infinity;
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const [a, b] = [terms[i]!.labels, terms[j]!.labels];
      const cost = size([...a, ...without(b, a)], sizes);
      if (cost < least) [best, least] = [[i, j], cost];
    }
  }
  return best;
}

/**
 * Einstein's sum in NumPy's notation: each operand's axes by letters, and those of the result behind `->`. Axes that the result does not
 * name are summed over; a letter twice in an operand is its diagonal; `...` stands for axes that broadcast. Without `->` the result has `...`
 * and the letters that occur once, in alphabetical order.
 *
 * Pairs of operands are multiplied in the order that takes the fewest multiplications, as matrix products of floats. Whole numbers (modulo
 * 2^32) are multiplied element by element, which needs room for all products.
 *
 * @throws on a notation that does not fit the operands, naming what does not
 * @example
 * ```ts
 * import { array, einsum, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const a = array([[1, 2], [3, 4]]);
 * const backend = referenceBackend();
 * console.log((await run(backend, (x: Tensor) => einsum("ii", x), a)).data); // Float32Array(1) [ 5 ]
 * console.log((await run(backend, (x: Tensor) => einsum("ij,kj->ik", x, x), a)).data); // Float32Array(4) [ 5, 11, 11, 25 ]
 * ```
 */
export function einsum(notation: string, ...operands: ArrayOperand[]): Tensor {
  const values = tensorsFor("einsum", operands);
  const { inputs, output, sizes } = parse(notation, values);
  const dtype = values[0]!.dtype;
  if (dtype === "bool" || values.some((value) => value.dtype !== dtype)) {
    const received = values.map(describe).join(" and ");
    fail("einsum", `received ${received}; it takes numbers of one dtype. Use convert(x, dtype).`, "mismatch");
  }
  let terms = values.map((value, i): Term => {
    // What broadcasts is the same along the axis: it is as if it did not have it.
    const kept = inputs[i]!.flatMap((label, axis) => (value.shape[axis] === sizes.get(label) ? [axis] : []));
    const shape = kept.map((axis) => value.shape[axis]!);
    return diagonal({ value: reshape(value, shape), labels: kept.map((axis) => inputs[i]![axis]!) });
  });
  const neededBeside = (...left: readonly Term[]): Label[] => [
    ...output,
    ...terms.filter((term) => !left.includes(term)).flatMap(({ labels }) => labels),
  ];
  terms = terms.map((term) => summed(term, neededBeside(term)));
  while (terms.length > 1) {
    const [i, j] = cheapest(terms, sizes);
    const [a, b] = [terms[i]!, terms[j]!];
    const product = contract(a, b, neededBeside(a, b), sizes);
    terms = [...terms.filter((term) => term !== a && term !== b), product];
  }
  const [result] = terms as [Term];
  return arranged(result, output);
}
