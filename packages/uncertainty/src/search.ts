// The largest value of a function of one number: the best of a grid, then golden section beside it.

/** @param count of the grid, which goes down from `most` by `step` */
export function largestAt(
  of: (x: number) => number,
  { most, step, count }: { most: number; step: number; count: number },
): number {
  let best = 0;
  const heights = Array.from({ length: count }, (_, i) => of(most - i * step));
  for (const [i, height] of heights.entries()) if (height > heights[best]!) best = i;
  let [low, high] = [most - (best + 1) * step, most - (best - 1) * step];
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atA, atB] = [of(a), of(b)];
  while (high - low > 1e-7) {
    if (atA > atB) {
      [high, b, atB] = [b, a, atA];
      a = high - ratio * (high - low);
      atA = of(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + ratio * (high - low);
      atB = of(b);
    }
  }
  return (low + high) / 2;
}
