// The discrete Fourier transform of periodic square grids, whose side is a power of two.

/** A complex grid of `side x side` points, row by row. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complexGrid = (side: number): Complex => ({
  re: new Float64Array(side * side),
  im: new Float64Array(side * side),
});

/** A transform in place, and its inverse. */
export interface Transform {
  forward(grid: Complex): void;
  inverse(grid: Complex): void;
}

/** Cooley and Tukey's algorithm (Math. Comput. 19, 1965): all rows, then all columns. */
export function fourierTransform(side: number): Transform {
  const bits = Math.log2(side);
  if (!Number.isInteger(bits)) throw new Error(`fourierTransform: received side ${side}; expected a power of two.`);
  const cosines = Float64Array.from({ length: side / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / side));
  const sines = Float64Array.from({ length: side / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / side));
  const reversed = Uint32Array.from({ length: side }, (_, i) => {
    let bitsOfI = 0;
    for (let bit = 0; bit < bits; bit++) bitsOfI |= ((i >> bit) & 1) << (bits - 1 - bit);
    return bitsOfI;
  });

  /** Every line `start + i * step`, for the starts `0, next, 2 next, ...`: the inner loop runs over lines. */
  function alongLines({ re, im }: Complex, step: number, next: number): void {
    for (let i = 0; i < side; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      for (let line = 0; line < side; line++) {
        const p = i * step + line * next;
        const q = j * step + line * next;
        [re[p], re[q]] = [re[q]!, re[p]!];
        [im[p], im[q]] = [im[q]!, im[p]!];
      }
    }
    for (let half = 1; half < side; half *= 2) {
      const stride = side / (2 * half);
      for (let start = 0; start < side; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = cosines[k * stride]!;
          const s = sines[k * stride]!;
          let p = (start + k) * step;
          let q = (start + k + half) * step;
          for (let line = 0; line < side; line++, p += next, q += next) {
            const a = re[q]! * c - im[q]! * s;
            const b = re[q]! * s + im[q]! * c;
            re[q] = re[p]! - a;
            im[q] = im[p]! - b;
            re[p]! += a;
            im[p]! += b;
          }
        }
      }
    }
  }

  const forward = (grid: Complex): void => {
    alongLines(grid, 1, side);
    alongLines(grid, side, 1);
  };
  return {
    forward,
    // The inverse is the forward transform with real and imaginary parts exchanged, over the number of points.
    inverse(grid) {
      forward({ re: grid.im, im: grid.re });
      const scale = 1 / (side * side);
      for (let i = 0; i < side * side; i++) {
        grid.re[i]! *= scale;
        grid.im[i]! *= scale;
      }
    },
  };
}
