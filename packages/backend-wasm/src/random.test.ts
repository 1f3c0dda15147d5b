// Random bits: the same as the reference's, and not a word more than asked for.

import { threefry, threefryWords } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { ModuleBuilder } from "./encoder/module.ts";
import { addFill, addFoldKey } from "./random.ts";

type Run = (target: number, key: number, argument: number, first?: number) => void;

function instantiate() {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1 });
  module.exportFunction("fill", { index: addFill(module) });
  module.exportFunction("fold", { index: addFoldKey(module) });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  return { fill: exports.fill as Run, fold: exports.fold as Run, words: new Uint32Array(memory.buffer) };
}

const keys = [
  [0, 0],
  [1, 2],
  [0xffffffff, 0xdeadbeef],
] as const;

describe.each(keys)("key %i, %i", (first, second) => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 1000, 1001])("fills %i words", (count) => {
    const { fill, words } = instantiate();
    words.set([first, second]);
    words.fill(77, 10, 1100);
    fill(44, 0, count);
    expect([...words.subarray(11, 11 + count)]).toEqual([...threefryWords([first, second], count)]);
    expect(words[10]).toBe(77);
    expect(words[11 + count]).toBe(77);
  });

  it("fills in parts", () => {
    const { fill, words } = instantiate();
    words.set([first, second]);
    for (const [from, count] of [
      [0, 8],
      [8, 16],
      [24, 5],
    ] as const)
      fill(44 + 4 * from, 0, count, from / 2);
    expect([...words.subarray(11, 11 + 29)]).toEqual([...threefryWords([first, second], 29)]);
  });

  it.each([0, 1, 12345, 0xffffffff])("folds %i", (data) => {
    const { fold, words } = instantiate();
    words.set([first, second, 77, 77, 77, 77]);
    fold(12, 0, data);
    expect([...words.subarray(2, 6)]).toEqual([77, ...threefry(first, second, data, 1), 77]);
    // In place.
    fold(0, 0, data);
    expect([...words.subarray(0, 2)]).toEqual([...threefry(first, second, data, 1)]);
  });
});
