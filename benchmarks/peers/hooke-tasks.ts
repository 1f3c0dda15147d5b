// What Hooke is asked to do, on whatever backend.

import { gaussianProcess, gradientBoosting, type Method } from "@hooke/baselines";
import { adam, apply, createTrainer, dense, mse, sequential, train } from "@hooke/core";
import { dataset, tableOf } from "@hooke/data";
import { type Squares, squares } from "@hooke/minimize";
import {
  add,
  array,
  type Backend,
  type Buffer,
  concat,
  exp,
  fullLike,
  type HostArray,
  jvp,
  matmul,
  mean,
  mul,
  optimize,
  record,
  reshape,
  rowDerivatives,
  sin,
  sliceAxis,
  square,
  sub,
  type Tensor,
  type Tree,
  tanh,
  transpose,
  treeLeaves,
  valueAndGrad,
} from "@hooke/runtime";
import { moleculesStep } from "./molecules.ts";
import { networkOutput, networkStep, networks } from "./networks.ts";
import {
  batchSize,
  boostingRows,
  burgersWidths,
  learningRate,
  manyPoints,
  network,
  noisyColumns,
  plateRows,
  plateWidths,
  points,
  processRows,
  publishedPoints,
  publishedRows,
  publishedWidths,
  surrogateRows,
  surrogateWidths,
  trainingRows,
  values,
  viscosity,
  weightDecay,
} from "./problem.ts";
import type { Task, Tasks } from "./protocol.ts";

const ends = ({ data }: HostArray): number[] => [data[0]!, data.at(-1)!];

/** A multilayer perceptron and its parameters, which `sequential` numbers. */
function perceptron(widths: readonly number[], activation: "relu" | "tanh") {
  const layers = network(widths);
  const model = sequential(
    layers.map(({ shape: [, units] }, i) => dense(i === layers.length - 1 ? { units } : { units, activation })),
  );
  const params = Object.fromEntries(
    layers.map(({ shape, kernel, bias }, i) => [i, { kernel: array(kernel, { shape }), bias: array(bias) }]),
  );
  return { model, params };
}

function rowsOf(count: number): { inputs: HostArray; targets: HostArray } {
  const { inputs, targets } = surrogateRows(count);
  return { inputs: array(inputs, { shape: [count, 10] }), targets: array(targets, { shape: [count, 1] }) };
}

function surrogate(optimizer = adam({ weightDecay })) {
  const { model, params } = perceptron(surrogateWidths, "relu");
  return { model, variables: { params, state: {} }, loss: mse(), optimizer, seed: 0 };
}

/** Reads a result, which is there once everything before it has been computed, and frees it. */
async function readOne(backend: Backend, buffer: Buffer): Promise<number> {
  const { data } = await backend.read(buffer);
  backend.free(buffer);
  return data[0]!;
}

async function step(backend: Backend): Promise<Task> {
  const batch = rowsOf(batchSize);
  const prepared = await createTrainer({ ...surrogate(), backend }).prepare(batch);
  let made = 0;
  const call = () => prepared.run(batch, { step: ++made, learningRate });
  const check: number[] = [];
  while (check.length < 10) check.push(await readOne(backend, call()));
  return {
    async run(count) {
      for (let i = 1; i < count; i++) backend.free(call());
      await readOne(backend, call());
    },
    check,
  };
}

/** As tfjs-layers does it: no weight decay, the loss read after each update. */
async function stepRead(backend: Backend): Promise<Task> {
  const batch = rowsOf(batchSize);
  const prepared = await createTrainer({ ...surrogate(adam()), backend }).prepare(batch);
  let made = 0;
  const call = () => readOne(backend, prepared.run(batch, { step: ++made, learningRate }));
  const check: number[] = [];
  while (check.length < 10) check.push(await call());
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await call();
    },
    check,
  };
}

/** From nothing to the first update done. */
function prepare(start: Start): Task {
  const batch = rowsOf(batchSize);
  const spec = surrogate();
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        const own = await start();
        const prepared = await createTrainer({ ...spec, backend: own }).prepare(batch);
        await own.read(prepared.run(batch, { step: 1, learningRate }));
      }
    },
    check: [],
  };
}

/** Updates made by the training loop: rows shuffled and gathered, losses read, events yielded. */
function loop(backend: Backend): Task {
  const options = { ...surrogate(), backend, data: { train: dataset(rowsOf(trainingRows)) }, learningRate, batchSize };
  const events = train({ ...options, epochs: Number.MAX_SAFE_INTEGER });
  return {
    async run(count) {
      for (let made = 0; made < count; ) {
        const { value } = await events.next();
        if (value?.type === "step") made++;
      }
    },
    check: [],
  };
}

/** Prepares a function of trees; `call` runs it on buffers that stay on the backend. */
async function prepareFunction(
  backend: Backend,
  fn: (...args: never[]) => unknown,
  ...args: readonly Tree<HostArray>[]
) {
  const { program } = record(fn as (...inputs: unknown[]) => unknown, ...(args as readonly unknown[]));
  const executable = await backend.prepare(optimize(program));
  const buffers = args.flatMap((arg) => treeLeaves<HostArray>(arg).map(({ value }) => backend.upload(value)));
  return { buffers, call: () => executable.run(buffers) };
}

/** Times calls of a function; `check` picks from its results. */
async function repeat(
  backend: Backend,
  fn: (...args: never[]) => unknown,
  args: readonly Tree<HostArray>[],
  check: (results: HostArray[]) => number[],
): Promise<Task> {
  const { call } = await prepareFunction(backend, fn, ...args);
  const results = await Promise.all(call().map((buffer) => backend.read(buffer)));
  return {
    async run(count) {
      for (let i = 1; i < count; i++) for (const buffer of call()) backend.free(buffer);
      const [first, ...others] = call();
      for (const buffer of others) backend.free(buffer);
      await backend.read(first!);
      backend.free(first!);
    },
    check: check(results),
  };
}

const forward = async (backend: Backend, rows: number): Promise<Task> => {
  const { model, params } = perceptron(surrogateWidths, "relu");
  const { inputs } = rowsOf(rows);
  const predict = (given: Tree<Tensor>, x: Tensor) => apply(model, { params: given, state: {} }, x).output;
  const { buffers, call } = await prepareFunction(backend, predict, params, inputs);
  const predictions = async (): Promise<HostArray> => {
    backend.write(buffers.at(-1)!, inputs);
    const [output] = call();
    const result = await backend.read(output!);
    backend.free(output!);
    return result;
  };
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await predictions();
    },
    check: ends(await predictions()),
  };
};

/** @param transposed which operands are: A, B or AB */
const dot = (backend: Backend, size: number, transposed = ""): Promise<Task> => {
  const operands = [1, 2].map((seed) => array(values(size * size, seed), { shape: [size, size] }));
  const turned = (name: string, x: Tensor): Tensor => (transposed.includes(name) ? transpose(x) : x);
  return repeat(
    backend,
    (a: Tensor, b: Tensor) => matmul(turned("A", a), turned("B", b)),
    operands,
    ([c]) => ends(c!),
  );
};

const elementwise = (backend: Backend, fn: (x: Tensor) => Tensor): Promise<Task> =>
  repeat(backend, fn, [array(values(1_000_000, 1, 4))], ([y]) => ends(y!));

/** Loss and gradient of the mean squared residual of Burgers' equation at so many points. */
export function burgers(backend: Backend, count = points): Promise<Task> {
  const { model, params } = perceptron(burgersWidths, "tanh");
  const coordinate = (seed: number) => array(values(count, seed), { shape: [count, 1] });
  const lossOf = (given: Tree<Tensor>, x: Tensor, t: Tensor): Tensor => {
    const u = (x: Tensor, t: Tensor) => apply(model, { params: given, state: {} }, concat([x, t], 1)).output;
    const ones = fullLike(x, 1);
    const alongX = (x: Tensor) => jvp((x: Tensor) => u(x, t), [x], [ones])[1];
    const [value, u_t] = jvp((t: Tensor) => u(x, t), [t], [ones]);
    const [u_x, u_xx] = jvp(alongX, [x], [ones]);
    return mean(square(sub(add(u_t, mul(value, u_x)), mul(u_xx, viscosity))));
  };
  return repeat(backend, valueAndGrad(lossOf), [params, coordinate(1), coordinate(2)], ([loss, kernel]) => [
    loss!.data[0]!,
    kernel!.data[0]!,
  ]);
}

/** A network in f64 and, of rows of data, the mean squares of what should be zero: an objective, and where it is evaluated. */
async function inF64(
  backend: Backend,
  widths: readonly number[],
  data: Readonly<Record<string, Float64Array>>,
  residuals: Readonly<Record<string, (u: (rows: Tensor) => Tensor, row: Tensor) => Tensor>>,
): Promise<Squares> {
  const { model, params } = perceptron(widths, "tanh");
  const names = Object.keys(data);
  const only = (name: string) => Object.fromEntries(names.map((each) => [each, each === name ? 0 : null]));
  return squares({
    backend,
    parameters: params,
    data: Object.fromEntries(
      Object.entries(data).map(([each, rows]) => [each, array(rows, { shape: [rows.length / 2, 2], dtype: "f64" })]),
    ),
    rows: Object.fromEntries(names.map((each) => [each, only(each)])),
    residuals: Object.fromEntries(
      Object.entries(residuals).map(([each, of]) => [
        each,
        (given: Tree<Tensor>, rows: Readonly<Record<string, Tensor>>) => {
          const u = (x: Tensor) => apply(model, { params: given, state: {} }, x).output;
          return mul(of(u, reshape(rows[each]!, [1, 2])), Math.sqrt((2 * 2) / data[each]!.length));
        },
      ]),
    ) as never,
  }) as Promise<Squares>;
}

/** Burgers as published, an objective of its misfit at so many points inside. */
export const publishedObjective = (backend: Backend, inside: number): Promise<Squares> =>
  inF64(backend, publishedWidths, publishedRows(inside), {
    inside: (u, row) => {
      const [value, u_x, u_xx, u_t] = rowDerivatives(u, row, [[], [0], [0, 0], [1]]);
      return sub(add(u_t, mul(value, u_x)), mul(u_xx, viscosity));
    },
    walls: (u, row) => u(row),
    start: (u, row) => add(u(row), sin(mul(sliceAxis(row, 1, 0, 1), Math.PI))),
  });

async function evaluations(objective: Squares): Promise<Task> {
  const { value, gradient } = await objective.evaluate(objective.start);
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await objective.evaluate(objective.start);
    },
    check: [value, gradient[0]!],
  };
}

const published = async (backend: Backend, inside: number): Promise<Task> =>
  evaluations(await publishedObjective(backend, inside));

async function plate(backend: Backend): Promise<Task> {
  const biharmonic = [
    [0, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 1, 1],
    [1, 1, 1, 1],
  ];
  const equation = (u: (rows: Tensor) => Tensor, row: Tensor): Tensor =>
    sub(rowDerivatives(u, row, [biharmonic])[0], 1);
  return evaluations(await inF64(backend, plateWidths, { plate: plateRows() }, { plate: equation }));
}

/** From nothing to the first value and gradient. */
function preparePublished(start: Start): Task {
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        const own = await start();
        const objective = await publishedObjective(own, publishedPoints);
        await objective.evaluate(objective.start);
      }
    },
    check: [],
  };
}

/** A method fitted to columns, from a call to a call. */
function fits(backend: Backend, method: Method, rows: number): Task {
  const { inputs, targets } = noisyColumns(rows);
  const columns = Object.fromEntries(inputs.map((column, i) => [`x${i}`, column]));
  const table = tableOf({ ...columns, y: targets });
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await method.fit(table, "y", { backend });
    },
    check: [],
  };
}

/** Starts a backend from nothing. */
type Start = () => Promise<Backend>;

/**
 * Tasks by name, of which those that seconds would be spent on are left out where the device is emulated.
 *
 * @param start what makes another backend like this one
 */
export const hookeTasks = (backend: Backend, start: Start, emulated = false): Tasks => ({
  step: () => step(backend),
  stepRead: () => stepRead(backend),
  cnn: () => networkStep(backend, networks.cnn),
  lstm: () => networkStep(backend, networks.lstm),
  transformer: () => networkStep(backend, networks.transformer),
  ...(!emulated && {
    cnnMany: () => networkStep(backend, networks.cnnMany),
    voxel: () => networkStep(backend, networks.voxel),
    unet: () => networkStep(backend, networks.unet),
    resnet: () => networkStep(backend, networks.resnet),
    resnetOutput: () => networkOutput(backend, networks.resnetOutput),
    mobileNetOutput: () => networkOutput(backend, networks.mobileNetOutput),
    molecules: () => moleculesStep(backend),
  }),
  prepare: () => prepare(start),
  loop: () => loop(backend),
  forward64: () => forward(backend, batchSize),
  forward1: () => forward(backend, 1),
  dot512: () => dot(backend, 512),
  dot1024: () => dot(backend, 1024),
  dot1024A: () => dot(backend, 1024, "A"),
  dot1024B: () => dot(backend, 1024, "B"),
  dot1024AB: () => dot(backend, 1024, "AB"),
  tanh: () => elementwise(backend, tanh),
  exp: () => elementwise(backend, exp),
  burgers: () => burgers(backend),
  ...(backend.dtypes.includes("f64") && {
    published: () => published(backend, publishedPoints),
    publishedMany: () => published(backend, manyPoints),
    publishedFew: () => published(backend, points),
    plate: () => plate(backend),
    preparePublished: () => preparePublished(start),
    gaussianProcess: () => fits(backend, gaussianProcess({ priors: false }), processRows),
    boosting: () => fits(backend, gradientBoosting(), boostingRows),
  }),
});
