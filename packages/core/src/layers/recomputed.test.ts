// Layers that are computed again for their gradients: the same training, and nothing in another place.

import { dataset } from "@hooke/data";
import { array, grad, type HostArray, referenceBackend, run, sum, type Tensor, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";
import { mse } from "../losses/regression.ts";
import { apply } from "../model/apply.ts";
import { runningSum, scaled } from "../model/extras.fixture.ts";
import { initialize } from "../model/init.ts";
import { layerFromJson } from "../model/json.ts";
import type { Layer } from "../model/layer.ts";
import { summary } from "../model/summary.ts";
import { applyTapped } from "../model/taps.ts";
import type { Variables } from "../model/variables.ts";
import { adam } from "../optimizers/adam.ts";
import { core } from "../plugin.ts";
import { fit } from "../training/fit.ts";
import { batchNorm } from "./batch-norm.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { frozen } from "./frozen.ts";
import { frozenExcept } from "./frozen-except.ts";
import { frozenParameters } from "./frozen-parameters.ts";
import { recomputed } from "./recomputed.ts";
import { residual } from "./residual.ts";
import { sequential } from "./sequential.ts";

const backend = referenceBackend();
const same = (layer: Layer): Layer => layer;
const modelOf = (around: (layer: Layer) => Layer): Layer => {
  const part = () => sequential([dense({ units: 3, activation: "tanh" }), batchNorm(), dropout({ rate: 0.4 })]);
  const block = () => around(residual(sequential({ first: part(), second: around(part()) })));
  return sequential({ low: around(part()), high: sequential([block(), block()]), head: dense({ units: 1 }) });
};
const [plain, model] = [modelOf(same), modelOf(recomputed)];
const inputs = array([
  [0, 1],
  [1, 3],
  [2, -1],
  [4, 2],
]);

const leavesOf = (variables: Variables<HostArray>): Record<string, number[]> =>
  Object.fromEntries(
    treeLeaves<HostArray>(variables as never).map(({ path, value }) => [path, Array.from(value.data)]),
  );

it("train to the same bits: losses, parameters, running statistics", async () => {
  const train = dataset({ inputs, targets: array([[1], [2], [3], [5]]) });
  const options = { backend, data: { train }, loss: mse(), optimizer: adam(), learningRate: 0.05, seed: 0 };
  const [kept, again] = await Promise.all(
    [plain, model].map((layer) => fit({ ...options, model: layer, epochs: 3, batchSize: 2 })),
  );
  expect(again!.history.map(({ loss }) => loss)).toEqual(kept!.history.map(({ loss }) => loss));
  expect(leavesOf(again!.model.variables)).toEqual(leavesOf(kept!.model.variables));
});

it("have the paths of the layers inside, for variables, taps, and what is frozen", async () => {
  const [kept, again] = [await initialize(backend, plain, [2], 0), await initialize(backend, model, [2], 0)];
  expect(leavesOf(again)).toEqual(leavesOf(kept));
  expect(String(summary(model, [2]))).toBe(String(summary(plain, [2])));
  const tapOf = (layer: Layer) => (given: Variables, x: Tensor) =>
    applyTapped(layer, given, x, { taps: ["high.1.layer.second"] }).taps["high.1.layer.second"]!;
  const [a, b] = await Promise.all(
    [plain, model].map((layer) => run(backend, tapOf(layer) as never, again as never, inputs as never)),
  );
  expect(b).toEqual(a);
  for (const frozenIn of [
    (layer: Layer) => frozenExcept(layer, ["high.1.layer.second", "head"]),
    (layer: Layer) => sequential({ all: frozen(layer), head: dense({ units: 1 }) }),
  ]) {
    const paths = Object.keys(leavesOf(await initialize(backend, frozenIn(model), [2], 0)));
    const frozenOf = (layer: Layer) => paths.map((path) => frozenParameters(layer)(path.replace("params.", "")));
    expect(frozenOf(frozenIn(model))).toEqual(frozenOf(frozenIn(plain)));
    expect(new Set(frozenOf(frozenIn(model)))).toEqual(new Set([true, false]));
  }
  expect(frozenParameters(sequential([recomputed(frozen(dense({ units: 1 })))]))("0.kernel")).toBe(true);
  expect(() => frozenExcept(recomputed(dense({ units: 1 })), ["hidden"])).toThrow('dense has no layer "hidden"');
  expect(layerFromJson(JSON.parse(JSON.stringify(model)), [core])).toEqual(model);
});

it("read extras and what is carried, carry and report as the layer inside does", async () => {
  const layers = sequential([recomputed(sequential([scaled(), runningSum()])), recomputed(runningSum())]);
  const step = (scale: Tensor, x: Tensor) => {
    const applied = (given: Tensor, start: Tensor) =>
      apply(layers, { params: {}, state: {} }, given, {
        training: true,
        extras: { scale },
        carry: { "0": { "1": { total: start } } },
      });
    const { carry, reports, output } = applied(x, x);
    return { carry, reports, output, slope: grad((given: Tensor) => sum(applied(given, x).output))(x) };
  };
  const result = await run(backend, step as never, array(3) as never, array([[1, 2]]) as never);
  expect(leavesOf(result as never)).toEqual({
    "carry.0.1.total": [4, 8],
    "carry.1.total": [4, 8],
    "reports.0.1.doubled": [8, 16],
    "reports.1.doubled": [8, 16],
    output: [4, 8],
    slope: [3, 3],
  });
});

it("take a layer", () => {
  expect(() => recomputed([dense({ units: 1 })] as never)).toThrow("recomputed: received");
});
