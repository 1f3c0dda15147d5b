// How long arrays stay, where kernels in blocks come before others that stood between them.
import type { Value } from "@hooke/runtime";
import { expect, it } from "vitest";
import { Arrays } from "./arrays.ts";
import { Layout } from "./layout.ts";
import { platform } from "./platform.fixture.ts";

/** Kernels 0, 2 and 3 are stage 0, in blocks; kernel 1 follows behind. */
function arrays(): Arrays {
  const found = new Arrays();
  found.stages = [0, 1, 0, 0];
  found.blocks = new Map([[0, 4]]);
  return found;
}

const vector = (): Value => ({ shape: [8], dtype: "f32" });

it("keeps what a later stage reads, whichever kernel is last", () => {
  const [found, value] = [arrays(), vector()];
  found.written(value, 0);
  found.read(value, 1, false);
  found.read(value, 2, false);
  expect(found.temporaries(new Layout(platform))).toMatchObject([{ of: value, from: 0, to: 1 }]);
});

it("gives the place of an array that has ended in the same blocks to another of its size", () => {
  const [found, first, second, third] = [arrays(), vector(), vector(), vector()];
  const half: Value = { shape: [4], dtype: "f32" };
  for (const [value, kernel] of [
    [first, 0],
    [second, 2],
    [third, 3],
    [half, 3],
  ] as const)
    found.written(value, kernel);
  found.read(first, 2, true);
  found.read(second, 3, true);
  found.read(third, 3, true);
  expect(found.temporaries(new Layout(platform)).map(({ of }) => of)).toEqual([first, second, half]);
  expect(found.places.get(third)).toBe(found.places.get(first));
});
