// Solves Helmholtz' equation with three seeds by a network, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-helmholtz/main.ts [--small] [--network siren | mlp-sin | mlp-tanh | fourier]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { type Field, fourierFeatures, mlp } from "@hooke/pinn";
import { errorOf, full, sines, small, solveHelmholtz } from "./helmholtz.ts";

const networks: Readonly<Record<string, () => Field>> = {
  siren: sines,
  "mlp-sin": () => mlp({ units: [20, 20, 20], activation: "sin" }),
  "mlp-tanh": () => mlp({ units: [20, 20, 20] }),
  fourier: () => mlp({ units: [20, 20], embedding: [fourierFeatures({ count: 10, scale: 0.5 })] }),
};

const { values } = parseArgs({
  options: { small: { type: "boolean" }, network: { type: "string", default: "siren" } },
});
const network = networks[values.network];
if (network === undefined)
  throw new Error(`There is no network "${values.network}"; give one of ${Object.keys(networks).join(", ")}.`);
const settings = values.small ? small : full;
const total = settings.steps[0] + settings.steps[1];
const found: number[] = [];
for (const seed of [0, 1, 2]) {
  const line = progressLine({ label: `seed ${seed}`, unit: "steps" });
  const solved = await solveHelmholtz(wasmBackend(), settings, seed, network(), {
    onProgress: ({ stage, iteration, loss }) =>
      line.update({ completed: iteration + (stage === 0 ? 0 : settings.steps[0]), total, fields: { loss } }),
  }).finally(() => line.finish());
  const { relativeL2 } = await errorOf(solved);
  found.push(relativeL2);
  console.log(`${solved.report}\n\nseed ${seed}: relative L2 error ${relativeL2.toExponential(2)}\n`);
}
const [, median, worst] = found.sort((a, b) => a - b);
console.log(`median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
