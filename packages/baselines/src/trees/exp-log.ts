// exp and log of sums, products and quotients alone, so that they give the same bits in every engine, which the functions of `Math` need not.
// Argument reductions and polynomials are those of FreeBSD's msun (e_exp.c, e_log.c; Sun Microsystems 1993); errors stay below 1 ulp.

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const bits = new DataView(new ArrayBuffer(8));

/** 2^k for -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** e to the power of x. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // In two steps, so that neither power leaves the range of numbers.
  const half = Math.trunc(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** The natural logarithm of x. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = x < 2 ** -1022;
  bits.setFloat64(0, isSubnormal ? x * 2 ** 54 : x);
  let head = bits.getUint32(0);
  let k = (head >>> 20) - 1023 - (isSubnormal ? 54 : 0);
  head &= 0xfffff;
  // From sqrt(1/2) to sqrt(2).
  const isUpper = head >= 0x6a09e ? 1 : 0;
  k += isUpper;
  bits.setUint32(0, head | ((1023 - isUpper) << 20));
  const f = bits.getFloat64(0) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = (f * f) / 2;
  return k * ln2High - (half - (s * (half + odd + even) + k * ln2Low) - f);
}
