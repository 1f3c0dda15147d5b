// TensorFlow.js's own layers, training step and kernels on WebGPU in Node: `model.trainOnBatch`, which reads the loss after each update.
import { countLaunches, offerNavigator } from "./on-webgpu.ts";
import { batchSize, learningRate, network, surrogateRows, surrogateWidths, values } from "./problem.ts";
import { serve, type Task } from "./protocol.ts";

await offerNavigator();
// tfjs looks for a browser's globals when it is imported.
const tf = await import("@tensorflow/tfjs-core");
const { layers, sequential } = await import("@tensorflow/tfjs-layers");
await import("@tensorflow/tfjs-backend-webgpu");

type Model = ReturnType<typeof sequential>;
type Tensor = ReturnType<typeof tf.tensor>;

const compile = (model: Model): Model => {
  model.compile({ optimizer: tf.train.adam(learningRate, 0.9, 0.999, 1e-8), loss: "meanSquaredError" });
  return model;
};

async function updates(model: Model, x: Tensor, y: Tensor, checked = 0): Promise<Task> {
  const check: number[] = [];
  while (check.length < checked) check.push((await model.trainOnBatch(x, y)) as number);
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await model.trainOnBatch(x, y);
    },
    check,
  };
}

async function stepRead(): Promise<Task> {
  const model = sequential();
  const values = network(surrogateWidths);
  for (const [i, { shape }] of values.entries()) {
    const last = i === values.length - 1;
    model.add(layers.dense({ units: shape[1], inputShape: [shape[0]], activation: last ? "linear" : "relu" }));
  }
  model.setWeights(values.flatMap(({ shape, kernel, bias }) => [tf.tensor2d(kernel, [...shape]), tf.tensor1d(bias)]));
  const { inputs, targets } = surrogateRows(batchSize);
  return updates(compile(model), tf.tensor2d(inputs, [batchSize, 10]), tf.tensor2d(targets, [batchSize, 1]), 10);
}

/** An update of a network with weights of its own, as `networks.ts` makes them of Hooke's. */
function networkStep(model: Model, shape: readonly [number, ...number[]]): Promise<Task> {
  const size = shape.reduce((product, length) => product * length, 1);
  const x = tf.tensor(values(size, 1), [...shape]);
  return updates(compile(model), x, tf.tensor2d(values(shape[0], 2), [shape[0], 1]));
}

/** `microstructureCNN`. */
function cnn(): Promise<Task> {
  const model = sequential();
  for (const [i, filters] of [32, 64, 128].entries()) {
    const inputShape = i === 0 ? { inputShape: [64, 64, 1] } : {};
    model.add(layers.conv2d({ filters, kernelSize: 3, padding: "same", ...inputShape }));
    model.add(layers.batchNormalization());
    model.add(layers.reLU());
    model.add(layers.maxPooling2d({ poolSize: 2 }));
  }
  model.add(layers.flatten());
  model.add(layers.dense({ units: 256, activation: "relu" }));
  model.add(layers.dense({ units: 1 }));
  return networkStep(model, [8, 64, 64, 1]);
}

/** `crackGrowthLSTM`. */
function lstm(): Promise<Task> {
  const model = sequential();
  const common = { units: 64, recurrentActivation: "sigmoid", recurrentInitializer: "glorotUniform" } as const;
  model.add(layers.lstm({ ...common, returnSequences: true, inputShape: [20, 3] }));
  model.add(layers.dropout({ rate: 0.2 }));
  model.add(layers.lstm(common));
  model.add(layers.dense({ units: 1 }));
  return networkStep(model, [64, 20, 3]);
}

/** Calls of a kernel, the last of which is waited for. */
async function repeat(call: () => Tensor): Promise<Task> {
  const last = async (): Promise<ArrayLike<number>> => {
    const result = call();
    const data = await result.data();
    result.dispose();
    return data;
  };
  const data = await last();
  return {
    async run(count) {
      for (let i = 1; i < count; i++) call().dispose();
      await last();
    },
    check: [data[0]!, data[data.length - 1]!],
  };
}

const dot = (size: number) => (): Promise<Task> => {
  const [a, b] = [1, 2].map((seed) => tf.tensor2d(values(size * size, seed), [size, size]));
  return repeat(() => tf.matMul(a!, b!));
};

function tanh(): Promise<Task> {
  const x = tf.tensor1d(values(1_000_000, 1, 4));
  return repeat(() => tf.tanh(x));
}

tf.enableProdMode();
await tf.setBackend("webgpu");
const tasks = { stepRead, cnn, lstm, dot512: dot(512), dot1024: dot(1024), tanh };
await serve("tfjs-layers webgpu", tf.version_core, tasks, countLaunches());
// Dawn does not outlive the process on its own.
process.exit();
