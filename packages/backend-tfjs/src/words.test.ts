// u32 where the conformance suite does not reach it: computed on the device from other dtypes, and mixed with the host's.
import {
  abs,
  add,
  and,
  array,
  convert,
  cumsum,
  div,
  equal,
  fold,
  gather,
  type HostArray,
  interpret,
  less,
  lessEqual,
  max,
  maximum,
  min,
  minimum,
  mul,
  not,
  or,
  randomBits,
  randomKey,
  record,
  run,
  scan,
  scatterAdd,
  select,
  shiftLeft,
  shiftRight,
  sign,
  sort,
  sub,
  sum,
  type Tensor,
  xor,
} from "@hooke/runtime";
import { difference } from "@hooke/testkit";
import { describe, expect, it } from "vitest";
import { type Engine, engineBackend } from "./engine.fixture.ts";

const floats = array([0, 1, 7.9, 65536, 2147483648, 4294967040, 3e9, 5e9, -3]);
const offset = array(Uint32Array.of(4294967295, 2, 3, 2147483647, 5, 65537, 31, 32, 7));

/** Both on the device. */
const pair = (x: Tensor, y: Tensor): readonly [Tensor, Tensor] => {
  const a = convert(x, "u32");
  return [a, select(less(x, 0), a, y)];
};

const table: readonly (readonly [string, (a: Tensor, b: Tensor) => Tensor])[] = [
  ["convert to i32", (a) => convert(a, "i32")],
  ["convert to f32", (a) => convert(a, "f32")],
  ["convert to bool", (a) => convert(a, "bool")],
  ["add", add],
  ["sub", sub],
  ["mul", mul],
  ["and", and],
  ["or", or],
  ["xor", xor],
  ["not", (a) => not(a)],
  ["abs", (a) => abs(a)],
  ["sign", (a) => sign(a)],
  ["maximum", maximum],
  ["minimum", minimum],
  ["less", less],
  ["lessEqual", lessEqual],
  ["equal", equal],
  ["shiftLeft", shiftLeft],
  ["sum", (a) => sum(a)],
  ["max", (a) => max(a)],
  ["min", (_, b) => min(b)],
  ["cumsum", (a) => cumsum(a)],
  ["sort", (a) => sort(a)],
  ["gather", (a) => gather(a, array(Int32Array.of(5, 0, 99)), 0)],
  ["scatterAdd", (a) => scatterAdd(convert(and(a, 3), "i32"), a, 0, 4)],
];

const check = async (engine: Engine, fn: unknown, inputs: readonly HostArray[]): Promise<void> => {
  const backend = await engineBackend(engine);
  const truth = interpret(record(fn as never, ...(inputs as never[])).program, inputs);
  const results = (await run(backend, fn as never, ...(inputs as never[]))) as unknown as HostArray[];
  for (const [i, result] of results.entries()) expect(difference(result, truth[i]!)).toBeUndefined();
};

describe.each<Engine>(["cpu", "wasm"])("u32 on tfjs %s", (engine) => {
  it.each(table)("%s of words computed on the device", async (_, fn) => {
    await check(engine, (x: Tensor, y: Tensor) => [fn(...pair(x, y))], [floats, offset]);
  });

  it("a loop carries keys on the host, and words that become the device's", async () => {
    const loop = (key: Tensor, start: Tensor, xs: Tensor): readonly Tensor[] => {
      const [[last, word], [bits, folded]] = scan(
        ([k, w]: readonly [Tensor, Tensor], x: Tensor) => {
          const next = fold(k, "next");
          return [[next, add(w, convert(x, "u32"))] as const, [randomBits(next, [3]), k] as const];
        },
        [key, start] as const,
        xs,
      );
      return [last, word, bits, folded];
    };
    const start = array(Uint32Array.of(4294967290), { shape: [] });
    await check(engine, loop, [randomKey(5), start, array([1, 2, 3, 4])]);
  });

  it.each([
    ["div", div],
    ["shiftRight", shiftRight],
  ])("%s is refused by name", async (name, fn) => {
    const backend = await engineBackend(engine);
    await expect(run(backend, (x: Tensor, y: Tensor) => fn(...pair(x, y)), floats, offset)).rejects.toThrow(
      `backend tfjs-${engine}: ${name}: u32`,
    );
  });

  it("a key computed on the device is refused, and one that a program made earlier is read", async () => {
    const backend = await engineBackend(engine);
    const make = (x: Tensor): Tensor => convert(x, "u32");
    await expect(run(backend, (x: Tensor) => fold(make(x), "a"), array([1, 2]))).rejects.toThrow("foldKey: the key");
    const first = await backend.prepare(record(make, array([1, 2])).program);
    const second = await backend.prepare(record((key: Tensor) => randomBits(key, [4]), randomKey(0)).program);
    const [key] = first.run([backend.upload(array([1, 2]))]);
    const [bits] = second.run([key!]);
    const [truth] = interpret(record((k: Tensor) => randomBits(k, [4]), randomKey(0)).program, [
      array(Uint32Array.of(1, 2)),
    ]);
    expect(difference(await backend.read(bits!), truth!)).toBeUndefined();
  });
});
