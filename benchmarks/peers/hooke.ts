// Hooke on one of its backends; the argument names it.
import { adam, apply, createTrainer, dense, mse, sequential, train } from "@hooke/core";
import manifest from "@hooke/core/package.json" with { type: "json" };
import { dataset } from "@hooke/data";
import { type Squares, squares } from "@hooke/minimize";
import {
  add,
  array,
  type Backend,
  type Buffer,
  concat,
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
  tanh as tanhOf,
  treeLeaves,
  valueAndGrad,
} from "@hooke/runtime";
import { type BackendName, startBackend } from "./backend.ts";
import { networkOutput, networkStep, networks } from "./networks.ts";
import {
  batchSize,
  burgersWidths,
  learningRate,
  manyPoints,
  network,
  plateRows,
  plateWidths,
  points,
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
import { serve, type Task } from "./protocol.ts";

const name = (process.argv[2] ?? "wasm") as BackendName;
const { backend, device, emulated } = await startBackend(name);

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
async function readOne(buffer: Buffer): Promise<number> {
  const { data } = await backend.read(buffer);
  backend.free(buffer);
  return data[0]!;
}

async function step(): Promise<Task> {
  const batch = rowsOf(batchSize);
  const prepared = await createTrainer({ ...surrogate(), backend }).prepare(batch);
  let made = 0;
  const call = () => prepared.run(batch, { step: ++made, learningRate });
  const check: number[] = [];
  while (check.length < 10) check.push(await readOne(call()));
  return {
    async run(count) {
      for (let i = 1; i < count; i++) backend.free(call());
      await readOne(call());
    },
    check,
  };
}

/** As tfjs-layers does it: no weight decay, the loss read after each update. */
async function stepRead(): Promise<Task> {
  const batch = rowsOf(batchSize);
  const prepared = await createTrainer({ ...surrogate(adam()), backend }).prepare(batch);
  let made = 0;
  const call = () => readOne(prepared.run(batch, { step: ++made, learningRate }));
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
function prepare(): Task {
  const batch = rowsOf(batchSize);
  const spec = surrogate();
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        const { backend: own } = await startBackend(name);
        const prepared = await createTrainer({ ...spec, backend: own }).prepare(batch);
        await own.read(prepared.run(batch, { step: 1, learningRate }));
      }
    },
    check: [],
  };
}

/** Updates made by the training loop: rows shuffled and gathered, losses read, events yielded. */
function loop(): Task {
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
async function prepareFunction(fn: (...args: never[]) => unknown, ...args: readonly Tree<HostArray>[]) {
  const { program } = record(fn as (...inputs: unknown[]) => unknown, ...(args as readonly unknown[]));
  const executable = await backend.prepare(optimize(program));
  const buffers = args.flatMap((arg) => treeLeaves<HostArray>(arg).map(({ value }) => backend.upload(value)));
  return { buffers, call: () => executable.run(buffers) };
}

/** Times calls of a function; `check` picks from its results. */
async function repeat(
  fn: (...args: never[]) => unknown,
  args: readonly Tree<HostArray>[],
  check: (results: HostArray[]) => number[],
): Promise<Task> {
  const { call } = await prepareFunction(fn, ...args);
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

const forward = (rows: number) => async (): Promise<Task> => {
  const { model, params } = perceptron(surrogateWidths, "relu");
  const { inputs } = rowsOf(rows);
  const predict = (given: Tree<Tensor>, x: Tensor) => apply(model, { params: given, state: {} }, x).output;
  const { buffers, call } = await prepareFunction(predict, params, inputs);
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

const dot = (size: number) => (): Promise<Task> => {
  const operands = [1, 2].map((seed) => array(values(size * size, seed), { shape: [size, size] }));
  return repeat(
    (a: Tensor, b: Tensor) => matmul(a, b),
    operands,
    ([c]) => ends(c!),
  );
};

const tanh = (): Promise<Task> =>
  repeat(
    (x: Tensor) => tanhOf(x),
    [array(values(1_000_000, 1, 4))],
    ([y]) => ends(y!),
  );

/** Loss and gradient of the mean squared residual of Burgers' equation. */
function burgers(): Promise<Task> {
  const { model, params } = perceptron(burgersWidths, "tanh");
  const coordinate = (seed: number) => array(values(points, seed), { shape: [points, 1] });
  const lossOf = (given: Tree<Tensor>, x: Tensor, t: Tensor): Tensor => {
    const u = (x: Tensor, t: Tensor) => apply(model, { params: given, state: {} }, concat([x, t], 1)).output;
    const ones = fullLike(x, 1);
    const alongX = (x: Tensor) => jvp((x: Tensor) => u(x, t), [x], [ones])[1];
    const [value, u_t] = jvp((t: Tensor) => u(x, t), [t], [ones]);
    const [u_x, u_xx] = jvp(alongX, [x], [ones]);
    return mean(square(sub(add(u_t, mul(value, u_x)), mul(u_xx, viscosity))));
  };
  return repeat(valueAndGrad(lossOf), [params, coordinate(1), coordinate(2)], ([loss, kernel]) => [
    loss!.data[0]!,
    kernel!.data[0]!,
  ]);
}

/** A network in f64 and, of rows of data, the mean squares of what should be zero: an objective, and where it is evaluated. */
async function inF64(
  on: Backend,
  widths: readonly number[],
  data: Readonly<Record<string, Float64Array>>,
  residuals: Readonly<Record<string, (u: (rows: Tensor) => Tensor, row: Tensor) => Tensor>>,
): Promise<Squares> {
  const { model, params } = perceptron(widths, "tanh");
  const names = Object.keys(data);
  const only = (name: string) => Object.fromEntries(names.map((each) => [each, each === name ? 0 : null]));
  return squares({
    backend: on,
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

const publishedObjective = (on: Backend, inside: number): Promise<Squares> =>
  inF64(on, publishedWidths, publishedRows(inside), {
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

const published = (inside: number) => async (): Promise<Task> => evaluations(await publishedObjective(backend, inside));

async function plate(): Promise<Task> {
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
function preparePublished(): Task {
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        const { backend: own } = await startBackend(name);
        const objective = await publishedObjective(own, publishedPoints);
        await objective.evaluate(objective.start);
      }
    },
    check: [],
  };
}

await serve("Hooke", name === "wasm" ? `${manifest.version}, wasm` : `${manifest.version}, ${name} on ${device}`, {
  step,
  stepRead,
  ...(!emulated && {
    cnn: () => networkStep(backend, networks.cnn),
    cnnMany: () => networkStep(backend, networks.cnnMany),
    voxel: () => networkStep(backend, networks.voxel),
    unet: () => networkStep(backend, networks.unet),
    resnet: () => networkStep(backend, networks.resnet),
    resnetOutput: () => networkOutput(backend, networks.resnetOutput),
    mobileNetOutput: () => networkOutput(backend, networks.mobileNetOutput),
    lstm: () => networkStep(backend, networks.lstm),
    transformer: () => networkStep(backend, networks.transformer),
  }),
  prepare,
  loop,
  forward64: forward(batchSize),
  forward1: forward(1),
  dot512: dot(512),
  dot1024: dot(1024),
  tanh,
  burgers,
  ...(backend.dtypes.includes("f64") && {
    published: published(publishedPoints),
    publishedMany: published(manyPoints),
    publishedFew: published(points),
    plate,
    preparePublished,
  }),
});
// A GPU does not let the process end by itself.
process.exit();
