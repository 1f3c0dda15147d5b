// Constructors of layers: values, JSON, and the messages for configs that are wrong.
import { createRuntime, definePlugin, HookeError, mul, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { activation } from "../layers/activation.ts";
import { batchNorm } from "../layers/batch-norm.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten, reshape } from "../layers/shape.ts";
import { core } from "../plugin.ts";
import { defineLayer, type NoOptions } from "./define-layer.ts";
import { layerFromJson } from "./json.ts";
import { isLayer, type Layer } from "./layer.ts";
import { summary } from "./summary.ts";

const scale = defineLayer({
  type: "acme/scale",
  params: (_config: NoOptions, inputShape) => ({ factor: { shape: inputShape.slice(-1), initializer: "ones" } }),
  apply: ({ params }, x) => mul(x, params.factor),
});

describe("a layer", () => {
  it("is frozen {type, config}", () => {
    const given = { units: 3, kernelInitializer: { name: "constant", value: 1 } } as const;
    const layer = dense(given);
    expect(JSON.stringify(layer)).toBe(
      '{"type":"dense","config":{"units":3,"kernelInitializer":{"name":"constant","value":1}}}',
    );
    expect(Object.isFrozen(layer) && Object.isFrozen(layer.config.kernelInitializer)).toBe(true);
    expect(layer.config.kernelInitializer).not.toBe(given.kernelInitializer);
    expect(isLayer(layer)).toBe(true);
    expect(isLayer(JSON.parse(JSON.stringify(layer)))).toBe(false);
    expect(dense.type).toBe("dense");
  });

  it("comes back from JSON", () => {
    const acme = definePlugin({ name: "acme", layers: { "acme/scale": scale } });
    const model = sequential({
      input: reshape({ shape: [2, 2] }),
      flat: flatten(),
      body: residual(sequential([batchNorm(), activation({ name: "elu", alpha: 0.5 }), dense({ units: 4 })])),
      scale: scale(),
      drop: dropout({ rate: 0.1 }),
    });
    const again = layerFromJson(JSON.parse(JSON.stringify(model)), [core, acme]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
  });

  it("is made by its name in a runtime", async () => {
    const runtime = await createRuntime({ plugins: [core], backend: referenceBackend() });
    expect(runtime.layer("dense", { units: 2 })).toEqual(dense({ units: 2 }));
  });
});

// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose.
const wrong = (value: unknown): any => value;

describe("messages", () => {
  it.each([
    [
      "an unknown option",
      () => dense(wrong({ units: 1, activaton: "relu" })),
      'dense: received the unknown option "activaton". It has "units", "activation", "bias", "kernelInitializer", "biasInitializer". Did you mean "activation"?',
    ],
    ["a missing option", () => dense(wrong({})), 'dense: option "units" is missing; expected a whole number above 0.'],
    ["a wrong value", () => dense({ units: 1.5 }), 'dense: option "units" is 1.5; expected a whole number above 0.'],
    ["a wrong flag", () => dense({ units: 1, bias: wrong(1) }), 'dense: option "bias" is 1; expected true or false.'],
    ["a rate of 1", () => dropout({ rate: 1 }), 'dropout: option "rate" is 1; expected a number in [0, 1).'],
    [
      "an unknown activation",
      () => activation(wrong("rellu")),
      'activation: received "rellu"; expected an activation: elu, exp, gelu, hardSigmoid, hardSwish, leakyRelu, logSoftmax, mish, relu, selu, sigmoid, silu, sin, softmax, softplus, tanh, or one of these with options, { name, ... }.',
    ],
    [
      "a wrong option of an option",
      () => dense({ units: 1, kernelInitializer: wrong({ name: "normal" }) }),
      'dense: option "kernelInitializer": initializer normal: option "standardDeviation" is missing; expected a number above 0.',
    ],
    [
      "what JSON cannot hold",
      () => scale(wrong({ of: [Number.NaN] })),
      "acme/scale: config.of[0] is NaN; a config holds numbers, strings, booleans, layers, and arrays and records of these.",
    ],
    ["no layers", () => sequential([]), "sequential: received no layers; it takes at least one."],
    [
      "something that is not a layer",
      () => sequential([dense({ units: 1 }), wrong(dense)]),
      "sequential: config[1] is the function dense; a config holds numbers, strings, booleans, layers, and arrays and records of these.",
    ],
    [
      "the JSON of a layer",
      () => sequential([wrong({ type: "flatten", config: {} })]),
      'sequential: child "0" is {"type":"flatten","config":{}}; expected a layer, such as dense({ units: 1 }).',
    ],
    [
      "names that are numbers",
      () => sequential({ first: flatten(), "0": flatten() }),
      "sequential: received a record with the names 0, first; use a list, or names that are no numbers.",
    ],
    [
      "a dot in a name",
      () => sequential({ "a.b": flatten() }),
      'sequential: has a child named "a.b"; names become parts of dotted paths, so they are not empty and hold no dot.',
    ],
    [
      "JSON that is no layer",
      () => layerFromJson([1], [core]),
      'layerFromJson: received [1]; expected {"type": ..., "config": ...}.',
    ],
    [
      "an unknown type",
      () => layerFromJson({ type: "sequential", config: [{ type: "conv2d", config: {} }] }, [core]),
      'runtime: no plugin provides "conv2d" among layers. It is in @hooke/layers-conv: install it and add its plugin to createRuntime({ plugins }).',
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(HookeError);
    expect(make).toThrow(message);
  });
});

it("nests at most 200 deep", () => {
  const nested = (depth: number): Layer => {
    let layer: Layer = dense({ units: 1 });
    for (let i = 1; i < depth; i++) layer = sequential([layer]);
    return layer;
  };
  expect(summary(nested(200), [1]).parameters).toBe(2);
  expect(JSON.stringify(layerFromJson(JSON.parse(JSON.stringify(nested(200))), [core]))).toContain("dense");
  expect(() => nested(5000)).toThrow(
    "sequential: has 201 layers inside of one another; at most 200 are. Put them one after another: sequential([...]).",
  );
});
