// What a column of numbers spans.

/** Least, median and largest of the numbers that are there; of an even count the lower of the two in the middle. Undefined where none are. */
export function rangeOf(values: ArrayLike<number>): readonly [least: number, median: number, most: number] | undefined {
  const there = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const at = (share: number): number => there[Math.floor(share * (there.length - 1))]!;
  return there.length === 0 ? undefined : [at(0), at(0.5), at(1)];
}
