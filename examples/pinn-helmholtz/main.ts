// Solves Helmholtz' equation with three seeds by a network, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-helmholtz/main.ts [--small] [--network siren | mlp-sin | mlp-tanh | fourier]
import { parseArgs } from "node:util";
import { threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
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
await runInterruptible((signal) =>
  threeSeeds({
    signal,
    label: values.network,
    settings: values.small ? small : full,
    solve: solveHelmholtz(network),
    errors: errorOf,
  }),
);
