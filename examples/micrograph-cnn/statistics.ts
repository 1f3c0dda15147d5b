// What is known of a microstructure without looking at it: its volume fraction, and its two-point statistics.
import { complexGrid, fourierTransform } from "./fft.ts";

/**
 * The two-point statistics of periodic images: the chance that both ends of a stick lie in the stiff phase, by the stick's
 * length from 0 (the volume fraction) to `side / 2`, averaged over positions and directions. Torquato, Random Heterogeneous
 * Materials, Springer 2002.
 */
export function twoPointStatistics(side: number): (stiff: ArrayLike<number>) => Float64Array {
  const transform = fourierTransform(side);
  const grid = complexGrid(side);
  const longest = side / 2;
  return (stiff) => {
    grid.re.set(stiff);
    grid.im.fill(0);
    transform.forward(grid);
    // The correlation of an image with itself is the inverse transform of its power spectrum.
    for (let i = 0; i < side * side; i++) {
      grid.re[i] = grid.re[i]! ** 2 + grid.im[i]! ** 2;
      grid.im[i] = 0;
    }
    transform.inverse(grid);
    const sums = new Float64Array(longest + 1);
    const counts = new Float64Array(longest + 1);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const length = Math.round(Math.hypot(Math.min(x, side - x), Math.min(y, side - y)));
        if (length > longest) continue;
        sums[length]! += grid.re[y * side + x]! / (side * side);
        counts[length]!++;
      }
    }
    return sums.map((sum, length) => sum / counts[length]!);
  };
}
