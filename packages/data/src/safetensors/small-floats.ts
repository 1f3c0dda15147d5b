// Floats of 16 and 8 bits to numbers: a sign, an exponent and a fraction, as IEEE 754 lays them out. All are exact in f32.

/** The number that bits stand for whose exponent and fraction have these widths; all exponent bits set means infinity or NaN. */
function small(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits >> (exponentBits + fractionBits) ? -1 : 1;
  const top = 2 ** exponentBits - 1;
  const exponent = (bits >> fractionBits) & top;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  if (exponent === top) return fraction === 0 ? sign * Infinity : Number.NaN;
  const bias = 2 ** (exponentBits - 1) - 1;
  // The smallest exponent belongs to the subnormal numbers, which have no leading one.
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** IEEE binary16. */
export const float16 = (bits: number): number => small(bits, 5, 10);

const pattern = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** The upper half of an f32. */
export function bfloat16(bits: number): number {
  pattern.setUint32(0, bits << 16);
  return pattern.getFloat32(0);
}

/** The numbers of 8 bits: E5M2 follows IEEE; E4M3 ("fn") has no infinities, a single NaN of each sign, and 448 as its largest. */
export function float8(exponentBits: 4 | 5, fractionBits: 2 | 3): (bits: number) => number {
  if (exponentBits === 5) return (bits) => small(bits, 5, fractionBits);
  return (bits) => {
    if ((bits & 0x7f) === 0x7f) return Number.NaN;
    // Where IEEE has infinity and NaN, numbers go on.
    return (bits & 0x78) === 0x78
      ? (bits & 0x80 ? -1 : 1) * (1 + (bits & 7) / 8) * 2 ** 8
      : small(bits, exponentBits, fractionBits);
  };
}
