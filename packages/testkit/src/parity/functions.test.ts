// The operations of the runtime against PyTorch: values, elementwise derivatives to third order, gradients and second gradients.
import { grad, type HostArray, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { resultOf } from "./functions.fixture.ts";

const { cases } = loadGolden("functions");
const elementwise = cases.filter(({ derivatives }) => Object.keys(derivatives).length > 0);
const others = cases.filter(({ derivatives }) => Object.keys(derivatives).length === 0);

// PyTorch treats pow with exponent 1 as if its second derivative did not depend on the exponent. It does: at b = 1,
// d3/da2db a^b = 1 / a.
const powers = cases.find(({ name }) => name === "pow")!;
const exponents = powers.inputs.b!.data;
powers.derivatives.aab!.data[exponents.indexOf(1)] = 1 / powers.inputs.a!.data[exponents.indexOf(1)]!;

/** A partial derivative by its name: `aab` is two derivatives in `a`, then one in `b`. */
async function partial(golden: GoldenCase, name: string): Promise<HostArray> {
  let fn = (inputs: Named): Tensor => resultOf(golden, inputs);
  for (const variable of name) {
    const before = fn;
    fn = (inputs) => grad((v: Tensor) => sum(before({ ...inputs, [variable]: v })))(inputs[variable]!);
  }
  return run(referenceBackend(), (inputs: Named) => fn(inputs), golden.inputs) as unknown as Promise<HostArray>;
}

describe("elementwise functions and their derivatives", () => {
  it.each(elementwise)("$name", async (golden) => {
    const names = ["", ...Object.keys(golden.derivatives)];
    const found = await Promise.all(names.map(async (name) => [name || "value", await partial(golden, name)] as const));
    expect(differences(Object.fromEntries(found), { ...golden.derivatives, ...golden.outputs }, 1e-12)).toEqual({});
  });
});

describe("functions of arrays and their gradients", () => {
  it.each(others)("$name", async (golden) => {
    const found = await recompute(referenceBackend(), golden, (inputs) => ({ value: resultOf(golden, inputs) }));
    expect(differences(found.outputs, golden.outputs, 1e-12)).toEqual({});
    expect(differences(found.gradients, golden.gradients, 1e-11)).toEqual({});
    expect(differences(found.secondGradients, golden.secondGradients, 1e-11)).toEqual({});
  });
});
