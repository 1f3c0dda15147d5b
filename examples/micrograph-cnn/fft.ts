// The discrete Fourier transform of periodic grids: squares, cubes, whose side is a power of two.

/** A complex grid of `side x side` points, row by row; of a cube, square by square. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** @param axes Default 2, a square */
export const complexGrid = (side: number, axes = 2): Complex => ({
  re: new Float64Array(side ** axes),
  im: new Float64Array(side ** axes),
});

/** A transform in place, and its inverse. */
export interface Transform {
  forward(grid: Complex): void;
  inverse(grid: Complex): void;
}

/**
 * Cooley and Tukey's algorithm (Math. Comput. 19, 1965), along one axis after the other.
 *
 * @param axes Default 2, a square
 */
export function fourierTransform(side: number, axes = 2): Transform {
  const points = side ** axes;
  const bits = Math.log2(side);
  if (!Number.isInteger(bits)) throw new Error(`fourierTransform: received side ${side}; expected a power of two.`);
  const cosines = Float64Array.from({ length: side / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / side));
  const sines = Float64Array.from({ length: side / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / side));
  const reversed = Uint32Array.from({ length: side }, (_, i) => {
    let bitsOfI = 0;
    for (let bit = 0; bit < bits; bit++) bitsOfI |= ((i >> bit) & 1) << (bits - 1 - bit);
    return bitsOfI;
  });

  /** So many lines `start + i * step`, for the starts `first`, `first + next`, ...: the inner loop runs over lines. */
  function alongLines({ re, im }: Complex, first: number, step: number, next: number, lines: number): void {
    for (let i = 0; i < side; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      for (let line = 0; line < lines; line++) {
        const p = first + i * step + line * next;
        const q = first + j * step + line * next;
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
          let p = first + (start + k) * step;
          let q = first + (start + k + half) * step;
          for (let line = 0; line < lines; line++, p += next, q += next) {
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
    alongLines(grid, 0, 1, side, points / side);
    for (let step = side; step < points; step *= side) {
      for (let first = 0; first < points; first += side * step) alongLines(grid, first, step, 1, step);
    }
  };
  return {
    forward,
    // The inverse is the forward transform with real and imaginary parts exchanged, over the number of points.
    inverse(grid) {
      forward({ re: grid.im, im: grid.re });
      const scale = 1 / points;
      for (let i = 0; i < points; i++) {
        grid.re[i]! *= scale;
        grid.im[i]! *= scale;
      }
    },
  };
}
