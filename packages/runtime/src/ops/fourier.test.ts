import { expect, it } from "vitest";
import {
  array,
  type Complex,
  fft,
  fftFrequencies,
  type HostArray,
  ifft,
  irfft,
  record,
  referenceBackend,
  rfft,
  rfftFrequencies,
  run,
  type Tensor,
} from "../index.ts";

const backend = referenceBackend();
const wave = (n: number, phase = 0): HostArray =>
  array(Float64Array.from({ length: n }, (_, i) => Math.sin(1.7 * i * i + phase)));

/** The definition, with angles that lose no digits. */
function slow(re: HostArray, im: HostArray): { re: number[]; im: number[] } {
  const n = re.data.length;
  const at = (k: number): [number, number] => {
    let [x, y] = [0, 0];
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      x += re.data[j]! * Math.cos(angle) - im.data[j]! * Math.sin(angle);
      y += re.data[j]! * Math.sin(angle) + im.data[j]! * Math.cos(angle);
    }
    return [x, y];
  };
  const all = Array.from({ length: n }, (_, k) => at(k));
  return { re: all.map(([x]) => x), im: all.map(([, y]) => y) };
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

const sizes = [1, 2, 3, 7, 16, 17, 30, 34, 97, 128, 131, 169, 210, 256, 262, 289];

it.each(sizes)("is its definition for %i elements, and its inverse undoes it", async (n) => {
  const z = { re: wave(n), im: wave(n, 1) };
  const there = await run(backend, (x: Complex) => fft(x), z);
  const expected = slow(z.re, z.im);
  expect(largest(there.re.data, expected.re)).toBeLessThan(1e-12 * Math.sqrt(n));
  expect(largest(there.im.data, expected.im)).toBeLessThan(1e-12 * Math.sqrt(n));
  const back = await run(backend, (x: Complex) => ifft(x), there);
  expect(largest(back.re.data, z.re.data)).toBeLessThan(1e-13 * Math.sqrt(n));
  const same = await run(backend, (x: Tensor) => irfft(rfft(x), { length: n }), z.re);
  expect(largest(same.data, z.re.data)).toBeLessThan(1e-13 * Math.sqrt(n));
});

it("has NumPy's frequencies", () => {
  expect([...fftFrequencies(5, 0.1).data]).toEqual([0, 2, 4, -4, -2]);
  expect([...fftFrequencies(4).data]).toEqual([0, 0.25, -0.5, -0.25]);
  expect([...rfftFrequencies(4).data]).toEqual([0, 0.25, 0.5]);
  expect([...rfftFrequencies(2).data]).toEqual([0, 0.5]);
  expect(() => fftFrequencies(0)).toThrow(/fftFrequencies: received 0 as the number of samples/);
});

it.each<[string, (x: Tensor) => unknown, RegExp]>([
  ["an axis twice", (x) => fft(x, { axes: [0, 0] }), /fft: axes \[0, 0\] name one axis twice/],
  ["no axes", (x) => fft(x, { axes: [] }), /fft: received no axes/],
  ["an axis there is not", (x) => rfft(x, { axes: 2 }), /rfft: axis 2 does not exist/],
  ["another norm", (x) => fft(x, { norm: "unitary" as never }), /fft: option "norm" is "unitary"/],
  ["real numbers to invert", (x) => ifft(x as never), /ifft: received no complex numbers/],
  ["complex numbers as real ones", (x) => rfft({ re: x, im: x } as never), /rfft: received complex numbers.*fft/],
  ["parts that differ", (x) => fft({ re: x, im: array([1, 2]) }), /fft: the parts are f32\[2, 3\] and f32\[2\]/],
  ["whole numbers", () => fft(array([1, 2], { dtype: "i32" })), /fft: received i32\[2\]/],
  ["a length that does not fit", (x) => irfft({ re: x, im: x }, { length: 7 }), /3 frequencies.*7; theirs is 4 or 5/],
])("refuses %s", (_, fn, message) => {
  expect(() => record((x: Tensor) => fn(x) as Tensor, { shape: [2, 3], dtype: "f32" })).toThrow(message);
});
