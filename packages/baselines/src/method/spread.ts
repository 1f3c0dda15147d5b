// The mean of numbers and their standard deviation, each number weighed.

/**
 * @param weights how much each counts. Default: all the same
 * @returns the mean and the root of the mean squared deviation from it, which is exactly 0 where all numbers are the same
 */
export function spreadOf(
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
): { readonly mean: number; readonly scale: number } {
  let [total, sum, square, same] = [0, 0, 0, true];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    sum += weight * values[i]!;
    same &&= values[i] === values[0];
  }
  const mean = sum / total;
  for (let i = 0; i < values.length; i++) square += (weights?.[i] ?? 1) * (values[i]! - mean) ** 2;
  return { mean, scale: same ? 0 : Math.sqrt(square / total) };
}
