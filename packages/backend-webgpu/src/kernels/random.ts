// Random bits on the GPU: Threefry 2x32 with 20 rounds, the same bits as everywhere. Keys and words are stored as i32.
import { type Kernel, runProgram } from "./program.ts";

const threefry = /* wgsl */ `
  fn threefry(counter : vec2<u32>) -> vec2<i32> {
    let key = vec2<u32>(bitcast<u32>(A[0]), bitcast<u32>(A[1]));
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
    return vec2<i32>(bitcast<i32>(x), bitcast<i32>(y));
  }`;

/** Words `2i` and `2i + 1` are block `(i, 0)` of the key. */
const randomBits: Kernel = (backend, [key], { shape }) =>
  runProgram(backend, [key!], shape as number[], "int32", {
    key: "randomBits",
    helpers: threefry,
    value: "threefry(vec2<u32>(u32(index / 2), 0u))[index % 2]",
  });

/** Block `(data, 1)` of the key. */
const foldKey: Kernel = (backend, [key, data]) =>
  runProgram(backend, [key!, data!], [2], "int32", {
    key: "foldKey",
    helpers: threefry,
    value: "threefry(vec2<u32>(bitcast<u32>(B[0]), 1u))[index]",
  });

export const random: Readonly<Record<string, Kernel>> = { RandomBits: randomBits, FoldKey: foldKey };
