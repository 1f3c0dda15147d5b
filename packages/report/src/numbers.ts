// Numbers for people: four significant digits, ranges with a margin, round ticks.

/** A range of numbers. */
export type Range = readonly [low: number, high: number];

/** Four significant digits; a dash where there is no number. */
export function formatNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "–";
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e7)
    ? rounded.toExponential()
    : rounded.toLocaleString("en", { maximumFractionDigits: 10 });
}

/** The smallest and the largest of the finite values; `[Infinity, -Infinity]` where there are none. */
export function extent(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The range of the values and a little more, so that no point lies on the edge. */
export function padded(values: Iterable<number>): [low: number, high: number] {
  const [low, high] = extent(values);
  if (low > high) return [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - margin, high + margin];
}

/** Round values within a range, about five of them, with their labels, which have the digits that tell them apart. */
export function ticksWithin(low: number, high: number): { readonly value: number; readonly label: string }[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-6);
  const count = Math.max(0, Math.floor(high / step + 1e-6) - first + 1);
  return Array.from({ length: count }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: tickLabel(value, step) };
  });
}

function tickLabel(value: number, step: number): string {
  const lastDigit = Math.floor(Math.log10(step) + 1e-9);
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e6 || step < 1e-4) {
    return value.toExponential(Math.min(15, Math.max(0, Math.floor(Math.log10(size) + 1e-9) - lastDigit)));
  }
  return value.toFixed(Math.max(0, -lastDigit));
}
