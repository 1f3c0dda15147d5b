// One training, and how sharp the place is where it ends: the largest eigenvalue of the Hessian of the loss, by products with vectors.
import { apply, dense, fit, type Layer, mse, sequential, sgd, type Variables } from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { truth } from "@hooke/example-double-descent/features.ts";
import {
  add,
  type Backend,
  compile,
  div,
  fold,
  type HostArray,
  hvp,
  type Key,
  mean,
  mul,
  normal,
  randomKey,
  run,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";

/** What is trained, and how. */
export interface Setting {
  readonly trainRows: number;
  readonly testRows: number;
  /** Standard deviation of the noise in the targets that are learnt from. */
  readonly noise: number;
  /** Units of the one hidden layer, tanh. */
  readonly width: number;
  /** Of plain gradient descent, the same from the first update to the last. */
  readonly rate: number;
  /** Rows of an update. */
  readonly batch: number;
  readonly updates: number;
  readonly seed: number;
}

/** Rows that are learnt from, with noise, and new ones, without. */
export interface Rows {
  readonly train: Dataset;
  readonly test: Dataset;
}

export async function rowsOf(backend: Backend, { trainRows, testRows, noise, seed }: Setting): Promise<Rows> {
  const draw = (key: Key) => {
    const known = normal(fold(key, "rows"), [trainRows, 4]);
    const unseen = normal(fold(key, "unseen"), [testRows, 4]);
    const targets = add(truth(known), mul(normal(fold(key, "noise"), [trainRows, 1]), noise));
    return { train: { inputs: known, targets }, test: { inputs: unseen, targets: truth(unseen) } };
  };
  const { train, test } = await run(backend, draw, randomKey(seed));
  return { train: dataset(train), test: dataset(test) };
}

/** The network: one hidden layer. */
export const networkOf = (width: number): Layer =>
  sequential([dense({ units: width, activation: "tanh" }), dense({ units: 1 })]);

/** Looks at the loss of a network about its parameters; the layer has no state. */
export interface Surroundings {
  /** Mean squared error on rows. */
  loss(params: Tree<HostArray>, rows: Dataset): Promise<number>;
  /** The largest eigenvalue of the Hessian of that, and the direction, of length 1, along which the loss curves so. */
  sharpness(params: Tree<HostArray>, rows: Dataset): Promise<Sharpness>;
  /** The loss at `params + step along` for each step. */
  walk(params: Tree<HostArray>, along: Tree<HostArray>, steps: readonly number[], rows: Dataset): Promise<number[]>;
}

export interface Sharpness {
  readonly eigenvalue: number;
  readonly along: Tree<HostArray>;
}

/** Products with the Hessian until the direction stays: the share by which the eigenvalue may still change, and how many at most. */
const [tolerance, most] = [1e-4, 200];

export function surroundings(backend: Backend, layer: Layer): Surroundings {
  type Params = Tree<Tensor>;
  const lossAt = (params: Params, inputs: Tensor, targets: Tensor): Tensor =>
    mean(square(sub(apply(layer, { params, state: {} } as Variables, inputs).output, targets)));
  const loss = compile(backend, lossAt as never) as unknown as Compiled<HostArray>;
  // The power method: what is multiplied by a matrix again and again turns towards its largest eigenvalue.
  const turned = compile(backend, ((params: Params, along: Params, inputs: Tensor, targets: Tensor) => {
    const product = hvp((at: Params) => lossAt(at, inputs, targets), params, along as never) as Params;
    const length = sqrt(dot(product, product));
    const next = treeMap(product, (leaf: Tensor) => div(leaf, length));
    return { eigenvalue: dot(along, product), next };
  }) as never) as unknown as Compiled<{ readonly eigenvalue: HostArray; readonly next: Tree<HostArray> }>;

  const of = async (params: Tree<HostArray>, { inputs, targets }: Dataset): Promise<number> =>
    (await loss(params, inputs, targets)).data[0]!;
  return {
    loss: of,
    async sharpness(params, { inputs, targets }) {
      let along = begin(params);
      let eigenvalue = Number.NaN;
      for (let turn = 0; turn < most; turn++) {
        const found = await turned(params, along, inputs, targets);
        const next = found.eigenvalue.data[0]!;
        const settled = turn > 1 && Math.abs(next - eigenvalue) <= tolerance * Math.abs(next);
        [along, eigenvalue] = [found.next, next];
        if (settled) break;
      }
      return { eigenvalue, along };
    },
    async walk(params, along, steps, rows) {
      const losses: number[] = [];
      for (const step of steps) losses.push(await of(moved(params, along, step), rows));
      return losses;
    },
  };
}

type Compiled<R> = (...given: unknown[]) => Promise<R>;

/** The sum of products of two trees' numbers. */
function dot(a: Tree<Tensor>, b: Tree<Tensor>): Tensor {
  const others = treeLeaves<Tensor>(b);
  return treeLeaves<Tensor>(a)
    .map(({ value }, i) => sum(mul(value, others[i]!.value)))
    .reduce((total, each) => add(total, each));
}

/** Where the power method begins: any direction of length 1 that no eigenvector is likely to be square to. */
function begin(params: Tree<HostArray>): Tree<HostArray> {
  const size = treeLeaves<HostArray>(params).reduce((total, { value }) => total + value.data.length, 0);
  return treeMap(params, (leaf: HostArray) => ({
    ...leaf,
    data: Float32Array.from(leaf.data, (_, i) => (Math.sin(7 * i + 1) > 0 ? 1 : -1) / Math.sqrt(size)),
  })) as Tree<HostArray>;
}

function moved(params: Tree<HostArray>, along: Tree<HostArray>, step: number): Tree<HostArray> {
  const directions = treeLeaves<HostArray>(along);
  let leaf = 0;
  return treeMap(params, (from: HostArray) => {
    const direction = directions[leaf++]!.value.data;
    return { ...from, data: Float32Array.from(from.data, (value, i) => value + step * direction[i]!) };
  }) as Tree<HostArray>;
}

/** A training as it goes on. */
export interface Look {
  readonly updates: number;
  /** Mean squared errors: on the rows learnt from, with their noise, and on new ones, without. */
  readonly train: number;
  readonly test: number;
  /** Of the loss on all rows learnt from. */
  readonly sharpness: Sharpness;
  readonly params: Tree<HostArray>;
}

/**
 * Trains by plain gradient descent, and looks about now and then.
 *
 * @param looks how often, evenly, the end included
 * @throws where the rate is so large that the loss is no longer finite
 */
export async function* minimum(
  backend: Backend,
  setting: Setting,
  { looks, signal }: { readonly looks: number; readonly signal?: AbortSignal },
): AsyncGenerator<Look, void, void> {
  const { width, rate, batch, updates, trainRows, seed } = setting;
  const rows = await rowsOf(backend, setting);
  const layer = networkOf(width);
  const { loss, sharpness } = surroundings(backend, layer);
  const perLook = Math.max(1, Math.round((updates * batch) / trainRows / looks));
  let variables: Variables<HostArray> | undefined;
  for (let look = 0; look < looks; look++) {
    const { model } = await fit({
      ...{ backend, model: layer, data: { train: rows.train }, loss: mse(), optimizer: sgd() },
      ...{ learningRate: rate, epochs: perLook, batchSize: batch, seed: look === 0 ? seed : seed + 1000 * look },
      ...(variables && { variables }),
      ...(signal && { signal }),
    });
    if (signal?.aborted) return;
    variables = model.variables;
    const { params } = variables;
    yield {
      updates: Math.round(((look + 1) * perLook * trainRows) / batch),
      train: await loss(params, rows.train),
      test: await loss(params, rows.test),
      sharpness: await sharpness(params, rows.train),
      params,
    };
  }
}
