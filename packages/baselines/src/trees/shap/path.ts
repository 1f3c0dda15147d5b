// SHAP values of trees where what is not known of a row is averaged over the rows of training that came by (path-dependent).
import { childOf, type Trees } from "../trees.ts";
import { addPair, type Explainer } from "./explainer.ts";
import { gaussLegendre, type Quadrature } from "./quadrature.ts";

/**
 * Along the way to a leaf, an input is what the row has (1 if all of its questions lead there, else 0) or the share of rows that go
 * there. If each input is known with probability t, the leaf is reached with the product of `t one + (1 - t) share` over the inputs asked for; a
 * Shapley value is the integral over t of the derivative in the input (Owen 1972), a polynomial, which Gauss' points integrate
 * exactly. Nothing is subtracted but `one - share`, so that deep trees keep all their digits, which unwinding (Lundberg et al. 2018) need not.
 */
export function pathShap(trees: Trees, inputs: number): Explainer {
  const { starts, column, left, cover, values: leafValues, width, outputs } = trees;
  const depth = deepest(trees);
  const quadratures: Quadrature[] = [];
  // Of each input on the way to a node: whether the row goes there, and the share of rows that do.
  const one = new Float64Array(inputs);
  const share = new Float64Array(inputs);
  const asked: number[] = [];
  const isAsked = new Uint8Array(inputs);
  const factors = new Float64Array(depth);
  const slopes = new Float64Array(depth);

  const atLeaf = (tree: number, node: number, values: Float64Array, pairs: Float64Array | undefined): void => {
    const { length: count } = asked;
    if (count === 0) return;
    const points = (count + 1) >> 1;
    quadratures[points] ??= gaussLegendre(points);
    const { points: t, weights } = quadratures[points]!;
    const output = (tree * width) % outputs;
    for (let q = 0; q < points; q++) {
      let product = weights[q]!;
      for (let i = 0; i < count; i++) {
        const input = asked[i]!;
        const factor = t[q]! * one[input]! + (1 - t[q]!) * share[input]!;
        factors[i] = factor;
        slopes[i] = (one[input]! - share[input]!) / factor;
        product *= factor;
      }
      for (let k = 0; k < width; k++) {
        const whole = product * leafValues[left[node]! * width + k]!;
        const at = (output + k) * inputs;
        for (let i = 0; i < count; i++) {
          values[at + asked[i]!]! += whole * slopes[i]!;
          if (pairs === undefined) continue;
          for (let j = 0; j < i; j++) {
            addPair(pairs, inputs, at, asked[i]!, asked[j]!, whole * slopes[i]! * slopes[j]!);
          }
        }
      }
    }
  };

  const visit = (
    tree: number,
    node: number,
    row: Float64Array,
    values: Float64Array,
    pairs: Float64Array | undefined,
  ): void => {
    const input = column[node]!;
    if (input < 0) {
      atLeaf(tree, node, values, pairs);
      return;
    }
    const taken = childOf(trees, node, row[input]!);
    const isNew = isAsked[input] === 0;
    const [oneBefore, shareBefore] = isNew ? [1, 1] : [one[input]!, share[input]!];
    if (isNew) {
      isAsked[input] = 1;
      asked.push(input);
    }
    for (let child = left[node]!; child <= left[node]! + 1; child++) {
      one[input] = child === taken ? oneBefore : 0;
      share[input] = (shareBefore * cover[child]!) / cover[node]!;
      if (one[input] > 0 || share[input] > 0) visit(tree, child, row, values, pairs);
    }
    one[input] = oneBefore;
    share[input] = shareBefore;
    if (!isNew) return;
    asked.pop();
    isAsked[input] = 0;
  };

  return {
    explain(row, values, pairs) {
      for (let tree = 0; tree + 1 < starts.length; tree++) visit(tree, starts[tree]!, row, values, pairs);
    },
  };
}

/** What the trees say of a row of which nothing is known, by output. */
export function pathBase(trees: Trees): Float64Array {
  const { base, starts, column, left, cover, values, width, outputs } = trees;
  const sums = base.slice();
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    const all = cover[starts[tree]!]!;
    for (let node = starts[tree]!; node < starts[tree + 1]!; node++) {
      if (column[node]! >= 0) continue;
      for (let k = 0; k < width; k++) {
        sums[((tree * width) % outputs) + k]! += (values[left[node]! * width + k]! * cover[node]!) / all;
      }
    }
  }
  return sums;
}

/** The longest way from a root to a leaf. */
function deepest({ starts, column, left }: Trees): number {
  const depth = new Int32Array(column.length);
  let most = 0;
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    for (let node = starts[tree]!; node < starts[tree + 1]!; node++) {
      most = Math.max(most, depth[node]!);
      if (column[node]! < 0) continue;
      depth[left[node]!] = depth[node]! + 1;
      depth[left[node]! + 1] = depth[node]! + 1;
    }
  }
  return most;
}
