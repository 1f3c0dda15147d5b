// Random numbers on the host, by key.
import { type HostArray, threefryWords } from "@hooke/runtime";

/** Numbers in (0, 1). */
export function uniforms(key: HostArray, count: number): Float64Array {
  return Float64Array.from(threefryWords(key.data, count), (word) => (word + 0.5) / 2 ** 32);
}

/** Standard normal numbers, by Box and Muller. */
export function normals(key: HostArray, count: number): Float64Array {
  const u = uniforms(key, 2 * count);
  return Float64Array.from({ length: count }, (_, i) => {
    return Math.sqrt(-2 * Math.log(u[2 * i]!)) * Math.cos(2 * Math.PI * u[2 * i + 1]!);
  });
}
