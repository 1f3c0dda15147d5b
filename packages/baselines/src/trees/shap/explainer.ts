// What both kinds of SHAP values of trees have in common: what is asked of them, and how pairs of inputs are added up.

/** Explains what trees say of a row. */
export interface Explainer {
  /** Adds to `values`, `[outputs, inputs]`, and to `pairs`, `[outputs, inputs, inputs]`, where interactions are asked for. */
  explain(row: Float64Array, values: Float64Array, pairs: Float64Array | undefined): void;
}

/** Adds what a pair of inputs has to the matrix of an output, half on each side. @param at the output times the number of inputs */
export function addPair(pairs: Float64Array, inputs: number, at: number, i: number, j: number, value: number): void {
  pairs[(at + i) * inputs + j]! += value / 2;
  pairs[(at + j) * inputs + i]! += value / 2;
}
