// Random bits: Threefry 2x32 with 20 rounds, eight blocks at a time. Bit-identical to the reference in @hooke/runtime.
import { advance } from "./encoder/address.ts";
import { bytesOf, type Code } from "./encoder/code.ts";
import { br_if, local, loop, return_, when } from "./encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "./encoder/module.ts";
import { i32, i32x4, v128 } from "./encoder/opcodes.ts";
import { shuffle32 } from "./math/lanes.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** A block in each lane: locals that hold its two counters and receive its two words. */
type Blocks = readonly [x: number, y: number];

/** The rounds on blocks, one of each after the other: a round waits for the one before. `schedule` holds the three key words. */
function rounds(all: readonly Blocks[], schedule: readonly [number, number, number]): Code {
  const { add, shl, shr_u } = i32x4;
  const increase = (variable: number, amount: Code): Code => local.set(variable, add(local.get(variable), amount));
  const inject = (first: number, injection: number): Code =>
    all.map(([x, y]) => [
      increase(x, local.get(schedule[first % 3]!)),
      increase(y, add(local.get(schedule[(first + 1) % 3]!), i32x4.const(injection))),
    ]);
  const code: Code[] = [inject(0, 0)];
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round % 8]!;
    for (const [x, y] of all) {
      const rotated = v128.or(shl(local.get(y), i32.const(rotation)), shr_u(local.get(y), i32.const(32 - rotation)));
      code.push(increase(x, local.get(y)), local.set(y, v128.xor(rotated, local.get(x))));
    }
    const injection = (round + 1) / 4;
    if (Number.isInteger(injection)) code.push(inject(injection, injection));
  }
  return code;
}

/** Loads the key and derives the third word of the schedule. */
function loadKey(fn: FunctionBuilder, key: Code): { code: Code; schedule: readonly [number, number, number] } {
  const schedule = [fn.local("v128"), fn.local("v128"), fn.local("v128")] as const;
  const [first, second, third] = schedule;
  const parity = v128.xor(v128.xor(local.get(first), local.get(second)), i32x4.const(0x1bd11bda));
  const code = [
    local.set(first, v128.load32_splat(key)),
    local.set(second, v128.load32_splat(key, 4)),
    local.set(third, parity),
  ];
  return { code, schedule };
}

/** Adds `(target, key, count, first: i32)`, whose key is two `u32` in memory: writes `count` words from block `first` on; words 2i and 2i + 1 are block (i, 0). */
export function addFill(module: ModuleBuilder): number {
  const fn = module.addFunction(["i32", "i32", "i32", "i32"]);
  const [target, key, left, first] = [0, 1, 2, 3] as const;
  const { code, schedule } = loadKey(fn, local.get(key));
  const [counter, x, y, nextX, nextY] = fn.locals("v128", 5);
  const both: readonly Blocks[] = [
    [x, y],
    [nextX, nextY],
  ];
  const get = local.get;
  const has = (words: number): Code => i32.and(get(left), i32.const(words));
  const storeBoth = both.flat().map((words, i) => v128.store(get(target), get(words), 16 * i));
  const repeated = loop([
    both.map(([first, second]) => [
      local.set(first, get(counter)),
      local.set(second, i32x4.const(0)),
      local.set(counter, i32x4.add(get(counter), i32x4.const(4))),
    ]),
    rounds(both, schedule),
    // Both words of two blocks each.
    both.map(([first, second]) => [
      shuffle32([2, 6, 3, 7], get(first), get(second)),
      local.set(first, shuffle32([0, 4, 1, 5], get(first), get(second))),
      local.set(second),
    ]),
    when(i32.ge_u(get(left), i32.const(16)), [
      storeBoth,
      advance(target, 64),
      br_if(1, local.tee(left, i32.sub(get(left), i32.const(16)))),
      return_(),
    ]),
  ]);
  fn.emit(
    code,
    local.set(counter, i32x4.add(i32x4.splat(get(first)), v128.const(bytesOf(new Int32Array([0, 1, 2, 3]))))),
    when(i32.eqz(get(left)), return_()),
    repeated,
    when(has(8), [storeBoth.slice(0, 2), local.set(x, get(nextX)), local.set(y, get(nextY)), advance(target, 32)]),
    when(has(4), [v128.store(get(target), get(x)), local.set(x, get(y)), advance(target, 16)]),
    when(has(2), [
      v128.store64_lane(0, get(target), get(x)),
      local.set(x, shuffle32([2, 3, 2, 3], get(x), get(x))),
      advance(target, 8),
    ]),
    when(has(1), v128.store32_lane(0, get(target), get(x))),
  );
  return fn.index;
}

/** Adds `(target, key, data: i32)`: writes the key that is block (data, 1). */
export function addFoldKey(module: ModuleBuilder): number {
  const fn = module.addFunction(["i32", "i32", "i32"]);
  const [target, key, data] = [0, 1, 2] as const;
  const { code, schedule } = loadKey(fn, local.get(key));
  const [x, y] = fn.locals("v128", 2);
  fn.emit(
    code,
    local.set(x, i32x4.splat(local.get(data))),
    local.set(y, i32x4.const(1)),
    rounds([[x, y]], schedule),
    v128.store64_lane(0, local.get(target), shuffle32([0, 4, 0, 4], local.get(x), local.get(y))),
  );
  return fn.index;
}
