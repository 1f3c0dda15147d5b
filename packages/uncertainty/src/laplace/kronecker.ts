// Kronecker Laplace: all dense layers, their curvature as products of two small matrices each.
import { restsFor, symmetricEigen } from "@hooke/baselines/linear";
import { type InferenceOptions, predict, type TrainedModel } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import { checkArgument, checkOptions, fail, type HostArray, type Tree } from "@hooke/runtime";
import { rowsCheck, rowsFor } from "../draws/sampler.ts";
import { withoutUnits } from "../units.ts";
import { chooseByEvidence } from "./evidence.ts";
import { eachJacobian, type Jacobian, leafAt, slopedPaths } from "./jacobians.ts";
import { checkLaplace, inferenceTable, type Laplace, laplaceMixture, targetsOf } from "./laplace.ts";

/**
 * A Laplace approximation of all dense layers of a trained model (Ritter, Botev and Barber, ICLR 2018; Daxberger et al., NeurIPS 2021): a normal distribution about their weights,
 * whose precision is the generalised Gauss-Newton matrix, layer by layer a Kronecker product, and a normal prior; the evidence chooses its variance and that of the noise, one for
 * all targets. Predictions are linearised (Immer, Korzepa and Bauer 2021): means are the model's own. Parameters of other layers are taken as known.
 *
 * What it takes: for each row a gradient of each output in each dense layer, and the eigenvectors of two matrices a layer, as wide as it.
 *
 * @param model has dense layers with biases, on rows of numbers; trained with a squared error to the end
 * @param data the training part, `[rows, columns]` targets
 * @throws on models of classes, without such layers, on targets that were trained as logarithms, on fewer than 3 rows
 * @example
 * ```ts
 * import { dense, initialize, sequential } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { kroneckerLaplace } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]);
 * const model = { layer, inputShape: [1], variables: await initialize(backend, layer, [1], 0) };
 * const data = dataset({ inputs: array([[-1], [0], [0.5], [1]]), targets: array([[0.1], [0], [0.1], [-0.1]]) });
 * const laplace = await kroneckerLaplace(model, data, { backend });
 * const { modelDeviation } = await laplace.predict(array([[0], [9]]), { backend });
 * console.log(modelDeviation.data[1]! > modelDeviation.data[0]!); // true
 * ```
 */
export async function kroneckerLaplace(
  model: TrainedModel,
  data: Dataset,
  options: InferenceOptions,
): Promise<Laplace> {
  const who = "kroneckerLaplace";
  const scales = checkLaplace(who, model, data, options);
  const { backend, batchSize = 256, signal } = options;
  const rows = rowsFor(who, model, data);
  const targets = targetsOf(model, data);
  const columns = targets.shape[1]!;
  const paths = slopedPaths(who, model);
  const rest = restsFor(signal);
  const factors = paths.map((path) => emptyFactors(model, path));
  await eachJacobian(who, model, paths, columns, rows, { backend, batchSize, signal }, ({ inputs, slopes }) => {
    for (const [l, factor] of factors.entries()) gather(factor, inputs[l]!, slopes[l]!, columns);
  });
  const blocks: Block[] = [];
  for (const { width, units, inputs, slopes } of factors) {
    blocks.push({
      width,
      units,
      left: await symmetricEigen(inputs, width, rest),
      right: await symmetricEigen(slopes, units, rest),
    });
  }
  const curvatures = Float64Array.from(blocks.flatMap((block) => curvaturesOf(block, data.count)));
  const { data: outputs } = await predict(withoutUnits(model), data, options);
  let error = 0;
  for (let i = 0; i < outputs.length; i++) error += (outputs[i]! - targets.data[i]!) ** 2;
  if (!(error > 0))
    fail(
      who,
      "the model hits every target exactly, so that no noise is left; it has learned them by heart.",
      "invalid-data",
    );
  const size = squaredSize(model, paths);
  const evidence = chooseByEvidence({ count: outputs.length, curvatures, misfit: (ratio) => error + ratio * size });
  const noise = new Array<number>(columns).fill(1 / Math.sqrt(evidence.precision));
  return {
    model,
    evidence: [evidence],
    noise: noise.map((deviation, column) => deviation * (scales?.[column] ?? 1)),
    async predict(inputs, where) {
      checkArgument(who, "the inputs", inputs, rowsCheck);
      checkOptions<InferenceOptions>(who, where, inferenceTable);
      const asked = rowsFor(who, model, inputs);
      const count = asked.inputs.shape[0]!;
      const spread = new Float64Array(count * columns);
      const run = { backend: where.backend, batchSize: where.batchSize ?? 256, signal: where.signal };
      await eachJacobian(who, model, paths, columns, asked, run, (jacobian) => {
        for (const [l, block] of blocks.entries())
          addVariances(spread, block, jacobian, l, columns, data.count, evidence);
      });
      const { data: means } = await predict(withoutUnits(model), inputs, where);
      return laplaceMixture(model, count, Float64Array.from(means), spread, noise, scales);
    },
  };
}

/** Sums over rows of products of what reaches a layer, and 1 for its bias, and of slopes. */
interface Factors {
  readonly width: number;
  readonly units: number;
  readonly inputs: Float64Array;
  readonly slopes: Float64Array;
}

function emptyFactors({ variables }: TrainedModel, path: string): Factors {
  const { shape } = leafAt(variables.params as Tree<never>, `${path}.kernel`) as unknown as HostArray;
  const [width, units] = [shape[0]! + 1, shape[1]!];
  return { width, units, inputs: new Float64Array(width * width), slopes: new Float64Array(units * units) };
}

function gather(factors: Factors, inputs: HostArray, slopes: HostArray, columns: number): void {
  const { width, units } = factors;
  for (let row = 0; row < inputs.shape[0]!; row++) {
    const own = withOne(inputs, row, width);
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) factors.inputs[i * width + j]! += own[i]! * own[j]!;
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * units;
      for (let i = 0; i < units; i++) {
        for (let j = 0; j < units; j++)
          factors.slopes[i * units + j]! += slopes.data[from + i]! * slopes.data[from + j]!;
      }
    }
  }
}

function withOne({ data }: HostArray, row: number, width: number): Float64Array {
  const own = new Float64Array(width).fill(1);
  for (let i = 0; i < width - 1; i++) own[i] = data[row * (width - 1) + i]!;
  return own;
}

/** A layer's curvature: the product of two matrices, by their eigenvectors, over the number of rows. */
interface Block {
  readonly width: number;
  readonly units: number;
  readonly left: Awaited<ReturnType<typeof symmetricEigen>>;
  readonly right: Awaited<ReturnType<typeof symmetricEigen>>;
}

const curvaturesOf = ({ left, right }: Block, rows: number): number[] =>
  Array.from(left.values).flatMap((a) => Array.from(right.values, (g) => (Math.max(0, a) * Math.max(0, g)) / rows));

/** Adds what is not known of outputs because of one layer. */
function addVariances(
  spread: Float64Array,
  block: Block,
  { inputs, slopes }: Jacobian,
  layer: number,
  columns: number,
  rows: number,
  { prior, precision }: { readonly prior: number; readonly precision: number },
): void {
  const { width, units, left, right } = block;
  const variances = curvaturesOf(block, rows).map((curvature) => 1 / (prior + precision * curvature));
  const count = inputs[layer]!.shape[0]!;
  for (let row = 0; row < count; row++) {
    const a = squaredAlong(left.vectors, withOne(inputs[layer]!, row, width));
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * units;
      const g = squaredAlong(right.vectors, slopes[layer]!.data.subarray(from, from + units) as Float64Array);
      let total = 0;
      for (let i = 0; i < width; i++)
        for (let j = 0; j < units; j++) total += a[i]! * g[j]! * variances[i * units + j]!;
      spread[row * columns + column]! += total;
    }
  }
}

/** Squares of a vector's coordinates along unit vectors, one a row. */
function squaredAlong(vectors: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return Float64Array.from({ length: n }, (_, k) => {
    let along = 0;
    for (let i = 0; i < n; i++) along += vectors[k * n + i]! * vector[i]!;
    return along * along;
  });
}

/** The sum of the squared parameters of these layers. */
function squaredSize({ variables }: TrainedModel, paths: readonly string[]): number {
  const params = variables.params as Tree<never>;
  return paths
    .flatMap((path) => ["kernel", "bias"].map((name) => leafAt(params, `${path}.${name}`) as unknown as HostArray))
    .reduce((all, { data }) => all + (data as Float32Array).reduce((part, value) => part + value * value, 0), 0);
}
