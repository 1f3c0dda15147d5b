// Operators learnt from data: antiderivatives by a DeepONet, Burgers' flow and heat by Fourier neural operators, on grids they were not trained on.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  adam,
  apply,
  dense,
  fit,
  init,
  inputShapeOf,
  type Layer,
  mse,
  predict,
  sequential,
  type TrainedModel,
} from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { cosineAnnealing } from "@hooke/regularization";
import { array, randomKey, run, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";
import { deepONet, fourierNeuralOperator, spectralConvolution } from "../index.ts";

const backend = wasmBackend();

/** Numbers in [0, 1) by a seed: Marsaglia's xorshift. */
function random(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Waves with coefficients in [-1, 1], smaller the finer they are. */
function waves(count: number, next: () => number) {
  return Array.from({ length: count }, (_, k) => [(2 * next() - 1) / (k + 1), (2 * next() - 1) / (k + 1)] as const);
}
type Waves = ReturnType<typeof waves>;

const relativeL2 = (found: ArrayLike<number>, expected: ArrayLike<number>): number => {
  let [above, below] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    above += (found[i]! - expected[i]!) ** 2;
    below += expected[i]! ** 2;
  }
  return Math.sqrt(above / below);
};

it("a DeepONet learns to integrate", async () => {
  const sensors = 20;
  const places = 10;
  const samples = (count: number, seed: number) => {
    const next = random(seed);
    const rows = Array.from({ length: count }, () => {
      const own = waves(3, next);
      const value = (x: number) =>
        own.reduce((sum, [a, b], k) => sum + a * Math.cos((k + 1) * x) + b * Math.sin((k + 1) * x), 0);
      const integral = (x: number) =>
        own.reduce(
          (sum, [a, b], k) => sum + (a * Math.sin((k + 1) * x) + b * (1 - Math.cos((k + 1) * x))) / (k + 1),
          0,
        );
      const at = Array.from({ length: places }, () => 3 * next());
      return {
        inputs: Array.from({ length: sensors }, (_, i) => value((3 * i) / (sensors - 1))),
        at: at.map((x) => [x / 1.5 - 1]),
        targets: at.map(integral),
      };
    });
    return dataset({
      inputs: array(rows.map(({ inputs }) => inputs)),
      targets: array(rows.map(({ targets }) => targets)),
      extras: { at: array(rows.map(({ at }) => at)) },
    });
  };
  const tanh = (units: number): Layer => dense({ units, activation: "tanh" });
  const model = deepONet({
    branch: sequential([tanh(40), dense({ units: 20 })]),
    trunk: sequential([tanh(40), tanh(20)]),
  });
  expect(await errorOn(await trainedOn(model, samples(400, 1), 300), samples(100, 2))).toBeLessThan(0.03);
});

async function trainedOn(model: Layer, train: Dataset, epochs: number): Promise<TrainedModel> {
  const { model: trained } = await fit({
    backend,
    model,
    data: { train },
    loss: mse(),
    optimizer: adam(),
    learningRate: cosineAnnealing({ learningRate: 5e-3, length: epochs }),
    epochs,
    batchSize: 20,
    seed: 0,
  });
  return trained;
}

/** The relative error of an operator on data it has not seen. */
async function errorOn(trained: TrainedModel, { inputs, targets, extras }: Dataset): Promise<number> {
  const found = await predict({ ...trained, inputShape: inputShapeOf(inputs, extras) }, inputs, { backend, extras });
  return relativeL2(found.data, targets.data);
}

/** Burgers' flow from waves to the time 1, on a periodic grid, by the transform of Cole and Hopf. */
const viscosity = 0.2;
function burgersFlow(own: Waves, size: number): { readonly start: number[]; readonly end: number[] } {
  // u = -2 nu theta_x / theta, theta of the heat equation from exp(-potential / (2 nu)); its Fourier series from many samples.
  const fine = 256;
  const waveAt = (x: number) =>
    own.reduce((sum, [a, b], k) => sum + a * Math.cos((k + 1) * x) + b * Math.sin((k + 1) * x), 0);
  const potential = (x: number) =>
    own.reduce((sum, [a, b], k) => sum + (a * Math.sin((k + 1) * x) - b * Math.cos((k + 1) * x)) / (k + 1), 0);
  const theta = Array.from({ length: fine }, (_, i) =>
    Math.exp(-potential((2 * Math.PI * i) / fine) / (2 * viscosity)),
  );
  const modes = Array.from({ length: 60 }, (_, k) => {
    let [cosine, sine] = [0, 0];
    for (const [i, value] of theta.entries()) {
      cosine += (value * Math.cos((2 * Math.PI * k * i) / fine) * (k === 0 ? 1 : 2)) / fine;
      sine += (value * Math.sin((2 * Math.PI * k * i) / fine) * 2) / fine;
    }
    const decay = Math.exp(-viscosity * k * k);
    return [cosine * decay, sine * decay] as const;
  });
  const end = (x: number) => {
    let [value, slope] = [0, 0];
    for (const [k, [a, b]] of modes.entries()) {
      value += a * Math.cos(k * x) + b * Math.sin(k * x);
      slope += k * (b * Math.cos(k * x) - a * Math.sin(k * x));
    }
    return (-2 * viscosity * slope) / value;
  };
  const places = Array.from({ length: size }, (_, i) => (2 * Math.PI * i) / size);
  return { start: places.map(waveAt), end: places.map(end) };
}

it("a Fourier neural operator learns Burgers' flow, and knows it on a finer grid", async () => {
  const samples = (count: number, seed: number, size: number) => {
    const next = random(seed);
    const flows = Array.from({ length: count }, () => burgersFlow(waves(3, next), size));
    const column = (values: readonly number[]) => values.map((value) => [value]);
    return dataset({
      inputs: array(flows.map(({ start }) => column(start))),
      targets: array(flows.map(({ end }) => column(end))),
    });
  };
  const model = fourierNeuralOperator({ modes: [8], width: 12, layers: 3, projection: 24 });
  const trained = await trainedOn(model, samples(300, 1, 32), 40);
  const coarse = await errorOn(trained, samples(60, 2, 32));
  const fine = await errorOn(trained, samples(60, 2, 96));
  expect(coarse).toBeLessThan(0.03);
  expect(fine).toBeLessThan(1.5 * coarse);
}, 120_000);

it("one spectral convolution learns what heat does to a plate, on any grid", async () => {
  // Each wave of the plate decays by a factor of its own, so that one layer says it all.
  const samples = (count: number, seed: number, size: number) => {
    const next = random(seed);
    const plate = Array.from({ length: count }, () => {
      const terms = [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, -1],
        [2, 1],
      ].map(([k, l]) => ({ k: k!, l: l!, a: 2 * next() - 1, phase: 6 * next() }));
      const at = (time: number) =>
        Array.from({ length: size }, (_, i) =>
          Array.from({ length: size }, (_, j) => [
            terms.reduce((sum, { k, l, a, phase }) => {
              const angle = (2 * Math.PI * (k * i + l * j)) / size + phase;
              return sum + a * Math.exp(-(k * k + l * l) * time) * Math.cos(angle);
            }, 0),
          ]),
        );
      return { start: at(0), end: at(0.3) };
    });
    return dataset({ inputs: array(plate.map(({ start }) => start)), targets: array(plate.map(({ end }) => end)) });
  };
  const trained = await trainedOn(spectralConvolution({ channels: 1, modes: [3, 3] }), samples(100, 1, 8), 400);
  const coarse = await errorOn(trained, samples(20, 2, 8));
  const fine = await errorOn(trained, samples(20, 2, 15));
  expect(coarse).toBeLessThan(1e-4);
  expect(fine).toBeLessThan(1e-4);
});

const once = (layer: Layer, shape: readonly number[], extras = {}) =>
  run(
    backend,
    (x: Tensor) => apply(layer, init(layer, { shape: shape.slice(1), extras }, randomKey(0) as never), x).output,
    {
      shape,
      dtype: "f32",
      data: new Float32Array(shape.reduce((a, b) => a * b)),
    },
  );

it.each<[string, () => unknown, RegExp]>([
  [
    "a grid too coarse",
    () => once(spectralConvolution({ channels: 1, modes: [5] }), [1, 8, 1]),
    /modes \[5\].*at least 9 places/,
  ],
  [
    "a grid of other axes",
    () => once(fourierNeuralOperator({ modes: [2] }), [1, 8, 8, 1]),
    /expected \[batch, n1, channels\]/,
  ],
  [
    "a DeepONet without places",
    () => once(deepONet({ branch: dense({ units: 2 }), trunk: dense({ units: 2 }) }), [1, 4]),
    /no places.*"at"/,
  ],
])("refuses %s", async (_what, make, message) => {
  await expect(async () => make()).rejects.toThrow(message);
});

it.each<[string, () => unknown, RegExp]>([
  ["no modes", () => spectralConvolution({ channels: 1, modes: [] }), /spectralConvolution.*modes/],
  ["four axes", () => fourierNeuralOperator({ modes: [1, 1, 1, 1] }), /fourierNeuralOperator.*modes/],
  ["a trunk that is no layer", () => deepONet({ branch: dense({ units: 2 }), trunk: 3 as never }), /deepONet.*trunk/],
])("refuses %s", (_what, make, message) => {
  expect(make).toThrow(message);
});
