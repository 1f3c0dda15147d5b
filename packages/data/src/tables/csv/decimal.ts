// Decimal digits to the nearest double, exactly: one floating-point operation for up to 15 digits (Clinger 1990), pairs of
// doubles for more (Dekker 1971), and the language's own parser where even these cannot decide.

/** Powers of ten that a double holds exactly are those up to 22; beyond, `high + low` holds 106 bits of them. */
const largestPower = 60;
const high = /* @__PURE__ */ Float64Array.from({ length: largestPower + 1 }, (_, power) => Number(`1e${power}`));
const low = /* @__PURE__ */ Float64Array.from(high, (value, power) => Number(10n ** BigInt(power) - BigInt(value)));

/** `10^power` for `power` from 0 to 22, exact. */
export const exactPowers: Float64Array = /* @__PURE__ */ high.slice(0, 23);

const splitter = 2 ** 27 + 1;

/** What `a * b` loses when it is rounded to `product`. */
function productError(a: number, b: number, product: number): number {
  const scaledA = a * splitter;
  const aHigh = scaledA - (scaledA - a);
  const aLow = a - aHigh;
  const scaledB = b * splitter;
  const bHigh = scaledB - (scaledB - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/**
 * The double nearest to `(first * 10^(digits - 9) + rest) * 10^exponent` for 16 to 18 digits, or with 27 digits at most the same
 * with the third group of digits behind it.
 *
 * @param first the first nine digits
 * @param second the next digits, nine at most
 * @param third the digits behind these, nine at most
 * @param digits how many there are in all, from 10 to 27
 * @returns NaN where the value lies so near the middle of two doubles, or so far out, that this cannot decide
 */
export function nearestDouble(first: number, second: number, third: number, digits: number, exponent: number): number {
  if (exponent > largestPower || exponent < -largestPower) return Number.NaN;
  // first * 10^k in two exact halves: each is below 2^45 times a power of two.
  const power = high[digits < 18 ? digits - 9 : 9]!;
  const upper = (first >>> 15) * power * 32768;
  const lower = (first & 32767) * power + second;
  let a = upper + lower;
  let b = lower - (a - upper);
  if (digits > 18) {
    const more = high[digits - 18]!;
    const product = a * more;
    const error = productError(a, more, product) + b * more + third;
    a = product + error;
    b = error - (a - product);
  }
  let value: number;
  let rest: number;
  if (exponent >= 0) {
    const [ph, pl] = [high[exponent]!, low[exponent]!];
    value = a * ph;
    rest = productError(a, ph, value) + (a * pl + b * ph);
  } else {
    const [ph, pl] = [high[-exponent]!, low[-exponent]!];
    value = a / ph;
    const back = value * ph;
    rest = (a - back - productError(value, ph, back) + b - value * pl) / ph;
  }
  // Right if the rounding does not depend on the last bits of `rest`, whose error is below 2^-100 of the value (Ziv 1991).
  const doubt = value * 2 ** -96;
  const rounded = value + (rest - doubt);
  return rounded === value + (rest + doubt) ? rounded : Number.NaN;
}
