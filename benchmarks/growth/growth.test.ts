// What grows does so in proportion: what can be counted without a clock. Times are in the table that main.ts prints.
import { type Explanation, explainingBackend } from "@hooke/backend-wasm/explain";
import { workOf } from "@hooke/runtime";
import { expect, it } from "vitest";
import { growthOf } from "./ratio.ts";
import { growing } from "./subjects.ts";

it.each(growing)("$label, per $unit: operations, bytes, memory and kernels", async ({ unit, tested, at }) => {
  const counts = await Promise.all(
    tested.map(async (size) => {
      const plans: Explanation[] = [];
      const { free } = await at(
        size,
        explainingBackend((plan) => plans.push(plan)),
      );
      free();
      const { program, memory, module, text } = plans.at(-1)!;
      const kernels = Number(/ in (\d+) kernels/.exec(text)![1]);
      const { operations, primitives, kernels: estimated } = workOf(program);
      // What `auto` goes by before there is a plan. A loop is one line of an explanation.
      if (!program.nodes.some(({ primitive }) => primitive === "scan")) {
        expect(estimated.count / kernels).toBeGreaterThan(0.65);
        expect(estimated.count / kernels).toBeLessThan(1.25);
      }
      const perUnit = { operations, bytes: primitives.bytes, peak: memory.peak };
      return { size, perUnit, program: { kernels, module: module.length } };
    }),
  );
  for (const name of ["operations", "bytes", "peak"] as const) {
    expect(growthOf(counts.map(({ size, perUnit }) => ({ size, cost: perUnit[name] / size }))), name).toBeLessThan(1.3);
  }
  // More rows, steps or points are the same program, with code for pieces where it is worth dividing; more layers are more of it.
  for (const [name, most] of [
    ["kernels", 1.3],
    ["module", 2],
  ] as const) {
    const cost = ({ size, program }: (typeof counts)[number]) => program[name] / (unit === "block" ? size : 1);
    expect(growthOf(counts.map((each) => ({ size: each.size, cost: cost(each) }))), name).toBeLessThan(most);
  }
});

it("growth is that of sizes at most 64 times apart", () => {
  const costs = [1, 8, 64, 512].map((size) => ({ size, cost: Math.sqrt(size) }));
  expect(growthOf(costs)).toBe(8);
  expect(
    growthOf([
      { size: 1, cost: 3 },
      { size: 2, cost: 1 },
    ]),
  ).toBeCloseTo(1 / 3, 12);
});
