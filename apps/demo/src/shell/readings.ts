// Numbers as a reader wants them: how well predictions agree, how long something takes, and no more digits than say something.

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

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `−2`, `0.1234`, `1.5 · 10⁻⁷`, `10⁶`: four digits, and powers of ten where zeros would fill the place. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value) || (size >= 1e-4 && size < 1e6)) {
    return String(Number(value.toPrecision(4))).replace("-", "−");
  }
  const [mantissa, exponent] = value.toExponential(3).split("e") as [string, string];
  const power = exponent
    .replace("+", "")
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => superscripts[Number(digit)]!);
  return Number(mantissa) === 1 ? `10${power}` : `${number(Number(mantissa))} · 10${power}`;
}

/** With a fixed number of decimals, so that what changes stands still; as {@link number} says it where they are too many. */
export function decimals(value: number, count: number): string {
  return Math.abs(value) < 1e4 ? value.toFixed(count).replace("-", "−") : number(value);
}

/** A number with its unit, where there is one. */
export const inUnit = (words: string, unit: string): string => (unit === "" ? words : `${words} ${unit}`);

/** What an axis is of: `strength (MPa)`. */
export const axisOf = (quantity: string, unit: string): string => `${quantity} (${unit === "" ? "no unit" : unit})`;

/** The least of one, two or five units of a power of ten that is not below a size. */
export function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].find((unit) => unit * power >= size) ?? 10);
}
