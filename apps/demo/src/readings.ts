// Numbers as a reader wants them: how well predictions agree, and how long something takes.

/** Coefficient of determination and root mean square error. */
export function agreement(truth: readonly number[], predicted: readonly number[]): { r2: number; rmse: number } {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const total = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const residual = truth.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
  return { r2: 1 - residual / total, rmse: Math.sqrt(residual / truth.length) };
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes as people read them. */
export function bytes(count: number): string {
  return count >= 2 ** 30 ? `${Number((count / 2 ** 30).toPrecision(3))} GiB` : `${Math.round(count / 2 ** 20)} MiB`;
}
