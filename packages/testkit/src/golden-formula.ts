// Arrays that a golden file names by a formula in place of their numbers: `golden/formula.py` computes the same bits.

/** See `Formula` in `golden/formula.py`. */
export interface Formula {
  readonly seed: number;
  readonly scale: number;
  readonly center: number;
}

/** Fills an array with `center + scale * (2 u - 1)`, where `u` is a hash of seed and index in [0, 1). */
export function fillByFormula(values: { [index: number]: number; length: number }, formula: Formula): void {
  const { seed, scale, center } = formula;
  const start = Math.imul(seed, 0x85ebca77);
  for (let i = 0; i < values.length; i++) {
    // The finalizer of MurmurHash3 (Appleby 2008).
    let bits = (Math.imul(i, 0x9e3779b1) + start) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    const uniform = ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
    values[i] = center + scale * (2 * uniform - 1);
  }
}
