// Functions that kernels call, by name: a kernel has those it needs.
import { helpers } from "./math.ts";

/** Beside those of `math.ts`. */
const own = /* wgsl */ `
  fn isnan(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
  // The same number; compilers do not know that, and leave sums as they are written.
  fn opaque(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ uniforms.zero); }
  fn negate(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ 0x80000000u); }
  fn magnitude(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0x7fffffffu); }
  fn signOf(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    let place = order(x);
    return select(select(x, 1.0, place > 0), -1.0, place < 0);
  }
  fn floorOf(x : f32) -> f32 { return select(floor(x), x, isnan(x)); }
  fn expOf(x : f32) -> f32 { return select(exp(x), x, isnan(x)); }
  fn sigmoidOf(x : f32) -> f32 { return select(1.0 / (1.0 + exp(-x)), x, isnan(x)); }
  fn sineOf(x : f32) -> f32 { return circular(x).x; }
  fn cosineOf(x : f32) -> f32 { return circular(x).y; }
  // By its power series near zero; elsewhere Abramowitz & Stegun 7.1.26, which is off by 1.5e-7.
  fn erfOf(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    let q = x * x;
    if (q < 0.25) {
      return x * (1.12837917 + q * (-0.37612639 + q * (0.11283792 + q * (-0.026866170 + q * 0.0052239776))));
    }
    let size = magnitude(x);
    let t = 1.0 / (1.0 + 0.3275911 * size);
    let rest = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    let value = 1.0 - rest * exp(-q);
    return select(value, -value, x < 0.0);
  }
  fn maximumOf(a : f32, b : f32) -> f32 { return select(b, a, isnan(a) || (!isnan(b) && order(a) >= order(b))); }
  fn minimumOf(a : f32, b : f32) -> f32 { return select(b, a, isnan(a) || (!isnan(b) && order(a) <= order(b))); }
  fn isEqual(a : f32, b : f32) -> bool { return !isnan(a) && !isnan(b) && order(a) == order(b); }
  fn isLess(a : f32, b : f32) -> bool { return !isnan(a) && !isnan(b) && order(a) < order(b); }
  fn isAtMost(a : f32, b : f32) -> bool { return !isnan(a) && !isnan(b) && order(a) <= order(b); }
  fn powerOf(a : f32, b : f32) -> f32 {
    if (a == 1.0 || (a == -1.0 && magnitude(b) == uniforms.INFINITY)) { return 1.0; }
    return power(a, b);
  }
  fn quotient(a : i32, b : i32) -> i32 { return select(a / b, 0, b == 0); }
  fn rest(a : i32, b : i32) -> i32 { return select(a % b, 0, b == 0); }
  fn quotientOfWords(a : u32, b : u32) -> u32 { return select(a / b, 0u, b == 0u); }
  fn restOfWords(a : u32, b : u32) -> u32 { return select(a % b, 0u, b == 0u); }
  fn toI32(x : f32) -> i32 {
    if (isnan(x)) { return 0; }
    if (x >= 2147483648.0) { return 2147483647; }
    if (x < -2147483648.0) { return -2147483647 - 1; }
    return i32(x);
  }
  fn toU32(x : f32) -> u32 {
    if (isnan(x) || x <= 0.0) { return 0u; }
    if (x >= 4294967296.0) { return 0xffffffffu; }
    return u32(x);
  }
  // The upper half of a word, rounded to the nearest, on a tie to the even one; of NaN another NaN.
  fn bfloat16(word : u32) -> u32 {
    if ((word & 0x7fffffffu) > 0x7f800000u) { return (word >> 16u) | 0x40u; }
    return (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
  }
  fn packedPair(first : u32, second : u32) -> u32 { return bfloat16(first) | (bfloat16(second) << 16u); }
  // The float that is packed in a word, as the first or the second of two.
  fn unpackedHalf(word : u32, number : u32) -> u32 { return select(word << 16u, word & 0xffff0000u, (number & 1u) == 1u); }
  fn isTrue(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) != 0u; }
  fn threefry(key : vec2<u32>, counter : vec2<u32>) -> vec2<u32> {
    var schedule = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
    var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
    var x = counter.x + key.x;
    var y = counter.y + key.y;
    for (var round = 0u; round < 20u; round++) {
      let rotation = rotations[round % 8u];
      x += y;
      y = ((y << rotation) | (y >> (32u - rotation))) ^ x;
      if (round % 4u == 3u) {
        let injection = round / 4u + 1u;
        x += schedule[injection % 3u];
        y += schedule[(injection + 1u) % 3u] + injection;
      }
    }
    return vec2<u32>(x, y);
  }`;

/** Definitions by name, in an order in which each comes after those it may call. */
const definitions: ReadonlyMap<string, string> = new Map(
  [own, helpers]
    .join("\n")
    .split(/\n(?= {2}(?:\/\/|fn ))/)
    .reduce<string[]>((parts, part) => {
      // A comment belongs to the function behind it.
      const last = parts.at(-1);
      if (last !== undefined && !/\n? {2}fn /.test(last)) parts[parts.length - 1] = `${last}\n${part}`;
      else parts.push(part);
      return parts;
    }, [])
    .flatMap((part) => {
      const name = /fn (\w+)\(/.exec(part)?.[1];
      return name === undefined ? [] : [[name, part] as const];
    }),
);

const calls = (text: string): string[] => [...text.matchAll(/\b(\w+)\(/g)].map(([, name]) => name!);

/** The functions that a text calls, and those that these call. */
export function functions(text: string): string[] {
  const needed = new Set<string>();
  const waiting = calls(text);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = definitions.get(name);
    if (definition === undefined || needed.has(name)) continue;
    needed.add(name);
    waiting.push(...calls(definition));
  }
  return [...definitions].flatMap(([name, definition]) => (needed.has(name) ? [definition] : []));
}
