// Activations where formulas break: large arguments, kinks, NaN. Agreement with PyTorch is tested in testkit.
import { array, grad, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type ActivationName, activate, activationNames } from "./activation.ts";
import { softplus } from "./activations.ts";

const backend = referenceBackend();

const first =
  (fn: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    grad((z: Tensor) => sum(fn(z)))(x);

const elementwise: readonly ActivationName[] = [
  "elu",
  "gelu",
  "hardSigmoid",
  "hardSwish",
  "leakyRelu",
  "mish",
  "relu",
  "selu",
  "sigmoid",
  "silu",
  "sin",
  "softplus",
  "tanh",
];

it("lists every activation by name", () => {
  expect(activationNames).toEqual([...elementwise, "exp", "logSoftmax", "softmax"].sort());
});

describe("in f32", () => {
  const at = array([-1e4, -1000, -100, -1e-30, 0, 1e-30, 100, 1000, 1e4]);

  it.each([...elementwise, { name: "gelu", approximate: "tanh" } as const])(
    "%j and two derivatives are finite at ±10,000",
    async (name) => {
      const value = (x: Tensor): Tensor => activate(name, x);
      const found = await run(backend, (x: Tensor) => [value(x), first(value)(x), first(first(value))(x)], at);
      expect(found.every(({ data }) => data.every(Number.isFinite))).toBe(true);
    },
  );

  it.each(elementwise)("%s of NaN is NaN", async (name) => {
    const { data } = await run(backend, (x: Tensor) => activate(name, x), array([Number.NaN]));
    expect(data[0]).toBeNaN();
  });
});

it("the derivatives of softplus at 0 are 1/2, 1/4, 0, -1/8", async () => {
  const derivatives = [first(softplus), first(first(softplus)), first(first(first(softplus)))];
  const fourth = first(derivatives[2]!);
  const found = await run(
    backend,
    (x: Tensor) => [...derivatives, fourth].map((derivative) => derivative(x)),
    array([0], { dtype: "f64" }),
  );
  const expected = [1 / 2, 1 / 4, 0, -1 / 8];
  for (const [i, { data }] of found.entries()) expect(data[0]).toBeCloseTo(expected[i]!, 12);
});
