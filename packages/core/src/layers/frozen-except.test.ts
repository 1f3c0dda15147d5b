// Partly frozen layers: what trains, what stays, running statistics included, and that nothing moves.

import { dataset } from "@hooke/data";
import { array, type HostArray, referenceBackend, type Tree, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";
import { mse } from "../losses/regression.ts";
import { initialize } from "../model/init.ts";
import { sgd } from "../optimizers/sgd.ts";
import { fit } from "../training/fit.ts";
import { batchNorm } from "./batch-norm.ts";
import { dense } from "./dense.ts";
import { frozenExcept } from "./frozen-except.ts";
import { sequential } from "./sequential.ts";

const block = () => sequential({ linear: dense({ units: 3 }), norm: batchNorm() });
const model = sequential({ low: block(), high: sequential([block(), block()]), head: dense({ units: 1 }) });
const leaves = (tree: Tree<HostArray>) => new Map(treeLeaves<HostArray>(tree).map(({ path, value }) => [path, value]));

it("trains the layers at its paths, and leaves the others with their statistics", async () => {
  const backend = referenceBackend();
  const variables = await initialize(backend, model, [2], 0);
  const train = dataset({
    inputs: array([
      [0, 1],
      [1, 3],
      [2, -1],
      [4, 2],
    ]),
    targets: array([[1], [2], [3], [5]]),
  });
  const { model: after } = await fit({
    backend,
    model: frozenExcept(model, ["high.1", "head"]),
    data: { train },
    loss: mse(),
    optimizer: sgd(),
    learningRate: 0.1,
    epochs: 1,
    batchSize: 4,
    seed: 0,
    variables,
  });
  for (const part of ["params", "state"] as const) {
    const before = leaves(variables[part]);
    for (const [path, value] of leaves(after.variables[part])) {
      // A bias in front of batch normalisation has no derivative but rounding.
      if (path.endsWith("linear.bias")) continue;
      const same = value.data.join() === before.get(path)!.data.join();
      expect([path, same]).toEqual([path, !/^(high\.1|head)/.test(path)]);
    }
  }
  expect(JSON.stringify(frozenExcept(model, ["head"]))).toBe(JSON.stringify(model));
});

it("refuses paths of no layer", () => {
  expect(() => frozenExcept(model, ["high.2"])).toThrow('frozenExcept: sequential has no layer "2".');
  expect(() => frozenExcept(model, ["heads"])).toThrow('Did you mean "head"? It has "low", "high", "head".');
});
