// Outputs inside of a model: read, put there, differentiated; of layers that run twice and of frozen ones.
import { add, array, grad, type HostArray, mul, referenceBackend, run, square, sum, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { frozen } from "../layers/frozen.ts";
import { sequential } from "../layers/sequential.ts";
import { apply } from "./apply.ts";
import { defineLayer, type NoOptions } from "./define-layer.ts";
import { initialize } from "./init.ts";
import type { Layer } from "./layer.ts";
import { applyTapped } from "./taps.ts";
import type { Variables } from "./variables.ts";

const backend = referenceBackend();
const body = sequential([dense({ units: 3, activation: "tanh" }), dense({ units: 2 })]);
const model = sequential({ body: frozen(body), head: dense({ units: 1 }) });
const x = array(
  [
    [1, -2],
    [0.5, 3],
  ],
  { dtype: "f64" },
);

async function of<R>(layer: Layer, fn: (variables: Variables, x: Tensor) => R): Promise<never> {
  const variables = await initialize(backend, layer, [2], 0, "f64");
  return (await run(backend, fn as never, variables as never, x as never)) as never;
}

it("reads outputs of leaves and of what is made of them", async () => {
  const { taps, output, alone }: Record<"output" | "alone", HostArray> & { taps: Record<string, HostArray> } = await of(
    model,
    (variables, x) => {
      const { taps, output } = applyTapped(model, variables, x, { taps: ["body.0", "body", ""] });
      return { taps, output, alone: apply(model, variables, x).output };
    },
  );
  expect(Object.keys(taps).sort()).toEqual(["", "body", "body.0"]);
  expect(taps["body.0"]!.shape).toEqual([2, 3]);
  expect(taps.body!.shape).toEqual([2, 2]);
  expect(taps[""]).toEqual(output);
  expect(output).toEqual(alone);
});

it("reads what layers are given", async () => {
  const {
    inputs,
    taps,
  }: Record<"inputs" | "taps", Record<string, HostArray>> = await of(model, (variables, x) => {
    const { inputs, taps } = applyTapped(model, variables, x, { inputs: ["", "head"], taps: ["body"] });
    return { inputs, taps };
  });
  expect(inputs[""]).toEqual(x);
  expect(inputs.head).toEqual(taps.body);
});

it("is a function of what is given, with its derivatives, and computes nothing before it", async () => {
  const derivatives: Record<string, HostArray> = await of(model, (variables, x) => {
    const from = (given: Tensor) => sum(square(applyTapped(model, variables, x, { given: { body: given } }).output));
    const at = applyTapped(model, variables, x, { taps: ["body"] }).taps.body!;
    const { kernel } = (variables.params as { head: { kernel: Tensor } }).head;
    const { output } = apply(model, variables, x);
    const inInput = grad((z: Tensor) => from(applyTapped(model, variables, z, { taps: ["body"] }).taps.body!))(x);
    return {
      tapped: grad(from)(at),
      // d sum(y^2) / d body = 2 y kernel^T
      expected: mul(mul(output, 2), sum(kernel, { axes: 1 })),
      inInput,
      expectedInInput: grad((z: Tensor) => sum(square(apply(model, variables, z).output)))(x),
    };
  });
  expect([...derivatives.tapped!.data]).toEqual([...derivatives.expected!.data].map((v) => expect.closeTo(v, 12)));
  expect([...derivatives.inInput!.data]).toEqual(
    [...derivatives.expectedInInput!.data].map((v) => expect.closeTo(v, 12)),
  );
});

it("counts the runs of a layer that runs several times", async () => {
  const twice = defineLayer({
    type: "test/twice",
    children: (_: NoOptions) => ({ layer: dense({ units: 2, bias: false }) }),
    apply: ({ children: { layer } }, x) => layer(layer(x)),
  })();
  const [first, second, restarted]: HostArray[] = await of(twice, (variables, x) => {
    const { taps } = applyTapped(twice, variables, x, { taps: ["layer", "layer#1"] });
    const again = applyTapped(twice, variables, x, { given: { layer: add(x, 1) }, taps: ["layer#1"] });
    return [taps.layer!, taps["layer#1"]!, sum(add(again.taps["layer#1"]!, mul(again.output, -1)))];
  });
  expect(first).not.toEqual(second);
  expect([...restarted!.data]).toEqual([0]);
});

it("refuses paths of no layer, and what does not fit", async () => {
  await expect(of(model, (v, x) => applyTapped(model, v, x, { taps: ["body.2"] }).output)).rejects.toThrow(
    'applyTapped: received the path "body.2", which no layer has. Did you mean "body.0"? Paths: "body.0", "body.1", "body", "head", "".',
  );
  // The path of the whole model, "", is near to every short one.
  await expect(of(model, (v, x) => applyTapped(model, v, x, { taps: ["x"] }).output)).rejects.toThrow(
    'applyTapped: received the path "x", which no layer has. Paths: ',
  );
  await expect(of(model, (v, x) => applyTapped(model, v, x, { given: { head: x } }).output)).rejects.toThrow(
    "head (dense): received f64[2, 2] to go on with; its output is f64[2, 1].",
  );
  await expect(of(model, (v, x) => applyTapped(model, v, x, { given: { head: 3 as never } }).output)).rejects.toThrow(
    'applyTapped: given "head" is 3; give a tensor.',
  );
  await expect(of(model, (v, x) => applyTapped(model, v, x, "body" as never).output)).rejects.toThrow(
    'applyTapped: received "body" as the options; expected { taps: ["path"] }.',
  );
});
