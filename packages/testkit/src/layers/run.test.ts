// The suite of layers finds what it is there for: layers with one mistake each, and which checks complain.
import {
  core,
  defineLayer,
  dense,
  type InitializerFunction,
  type Layer,
  type LayerContext,
  type LayerFactory,
  type NoOptions,
} from "@hooke/core";
import {
  add,
  type Backend,
  concat,
  convert,
  div,
  full,
  type HostArray,
  mean,
  mul,
  referenceBackend,
  stopGradient,
  sub,
  type Tensor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { LayerCase, LayerCheckName } from "./case.ts";
import { coreCases } from "./cases/core.ts";
import { type LayerCheckResult, runLayerChecks, tableProblems } from "./run.ts";

const type = "acme/layer";

/** A layer without options or variables. */
const plain = (apply: (context: LayerContext<NoOptions>, x: Tensor) => Tensor): LayerFactory<NoOptions> =>
  defineLayer({ type, options: {}, apply });

function check(
  construct: LayerFactory<NoOptions>,
  given: Partial<LayerCase> = {},
  backend: Backend = referenceBackend(),
): Promise<LayerCheckResult[]> {
  const entry: LayerCase = { layer: construct(), input: [3, 2], ranks: { from: 0 }, ...given };
  return runLayerChecks({ name: "acme", layers: { [type]: construct } }, { [type]: [entry] }, backend);
}

/** Counts its applications, in inference too. */
const counting = defineLayer({
  type,
  options: {},
  state: (_config: NoOptions) => ({ calls: { shape: [], initializer: "zeros" as const } }),
  apply: ({ state }, x) => [x, { calls: add(state.calls, 1) }],
});

/** A parameter that starts somewhere else each time. */
const unseeded = defineLayer({
  type,
  options: {},
  params: (_config: NoOptions) => {
    const initializer: InitializerFunction = (_key, shape, dtype) => full(shape, Math.random(), dtype);
    return { factor: { shape: [], initializer } };
  },
  apply: ({ params: { factor } }, x) => mul(x, factor),
});

/** A backend whose results are too large by a thousandth. */
const exact = referenceBackend();
const inaccurate: Backend = {
  ...exact,
  async read(buffer) {
    const array = await exact.read(buffer);
    return { ...array, data: array.data.map((value) => 1.001 * value) } as HostArray;
  },
};

interface Mistake {
  readonly what: string;
  readonly construct: LayerFactory<NoOptions>;
  readonly given?: Partial<LayerCase>;
  readonly backend?: Backend;
  /** Every check that complains, with a part of what it says. */
  readonly found: Readonly<Partial<Record<LayerCheckName, string>>>;
}

const mistakes: readonly Mistake[] = [
  {
    what: "no mistake",
    construct: plain((_, x) => x),
    found: {},
  },
  {
    what: "something that its JSON does not say",
    construct: plain((_, x) => mul(x, 2)),
    given: { layer: plain((_, x) => mul(x, 3))() },
    found: { "round trip": "the prediction of the layer from JSON element 0 is" },
  },
  {
    what: "another shape in training",
    construct: plain(({ training }, x) => (training ? concat([x, x], -1) : x)),
    found: { shapes: "in training the output is f32[3, 3, 4]; inferred was f32[3, 3, 2]" },
  },
  {
    what: "a result that is not finite",
    construct: plain((_, x) => div(x, 0)),
    found: {
      shapes: "in inference the output, f32[3, 3, 2], is not finite",
      derivatives: "NaN",
      frozen: "the loss of",
    },
  },
  {
    what: "a result of its own width",
    construct: plain((_, x) => convert(x, "f32")),
    found: { shapes: "in inference the output is f32[3, 3, 2]; inferred was f64[3, 3, 2]", derivatives: "f64" },
  },
  {
    what: "a derivative that is stopped",
    construct: plain((_, x) => mul(stopGradient(x), x)),
    found: { derivatives: "in inference and in training: checkDerivatives: derivative 1 in a direction of input 0 is" },
  },
  {
    what: "a mean over the batch in inference",
    construct: plain((_, x) => sub(x, mean(x, { axes: 0 }))),
    found: { rows: "with other rows beside it, row 0 element 0 is", padding: "output element 2 is" },
  },
  {
    what: "a division by the size of the batch",
    construct: plain((_, x) => div(x, x.shape[0]!)),
    found: { rows: "alone, row 0 element 0 is" },
  },
  {
    what: "a sum over steps that counts what pads them",
    construct: plain((_, x) => add(x, mean(x, { axes: 1, keepDims: true }))),
    given: { ranks: { from: 1 } },
    found: { padding: "padded with 1e6 in place of 0, output element 6 is" },
  },
  {
    what: "a state that changes in inference",
    construct: counting,
    found: { frozen: "though frozen, state.calls element 0 is" },
  },
  {
    what: "options that nobody checks",
    construct: defineLayer({ type, apply: (_context: LayerContext<NoOptions>, x) => x }),
    found: { refusals: "the option noSuchOption is taken" },
  },
  {
    what: "inputs that nobody checks",
    construct: plain((_, x) => x),
    given: { ranks: { from: 2, to: 2 } },
    found: { refusals: "an input [batch, 2] is taken" },
  },
  {
    what: "a crash on inputs of too few axes",
    construct: plain((_, x) => mul(x, Number(x.shape[2]!.toFixed()))),
    given: { ranks: { from: 2 } },
    found: { refusals: "an input [batch, 2] is refused by a crash without the name checked: Cannot read properties" },
  },
  {
    what: "a start without its seed",
    construct: unseeded,
    found: { reproducible: "with the same seed, params.factor element 0 is" },
  },
  {
    what: "a backend that computes something else",
    construct: plain((_, x) => x),
    backend: inaccurate,
    found: { agreement: "in inference, f32: output element 1 is" },
  },
];

describe("the checks that complain about", () => {
  it.each(mistakes)("$what", async ({ construct, given, backend, found }) => {
    const results = (await check(construct, given, backend)).filter(({ problems }) => problems.length > 0);
    const said = Object.fromEntries(results.map((result) => [result.check, result.problems.join("\n")]));
    const expected = Object.entries(found).map(([name, part]) => [name, expect.stringContaining(part)]);
    expect(said).toEqual(Object.fromEntries(expected));
  });
});

it("parameters that no derivative reaches are declared, and the declaration is checked", async () => {
  const layer: Layer = dense({ units: 2 });
  const cases = { dense: [{ layer, input: [3], ranks: { from: 1 }, constant: "kernel" }] };
  const results = await runLayerChecks({ name: "one", layers: { dense } }, cases, referenceBackend());
  const { problems } = results.find((result) => result.check === "derivatives")!;
  expect(problems).toEqual(["in inference and in training: a derivative reaches params.kernel"]);
});

it("a check that is left out shows its reason; one that throws is one with a problem", async () => {
  const results = await check(
    plain((_, x) => concat([x, mul(x, full([7], 1))], 0)),
    { skip: { rows: "of this test" } },
  );
  expect(results.map(({ check: name }) => name)).toHaveLength(9);
  expect(results.find((result) => result.check === "rows")).toMatchObject({ skipped: "of this test", problems: [] });
  expect(results.find((result) => result.check === "shapes")!.problems[0]).toMatch(
    /^throws HookeError: 0 \(acme\/layer\): mul/,
  );
});

describe("the table of cases", () => {
  it("has a case for every layer", () => {
    const { dense: _, ...without } = coreCases;
    expect(tableProblems(core, coreCases)).toEqual([]);
    expect(tableProblems(core, without)).toEqual(["dense has no case"]);
    expect(tableProblems(core, { ...coreCases, dense: [] })).toEqual(["dense has no case"]);
    // @ts-expect-error: dense is forgotten
    void (() => runLayerChecks(core, without, referenceBackend()));
  });

  it("has cases of these layers only, each under its own name", () => {
    expect(tableProblems(core, { ...coreCases, "acme/layer": [] })).toEqual([
      "acme/layer is no layer of the plugin core",
    ]);
    expect(tableProblems(core, { ...coreCases, dense: coreCases.flatten })).toEqual(["dense has a case of flatten"]);
  });
});
