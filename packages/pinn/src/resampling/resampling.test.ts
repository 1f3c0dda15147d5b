// When points are drawn again.
import { wasmBackend } from "@hooke/backend-wasm";
import { selfScaledBroyden } from "@hooke/minimize";
import { add, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { interval, mlp, problem, residual, solve, worstFirst } from "../index.ts";

const line = interval({ x: [0, 1] });
const wavy = (count: number) =>
  problem({
    domain: line,
    fields: { u: mlp({ units: [20, 20] }) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: {
      equation: residual(line.interior(count), ({ u, d, x }) => add(d(u, "x", "x"), mul(sin(mul(x, 30)), 50))),
    },
  });

/** Steps after which other points are trained, of 250. */
async function drawnAfter(count: number, stale: number): Promise<readonly number[]> {
  const seen: { readonly step: number; readonly first: number }[] = [];
  await solve(wavy(count), {
    backend: wasmBackend(),
    stages: [{ method: selfScaledBroyden(), iterations: 250 }],
    resample: worstFirst({ every: 500, stale }),
    onProgress: async ({ iteration: step }, state) => {
      if (step % 50 === 1) seen.push({ step: step - 1, first: (await state()).points[0]!.rows[0]! });
    },
  });
  return seen.flatMap(({ step, first }, i) => (i > 0 && first !== seen[i - 1]!.first ? [step] : []));
}

test("points are drawn again before it is time to, where residuals between them are larger", async () => {
  expect(await drawnAfter(16, 2)).toEqual([200]);
  expect(await drawnAfter(16, 0)).toEqual([]);
  expect(await drawnAfter(200, 2)).toEqual([]);
});
