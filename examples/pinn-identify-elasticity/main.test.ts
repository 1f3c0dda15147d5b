// The moduli of a plate: clean, noisy, and the load that everything rests on.
import { wasmBackend } from "@hooke/backend-wasm";
import { outcomes, summary } from "@hooke/example-pinn-frame/coverage.ts";
import { errors } from "@hooke/pinn";
import { expect, it } from "vitest";
import { identify, small, truth } from "./plate.ts";

const backend = wasmBackend();

it("without noise the moduli are found within 0.2 %", async () => {
  const solved = await identify(backend, { ...small, noise: 0 }, 0);
  const { lambda, mu } = outcomes(solved, truth);
  expect(lambda.error).toBeLessThan(2e-3);
  expect(mu.error).toBeLessThan(2e-3);
  // The load is that of the displacements: they fulfil equilibrium and both conditions where the moduli are right.
  const { rows } = await errors(solved.solution, {
    grid: { x: 15, y: 15 },
    exact: {
      "u.x": ({ x, y }) => Math.cos(2 * Math.PI * x!) * Math.sin(Math.PI * y!),
      "u.y": ({ x, y }) => Math.sin(Math.PI * x!) * y! ** 4,
    },
  });
  for (const { relativeL2 } of rows) expect(relativeL2).toBeLessThan(1e-3);
});

it("with noise of 1 % they are found within 2 %, and intervals hold the truth", async () => {
  const all = [];
  for (const seed of [0, 1, 2]) all.push(outcomes(await identify(backend, small, seed), truth));
  for (const { lambda, mu } of all) {
    expect(Math.max(lambda.error, mu.error)).toBeLessThan(0.02);
    expect((lambda.high95 - lambda.low95) / truth.lambda).toBeLessThan(0.05);
  }
  // At 95 % each, fewer than 4 of 6 is a chance of 0.2 %.
  expect(all.flatMap(({ lambda, mu }) => [lambda, mu]).filter(({ covered }) => covered).length).toBeGreaterThan(3);
  expect(summary(all)).toMatch(/^lambda: in its interval for \d of 3 seeds; .*\nmu: /);
}, 120_000);
