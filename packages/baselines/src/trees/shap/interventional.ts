// SHAP values of trees where what is not known of a row is taken from rows of a background (interventional).
import { childOf, type Trees } from "../trees.ts";
import { addPair, type Explainer } from "./explainer.ts";

/**
 * A leaf is reached by a mix of a row and one of the background where all of some inputs are the row's (`own`) and none of others are: a
 * product of indicators, whose Shapley values are factorials (Lundberg et al. 2020; Laberge & Pequignot 2022). Only ways that a mix can go are walked.
 */
export function interventionalShap(trees: Trees, background: readonly Float64Array[], inputs: number): Explainer {
  const { starts, column, left, values: leafValues, width, outputs } = trees;
  const side = new Int8Array(inputs);
  const own: number[] = [];
  const other: number[] = [];
  const scale = 1 / background.length;
  const beta = betaTable();

  const atLeaf = (tree: number, node: number, values: Float64Array, pairs: Float64Array | undefined): void => {
    const { length: a } = own;
    const { length: b } = other;
    const output = (tree * width) % outputs;
    for (let k = 0; k < width; k++) {
      const leaf = leafValues[left[node]! * width + k]! * scale;
      const at = (output + k) * inputs;
      if (a > 0) for (const i of own) values[at + i]! += leaf * beta(a - 1, b);
      if (b > 0) for (const i of other) values[at + i]! -= leaf * beta(a, b - 1);
      if (pairs === undefined) continue;
      const add = (i: number, j: number, value: number): void => addPair(pairs, inputs, at, i, j, value);
      for (let i = 0; i < a; i++) {
        for (let j = 0; j < i; j++) add(own[i]!, own[j]!, leaf * beta(a - 2, b));
        for (const j of other) add(own[i]!, j, -leaf * beta(a - 1, b - 1));
      }
      for (let i = 0; i < b; i++) for (let j = 0; j < i; j++) add(other[i]!, other[j]!, leaf * beta(a, b - 2));
    }
  };

  const visit = (
    tree: number,
    node: number,
    row: Float64Array,
    reference: Float64Array,
    values: Float64Array,
    pairs: Float64Array | undefined,
  ): void => {
    const input = column[node]!;
    if (input < 0) {
      atLeaf(tree, node, values, pairs);
      return;
    }
    const ownChild = childOf(trees, node, row[input]!);
    const otherChild = childOf(trees, node, reference[input]!);
    if (ownChild === otherChild || side[input] === 1) visit(tree, ownChild, row, reference, values, pairs);
    else if (side[input] === -1) visit(tree, otherChild, row, reference, values, pairs);
    else {
      side[input] = 1;
      own.push(input);
      visit(tree, ownChild, row, reference, values, pairs);
      own.pop();
      side[input] = -1;
      other.push(input);
      visit(tree, otherChild, row, reference, values, pairs);
      other.pop();
      side[input] = 0;
    }
  };

  return {
    explain(row, values, pairs) {
      for (const reference of background) {
        for (let tree = 0; tree + 1 < starts.length; tree++) {
          visit(tree, starts[tree]!, row, reference, values, pairs);
        }
      }
    },
  };
}

/** The integral of t^a (1 - t)^b from 0 to 1: `a! b! / (a + b + 1)!`. */
function betaTable(): (a: number, b: number) => number {
  const rows: Float64Array[] = [];
  const rowOf = (a: number): Float64Array => {
    const row = new Float64Array(64);
    row[0] = 1 / (a + 1);
    for (let b = 1; b < row.length; b++) row[b] = (row[b - 1]! * b) / (a + b + 1);
    return row;
  };
  return (a, b) => {
    rows[a] ??= rowOf(a);
    // Beyond the table by its recurrence.
    let value = rows[a]![Math.min(b, 63)]!;
    for (let k = 64; k <= b; k++) value *= k / (a + k + 1);
    return value;
  };
}
