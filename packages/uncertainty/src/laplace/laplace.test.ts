// Laplace approximations against Bayesian linear regression by matrices written out, and what they say far from the data.
import { wasmBackend } from "@hooke/backend-wasm";
import { randomFrom } from "@hooke/baselines";
import { adam, dense, fit, frozen, initialize, mse, predict, sequential, type TrainedModel } from "@hooke/core";
import { dataset, fitPreprocessing, logTransform, standardize } from "@hooke/data";
import { positiveSolver } from "@hooke/minimize";
import { array, type HostArray, randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { scoreMixture } from "../scores/scores.ts";
import { kroneckerLaplace } from "./kronecker.ts";
import { lastLayerLaplace } from "./last-layer.ts";

const backend = wasmBackend();
const random = randomFrom(randomKey(3), "laplace");
const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());

/** Rows of three features, which reach the last layer as they are. */
const rows = Array.from({ length: 40 }, () => [normal(), normal() + 1, 0.1 * normal()]);
const targets = rows.map(([a, b]) => [2 * a! - b! + 3 + 0.5 * normal(), a! + 0.2 * normal()]);
const data = dataset({ inputs: array(rows, { dtype: "f64" }), targets: array(targets, { dtype: "f64" }) });
const layer = dense({ units: 2 });
const linear = async (): Promise<TrainedModel> => ({
  layer,
  inputShape: [3],
  variables: await initialize(backend, layer, [3], 0, "f64"),
});

/** Solves by columns. */
const inverse = (matrix: number[][]): number[][] => {
  const n = matrix.length;
  const solve = positiveSolver(Float64Array.from(matrix.flat()), n)!;
  return matrix.map((_, i) => [...solve(Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)))]);
};
const times = (matrix: number[][], vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));

describe("last-layer Laplace", () => {
  it("is Bayesian linear regression in closed form: mean, variance and evidence of each target", async () => {
    const laplace = await lastLayerLaplace(await linear(), data, { backend });
    const asked = [
      [0.3, -1, 2],
      [5, 5, 5],
    ];
    const { mean, deviation, modelDeviation } = await laplace.predict(array(asked, { dtype: "f64" }), { backend });
    for (const column of [0, 1]) {
      const { prior, precision, logEvidence } = laplace.evidence[column]!;
      // A bias with a flat prior: features with a 1, whose prior precision is next to nothing.
      const phi = rows.map((row) => [...row, 1]);
      const tiny = 1e-9;
      const a = phi[0]!.map((_, i) =>
        phi[0]!.map(
          (_, j) =>
            precision * phi.reduce((sum, row) => sum + row[i]! * row[j]!, 0) + (i === j ? (i < 3 ? prior : tiny) : 0),
        ),
      );
      const covariance = inverse(a);
      const right = phi[0]!.map(
        (_, i) => precision * phi.reduce((sum, row, r) => sum + row[i]! * targets[r]![column]!, 0),
      );
      const weights = times(covariance, right);
      for (const [r, row] of asked.entries()) {
        const own = [...row, 1];
        const variance = own.reduce((sum, value, i) => sum + value * times(covariance, own)[i]!, 0);
        expect(mean.data[r * 2 + column]).toBeCloseTo(
          own.reduce((sum, value, i) => sum + value * weights[i]!, 0),
          8,
        );
        expect(modelDeviation.data[r * 2 + column]).toBeCloseTo(Math.sqrt(variance), 8);
        expect(deviation.data[r * 2 + column]).toBeCloseTo(Math.sqrt(variance + 1 / precision), 8);
      }
      expect(laplace.noise[column]).toBeCloseTo(1 / Math.sqrt(precision), 12);
      // The density of the targets under their joint normal distribution, the prior of the bias as wide as 1e4, which its own density is multiplied out of.
      const evidence = (alpha: number, beta: number) => {
        const n = rows.length;
        const wide = 1e8;
        const joint = rows.map((x, i) =>
          rows.map(
            (y, j) => x.reduce((sum, value, k) => sum + value * y[k]!, 0) / alpha + wide + (i === j ? 1 / beta : 0),
          ),
        );
        const y = targets.map((row) => row[column]!);
        const solved = times(inverse(joint), y);
        const copy = Float64Array.from(joint.flat());
        positiveSolver(copy, n);
        const logDeterminant = 2 * y.reduce((sum, _, i) => sum + Math.log(copy[i * n + i]!), 0);
        const misfit = y.reduce((sum, value, i) => sum + value * solved[i]!, 0);
        return -0.5 * (n * Math.log(2 * Math.PI) + logDeterminant + misfit) + 0.5 * Math.log(2 * Math.PI * wide);
      };
      expect(logEvidence).toBeCloseTo(evidence(prior, precision), 3);
      for (const factor of [0.7, 1.4]) {
        expect(evidence(prior * factor, precision)).toBeLessThan(logEvidence);
        expect(evidence(prior, precision * factor)).toBeLessThan(logEvidence);
      }
    }
  });

  it("puts the last layer at its posterior mean, which predict then gives, in units and behind frozen layers", async () => {
    const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
    const deep = sequential({ body: frozen(dense({ units: 5, activation: "tanh" })), head: dense({ units: 2 }) });
    const model = {
      layer: deep,
      inputShape: [3],
      variables: await initialize(backend, deep, [3], 1, "f64"),
      preprocessing,
    };
    const laplace = await lastLayerLaplace(model, data, { backend, batchSize: 16 });
    const { mean, deviation } = await laplace.predict(data, { backend });
    const { data: own } = await predict(laplace.model, data, { backend });
    for (const [i, value] of own.entries()) expect(mean.data[i]).toBeCloseTo(value, 9);
    const { rmse, coverage } = scoreMixture({ ...(await laplace.predict(data, { backend })) }, data.targets);
    expect(rmse).toBeLessThan(1.2);
    expect(coverage).toBeGreaterThan(0.8);
    expect(deviation.data[0]!).toBeGreaterThan(laplace.noise[0]!);
  });

  it("without a bias, regresses through the origin", async () => {
    const bare = dense({ units: 2, bias: false });
    const model = { layer: bare, inputShape: [3], variables: await initialize(backend, bare, [3], 0, "f64") };
    const { mean, modelDeviation } = await (await lastLayerLaplace(model, data, { backend })).predict(
      array([[0, 0, 0]], { dtype: "f64" }),
      { backend },
    );
    expect([...mean.data, ...modelDeviation.data]).toEqual([0, 0, 0, 0]);
  });
});

describe("Kronecker Laplace", () => {
  it("of one layer and one target is the linear model with its prior on the bias, too", async () => {
    const one = dataset({
      inputs: data.inputs,
      targets: array(
        targets.map(([y]) => [y!]),
        { dtype: "f64" },
      ),
    });
    const alone = dense({ units: 1 });
    const model = { layer: alone, inputShape: [3], variables: await initialize(backend, alone, [3], 0, "f64") };
    const laplace = await kroneckerLaplace(model, one, { backend });
    const { prior, precision } = laplace.evidence[0]!;
    const phi = rows.map((row) => [...row, 1]);
    const a = phi[0]!.map((_, i) =>
      phi[0]!.map((_, j) => precision * phi.reduce((sum, row) => sum + row[i]! * row[j]!, 0) + (i === j ? prior : 0)),
    );
    const own = [0.3, -1, 2, 1];
    const variance = own.reduce((sum, value, i) => sum + value * times(inverse(a), own)[i]!, 0);
    const { modelDeviation, mean } = await laplace.predict(array([[0.3, -1, 2]], { dtype: "f64" }), { backend });
    expect(modelDeviation.data[0]).toBeCloseTo(Math.sqrt(variance), 8);
    expect(mean.data[0]).toBeCloseTo(
      (await predict(model, array([[0.3, -1, 2]], { dtype: "f64" }), { backend })).data[0]!,
      12,
    );
  });

  it("has in a deep model the variances of Jacobians by differences, for each output", async () => {
    const deep = sequential([dense({ units: 3, activation: "tanh" }), dense({ units: 2 })]);
    const model = { layer: deep, inputShape: [3], variables: await initialize(backend, deep, [3], 4, "f64") };
    const laplace = await kroneckerLaplace(model, data, { backend, batchSize: 16 });
    const { prior, precision } = laplace.evidence[0]!;
    const params = model.variables.params as unknown as Readonly<
      Record<string, Readonly<Record<"kernel" | "bias", HostArray>>>
    >;
    const forward = async (path: string, name: "kernel" | "bias", at: number, step: number, x: HostArray) => {
      const changed = {
        ...params[path]![name],
        data: Float64Array.from(params[path]![name].data, (v, i) => v + (i === at ? step : 0)),
      };
      const own = {
        ...model,
        variables: {
          ...model.variables,
          params: { ...params, [path]: { ...params[path]!, [name]: changed } } as never,
        },
      };
      return (await predict(own, x, { backend })).data;
    };
    /** d output / d (bias, then kernel) of a layer, `[rows][outputs][inputs + 1][units]`. */
    const jacobian = async (path: string, x: HostArray, units: number, width: number) => {
      const count = x.shape[0]!;
      const all = Array.from({ length: count }, () =>
        [0, 1].map(() => Array.from({ length: width + 1 }, () => new Float64Array(units))),
      );
      for (let i = 0; i <= width; i++) {
        for (let j = 0; j < units; j++) {
          const [name, at] = i === width ? (["bias", j] as const) : (["kernel", i * units + j] as const);
          const [up, down] = [await forward(path, name, at, 1e-5, x), await forward(path, name, at, -1e-5, x)];
          for (let r = 0; r < count; r++)
            for (const c of [0, 1]) all[r]![c]![i]![j] = (up[2 * r + c]! - down[2 * r + c]!) / 2e-5;
        }
      }
      return all;
    };
    const x = array([[0.3, -1, 2]], { dtype: "f64" });
    const variances = [0, 0];
    for (const [path, width, units] of [
      ["0", 3, 3],
      ["1", 3, 2],
    ] as const) {
      const [train, asked] = [await jacobian(path, data.inputs, units, width), await jacobian(path, x, units, width)];
      // Factors of each row: the slopes are the row of the bias, the inputs follow from it.
      const slopesOf = (row: Float64Array[][]) => row.map((own) => [...own[width]!]);
      const inputsOf = (row: Float64Array[][]) => {
        const [own] = row
          .map((each) => each)
          .sort((a, b) => Math.max(...b[width]!.map(Math.abs)) - Math.max(...a[width]!.map(Math.abs)));
        const j = own![width]!.reduce(
          (best, value, i) => (Math.abs(value) > Math.abs(own![width]![best]!) ? i : best),
          0,
        );
        return Array.from({ length: width + 1 }, (_, i) => own![i]![j]! / own![width]![j]!);
      };
      const product = (vectors: number[][]) =>
        vectors[0]!.map((_, i) => vectors[0]!.map((_, j) => vectors.reduce((sum, v) => sum + v[i]! * v[j]!, 0)));
      const left = product(train.map(inputsOf));
      const right = product(train.flatMap(slopesOf));
      const size = (width + 1) * units;
      const matrix = Array.from({ length: size }, (_, p) =>
        Array.from({ length: size }, (_, q) => {
          const [i, j, k, l] = [Math.floor(p / units), p % units, Math.floor(q / units), q % units];
          return (precision * left[i]![k]! * right[j]![l]!) / data.count + (p === q ? prior : 0);
        }),
      );
      for (const c of [0, 1]) {
        const flat = asked[0]![c]!.flatMap((row) => [...row]);
        variances[c]! += flat.reduce((sum, value, i) => sum + value * times(inverse(matrix), flat)[i]!, 0);
      }
    }
    const { modelDeviation } = await laplace.predict(x, { backend });
    for (const c of [0, 1]) expect(modelDeviation.data[c]! / Math.sqrt(variances[c]!)).toBeCloseTo(1, 5);
  });
});

describe("a trained network", () => {
  const curve = Array.from({ length: 80 }, () => [2 * random.uniform() - 1]);
  const train = dataset({
    inputs: array(curve),
    targets: array(curve.map(([x]) => [50 + 10 * Math.sin(3 * x!) + normal()])),
  });
  const trained = fit({
    backend,
    model: sequential([dense({ units: 20, activation: "tanh" }), dense({ units: 1 })]),
    data: { train },
    preprocessing: fitPreprocessing(train, { inputs: standardize(), targets: standardize() }),
    loss: mse(),
    optimizer: adam(),
    learningRate: 1e-2,
    epochs: 200,
    batchSize: 20,
    seed: 0,
  });

  it.each([
    ["last layer", lastLayerLaplace],
    ["Kronecker", kroneckerLaplace],
  ] as const)("%s: finds the noise, and is less sure far from the data", async (_, laplaceOf) => {
    const { model } = await trained;
    const laplace = await laplaceOf(model, train, { backend });
    expect(Math.abs(laplace.noise[0]! - 1)).toBeLessThan(0.35);
    const { modelDeviation } = await laplace.predict(array([[0], [0.5], [3]]), { backend });
    expect(modelDeviation.data[2]!).toBeGreaterThan(2 * modelDeviation.data[0]!);
  });

  it("classes, logarithms, other ends and too few rows are refused", async () => {
    const { model } = await trained;
    const logs = { ...model, preprocessing: fitPreprocessing(train, { targets: logTransform() }) };
    await expect(lastLayerLaplace(logs, train, { backend })).rejects.toThrow("were trained as logarithms");
    const classes = { ...model, preprocessing: { ...model.preprocessing!, classes: ["a", "b"] } };
    await expect(kroneckerLaplace(classes, train, { backend })).rejects.toThrow("received a model of the classes");
    const curved = dense({ units: 1, activation: "relu" });
    const other = { layer: curved, inputShape: [1], variables: await initialize(backend, curved, [1], 0) };
    await expect(lastLayerLaplace(other, train, { backend })).rejects.toThrow(
      "does not end with a dense layer without an activation",
    );
    const bare = dense({ units: 1, bias: false });
    const biasless = { layer: bare, inputShape: [1], variables: await initialize(backend, bare, [1], 0) };
    await expect(kroneckerLaplace(biasless, train, { backend })).rejects.toThrow("has no bias");
  });
});
