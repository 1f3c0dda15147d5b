// Allen-Cahn's equation by Fourier modes in space and ETDRK4 in time (Cox and Matthews 2002; Kassam and Trefethen 2005), in f64.

/** The diffusion of Raissi, Perdikaris and Karniadakis 2019. */
export const diffusion = 1e-4;

/** The real and the imaginary parts of numbers. */
type Complex = readonly [re: Float64Array, im: Float64Array];

/**
 * The solution of `u_t = 1e-4 u_xx + 5 u - 5 u^3` from `x^2 cos(pi x)`, periodic on [-1, 1].
 *
 * @param modes a power of two: values are those at `x = -1 + 2 i / modes`
 * @param steps of time, from 0 to 1; a multiple of `times`
 * @param times how many values of time are returned after 0
 */
export function allenCahn(modes: number, steps: number, times: number): readonly Float64Array[] {
  const h = 1 / steps;
  const linear = Float64Array.from({ length: modes }, (_, k) => {
    const wave = Math.PI * (k <= modes / 2 ? k : k - modes);
    return 5 - diffusion * wave ** 2;
  });
  const { whole, half, middle, first, inner, last } = coefficients(linear, h);
  const values = ([re, im]: Complex): Float64Array => fft(re, im, -1)[0].map((value) => value / modes);
  const modesOf = (u: Float64Array): Complex => fft(u, new Float64Array(modes), 1);
  const cubic = (v: Complex): Complex => modesOf(values(v).map((u) => -5 * u ** 3));
  let v = modesOf(
    Float64Array.from({ length: modes }, (_, i) => {
      const x = -1 + (2 * i) / modes;
      return x * x * Math.cos(Math.PI * x);
    }),
  );
  const result = [values(v)];
  for (let step = 1; step <= steps; step++) {
    const before = cubic(v);
    const a = sumOf([half, v], [middle, before]);
    const atA = cubic(a);
    const b = sumOf([half, v], [middle, atA]);
    const atB = cubic(b);
    const twice = middle.map((each) => 2 * each);
    const c = sumOf([half, a], [twice, atB], [middle.map((each) => -each), before]);
    v = sumOf([whole, v], [first, before], [inner, atA], [inner, atB], [last, cubic(c)]);
    if (step % (steps / times) === 0) result.push(values(v));
  }
  return result;
}

function sumOf(...parts: readonly (readonly [factor: Float64Array, value: Complex])[]): Complex {
  const { length } = parts[0]![0];
  const sum: Complex = [new Float64Array(length), new Float64Array(length)];
  for (const [factor, value] of parts) {
    for (const part of [0, 1] as const) {
      const [total, each] = [sum[part], value[part]];
      for (let k = 0; k < length; k++) total[k]! += factor[k]! * each[k]!;
    }
  }
  return sum;
}

/** The coefficients of ETDRK4: means over circles around `h l` in the complex plane, where no digits cancel. */
function coefficients(linear: Float64Array, h: number) {
  const nodes = 32;
  const means = (fn: (z: Number2) => Number2): Float64Array =>
    linear.map((l) => {
      let total = 0;
      for (let j = 0; j < nodes; j++) {
        const angle = (2 * Math.PI * (j + 0.5)) / nodes;
        total += fn([h * l + Math.cos(angle), Math.sin(angle)])[0];
      }
      return (h * total) / nodes;
    });
  const cube = (z: Number2): Number2 => times(z, z, z);
  return {
    whole: linear.map((l) => Math.exp(h * l)),
    half: linear.map((l) => Math.exp((h * l) / 2)),
    middle: means((z) => over(plus(exp(times([0.5, 0], z)), [-1, 0]), z)),
    first: means((z) => {
      const inside = plus([4, 0], times([-3, 0], z), times(z, z));
      return over(plus([-4, 0], times([-1, 0], z), times(exp(z), inside)), cube(z));
    }),
    inner: means((z) => times([2, 0], over(plus([2, 0], z, times(exp(z), plus([-2, 0], z))), cube(z)))),
    last: means((z) => {
      const outside = plus([-4, 0], times([-3, 0], z), times([-1, 0], z, z));
      return over(plus(outside, times(exp(z), plus([4, 0], times([-1, 0], z)))), cube(z));
    }),
  };
}

type Number2 = readonly [re: number, im: number];

const plus = (...all: readonly Number2[]): Number2 => all.reduce(([a, b], [c, d]) => [a + c, b + d]);
const times = (...all: readonly Number2[]): Number2 => all.reduce(([a, b], [c, d]) => [a * c - b * d, a * d + b * c]);
const exp = ([a, b]: Number2): Number2 => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)];

function over(x: Number2, [c, d]: Number2): Number2 {
  const [a, b] = times(x, [c, -d]);
  const size = c * c + d * d;
  return [a / size, b / size];
}

/** The fast Fourier transform of a power of two, not normalized; sign 1 is forward. */
function fft(re: Float64Array, im: Float64Array, sign: 1 | -1): Complex {
  const n = re.length;
  const [a, b] = [Float64Array.from(re), Float64Array.from(im)];
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [a[i], a[j]] = [a[j]!, a[i]!];
    [b[i], b[j]] = [b[j]!, b[i]!];
  }
  for (let size = 2; size <= n; size *= 2) {
    const [cos, sin] = roots(size);
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < size / 2; k++) {
        // Not by destructuring, which makes an array of each pair of numbers: half of the time went to collecting them.
        const i = start + k;
        const j = i + size / 2;
        const c = cos[k]!;
        const s = -sign * sin[k]!;
        const x = a[j]! * c - b[j]! * s;
        const y = a[j]! * s + b[j]! * c;
        a[j] = a[i]! - x;
        b[j] = b[i]! - y;
        a[i]! += x;
        b[i]! += y;
      }
    }
  }
  return [a, b];
}

const known = new Map<number, Complex>();

/** Cosines and sines of `2 pi k / size`, for half a turn. */
function roots(size: number): Complex {
  const angles = () => Float64Array.from({ length: size / 2 }, (_, k) => (2 * Math.PI * k) / size);
  const found = known.get(size) ?? [angles().map(Math.cos), angles().map(Math.sin)];
  known.set(size, found);
  return found;
}
