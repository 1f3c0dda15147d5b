// The bounds the example is there to show, and the page it writes.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { beforeAll, expect, it } from "vitest";
import { type Curves, differentiateAll, largest, points } from "./derivatives.ts";

let curves: ReadonlyMap<string, Curves>;
beforeAll(async () => {
  curves = new Map((await differentiateAll(wasmBackend())).map((curve) => [curve.label, curve]));
});

it.each([
  ["sigmoid", 0.25],
  ["tanh", 1],
])("the derivative of %s is largest at 0, where it is %d", (label, bound) => {
  const { x, size } = largest(curves.get(label)!.first);
  expect(x).toBe(0);
  expect(Math.abs(size - bound)).toBeLessThanOrEqual(1e-12);
});

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

it.each<[string, (x: number) => readonly number[]]>([
  ["sigmoid", (x) => [logistic(x), logistic(x) * logistic(-x), logistic(x) * logistic(-x) * (1 - 2 * logistic(x))]],
  ["tanh", (x) => [Math.tanh(x), 1 - Math.tanh(x) ** 2, -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)]],
  ["relu", (x) => [Math.max(x, 0), x > 0 ? 1 : 0, 0]],
  ["exp", (x) => [Math.exp(x), Math.exp(x), Math.exp(x)]],
  ["sin", (x) => [Math.sin(x), Math.cos(x), -Math.sin(x)]],
  ["softplus", (x) => [Math.log1p(Math.exp(x)), logistic(x), logistic(x) * logistic(-x)]],
  [
    "softmax of (x, 0)",
    (x) => [logistic(x), logistic(x) * logistic(-x), logistic(x) * logistic(-x) * (1 - 2 * logistic(x))],
  ],
  ["logSoftmax of (x, 0)", (x) => [-Math.log1p(Math.exp(-x)), logistic(-x), -logistic(x) * logistic(-x)]],
])("%s and its derivatives are their closed forms", (label, formula) => {
  const { value, first, second } = curves.get(label)!;
  for (const [i, x] of points.entries()) {
    const expected = formula(x);
    const worst = Math.max(
      ...[value[i]!, first[i]!, second[i]!].map((found, order) => Math.abs(found - expected[order]!)),
    );
    expect(worst, `at ${x}`).toBeLessThanOrEqual(1e-12);
  }
});

it("prints the bounds and writes the page", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-activations-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, folder]);
    expect(stdout).toMatch(/^sigmoid +0\.250000 +0\.00 /m);
    expect(stdout).toMatch(/^tanh +1\.000000 +0\.00 /m);
    const path = /^.+activations\.html$/m.exec(stdout)![0];
    const page = readFileSync(path, "utf8");
    for (const label of curves.keys()) expect(page).toContain(`>${label}</h2>`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
