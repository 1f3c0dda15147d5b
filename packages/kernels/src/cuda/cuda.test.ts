// CUDA kernels are right, tried on a processor, and NVIDIA's compilers take them.
import { adam, createTrainer, dense, initialize, type Layer, mse, type Optimizer, sequential, sgd } from "@hooke/core";
import { microstructureCNN } from "@hooke/layers-conv";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import {
  array,
  evaluate,
  type HostArray,
  inferOutputs,
  type Keeping,
  type Node,
  Program,
  packed,
  referenceBackend,
  ruleOf,
  sizeOf,
} from "@hooke/runtime";
import { difference, type PrimitiveCase, primitiveCases } from "@hooke/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { printProgram } from "../print.ts";
import { compilers } from "./compilers.fixture.ts";
import { cuda } from "./cuda.ts";
import { nodesOf } from "./graph.ts";
import { type Known, recorded } from "./recorded.fixture.ts";
import { gpu, joined, processor, type Runner, runWith, textFor } from "./running.fixture.ts";

const isFull = process.env.HOOKE_TESTS === "full";
/** One case of a primitive in so many is tried. */
const every = isFull ? 1 : 50;

const runs = (arrays: readonly { readonly dtype: string }[]): boolean => arrays.every(({ dtype }) => dtype !== "f64");

function primitive({ primitive, params, inputs, note }: PrimitiveCase): Known {
  const given = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const outputs = inferOutputs(primitive, given, params).map(({ shape, dtype }) => ({ shape, dtype }));
  const node = { primitive, rule: ruleOf(primitive), params, inputs: given, outputs, scope: "" } as unknown as Node;
  const program = new Program(given, [node], outputs);
  return { name: `${primitive}: ${note}`, program, inputs, expected: evaluate(primitive, inputs, params) };
}

/** All that is run to initialize a network, and to train it for an update. */
async function training(
  name: string,
  model: Layer,
  shape: readonly number[],
  optimizer: Optimizer,
  keeping: { readonly activations?: Keeping } = {},
): Promise<Known[]> {
  const waves = (shape: readonly number[]): HostArray =>
    array(
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(7 * i)),
      { shape: [...shape] },
    );
  const batch = { inputs: waves(shape), targets: waves([shape[0]!, 1]) };
  return recorded(name, referenceBackend(), async (backend) => {
    const variables = await initialize(backend, model, shape.slice(1), 0);
    const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer, seed: 0, ...keeping });
    (await trainer.prepare(batch)).run(batch, { step: 1, learningRate: 1e-3 });
  });
}

const cases: Known[] = [...primitiveCases().values()]
  .flatMap((own) => own.filter(({ inputs }) => runs(inputs)).filter((_, i) => i % every === 0))
  .map(primitive)
  .filter(({ expected }) => runs(expected));
const numbers = (...shape: number[]): HostArray =>
  array(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((7 * i) % 13) - 6),
    { shape },
  );
/** Products large enough for workgroups to share what they read: as vectors and word by word, whole and not, in parts. */
const products = [
  [1, 64, 64, 64],
  [2, 70, 40, 36],
  [1, 33, 50, 35],
  [1, 32, 600, 32],
]
  .flatMap(([batch, rows, depth, columns]) =>
    [
      { transposeA: false, transposeB: false },
      { transposeA: true, transposeB: false },
      { transposeA: false, transposeB: true },
    ].map((params): Known => {
      const a = params.transposeA ? numbers(batch!, depth!, rows!) : numbers(batch!, rows!, depth!);
      const b = params.transposeB ? numbers(batch!, columns!, depth!) : numbers(batch!, depth!, columns!);
      return primitive({ primitive: "dot", params, inputs: [a, b], note: `${a.shape} by ${b.shape}` } as PrimitiveCase);
    }),
  )
  .filter((_, at) => isFull || at % 2 === 0);
let trainings: Known[] = [];
beforeAll(async () => {
  const dense64 = sequential([dense({ units: 64, activation: "tanh" }), dense({ units: 1 })]);
  trainings = [
    ...(await training("a dense network", dense64, [16, 8], adam())),
    // Biases before a normalization have no gradient but what is rounded: Adam would make as much of that as of any other.
    ...(await training("a convolutional network", microstructureCNN(), [2, 16, 16, 1], sgd())),
    ...(isFull
      ? await training("packed images", microstructureCNN(), [2, 16, 16, 1], sgd(), { activations: packed })
      : await training("packed activations", dense64, [16, 8], sgd(), { activations: packed })),
    ...(await training("a recurrent network", crackGrowthLSTM(), [2, 5, 3], adam())),
  ];
});

describe.each([
  ["on a processor", processor],
  ["on a GPU, as a graph", gpu],
] as const)("CUDA %s", (_, runner) => {
  const skipped = runner.lacks === undefined ? "" : ` (skipped: ${runner.lacks} here)`;

  test.skipIf(skipped)(`primitives give what the reference gives${skipped}`, () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(problemsOf(runner, cases, 1e-5)).toEqual([]);
  });

  test.skipIf(skipped)(`products of whole numbers are exact${skipped}`, () => {
    expect(problemsOf(runner, products, 0)).toEqual([]);
  });

  test.skipIf(skipped)(`trainings make the same update, loops over time included${skipped}`, () => {
    expect(trainings.length).toBeGreaterThan(5);
    expect(problemsOf(runner, trainings, 2e-4)).toEqual([]);
  });
});

/** What differs by more than some part of the largest element, or of 1. */
function problemsOf(runner: Runner, known: readonly Known[], relative: number): string[] {
  const found = runWith(runner, known);
  return known.flatMap(({ name, expected }, i) =>
    expected.flatMap((truth, k) => {
      const problem = difference(found[i]![k]!, truth, { relative, magnitude: "largest or 1" });
      return problem === undefined ? [] : [`${name}: output ${k} ${problem}`];
    }),
  );
}

describe.each(["NVRTC", "nvcc"] as const)("%s", (name) => {
  const compile = compilers[name];
  test.skipIf(compile === undefined)(
    `takes the kernels of trainings${compile ? "" : ` (skipped: no ${name} here)`}`,
    () => {
      const sources = new Set<string>();
      const own = isFull ? trainings : trainings.filter(({ name }) => name.startsWith("a recurrent network"));
      for (const { program, inputs } of own) {
        const { steps } = printProgram({ dialect: cuda, onProcessor: false }, program);
        const addresses = Array.from({ length: 1 + inputs.length + program.outputs.length }, () => 0);
        for (const { launch } of nodesOf(steps, addresses)) sources.add(launch.code);
      }
      expect(sources.size).toBeGreaterThan(40);
      // NVRTC compiles kernels, nvcc also what starts them.
      expect(compile!(name === "nvcc" ? textFor(gpu, [...sources]) : joined(sources))).toBe("");
    },
  );
});
