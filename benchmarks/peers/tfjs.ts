// TensorFlow.js; the argument names its backend, `cpu` (plain JavaScript) or `wasm`.

import {
  batchSize,
  learningRate,
  network as networkValues,
  surrogateRows,
  surrogateWidths,
  values,
  weightDecay,
} from "./problem.ts";
import { serve, type Task } from "./protocol.ts";

const backend = process.argv[2] as "cpu" | "wasm";
const tf = await load();

async function load() {
  try {
    const core = await import("@tensorflow/tfjs-core");
    // For its gradients: in Node they are registered by this package only.
    await import("@tensorflow/tfjs-layers");
    if (backend === "cpu") await import("@tensorflow/tfjs-backend-cpu");
    else await import("@tensorflow/tfjs-backend-wasm");
    return core;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.log(JSON.stringify({ missing: "it has no package @tensorflow/tfjs-core" }));
    return process.exit();
  }
}

type Tensor2D = import("@tensorflow/tfjs-core").Tensor2D;
type Scalar = import("@tensorflow/tfjs-core").Scalar;

const repeat = (call: () => void, check: readonly number[]): Task => ({
  run(count) {
    for (let i = 0; i < count; i++) call();
  },
  check,
});

const ends = (data: ArrayLike<number>): number[] => [data[0]!, data[data.length - 1]!];

/** In a training step separate kernels are faster, in inference the one that does product, bias and relu together. */
function model(fused: boolean) {
  const layers = networkValues(surrogateWidths).map(({ shape, kernel, bias }) => ({
    kernel: tf.variable(tf.tensor2d(kernel, [...shape])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const apply = (x: Tensor2D): Tensor2D =>
    layers.reduce<Tensor2D>((h, { kernel, bias }, i) => {
      const last = i === layers.length - 1;
      if (fused) return tf.fused.matMul({ a: h, b: kernel, bias, activation: last ? "linear" : "relu" }) as Tensor2D;
      const z: Tensor2D = tf.add(tf.matMul(h, kernel), bias);
      return last ? z : tf.relu(z);
    }, x);
  return { apply, variables: layers.flatMap(({ kernel, bias }) => [kernel, bias]) };
}

function step(): Task {
  const { apply, variables } = model(false);
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const { inputs, targets } = surrogateRows(batchSize);
  const x = tf.tensor2d(inputs, [batchSize, 10]);
  const y = tf.tensor2d(targets, [batchSize, 1]);
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  const loss = () => tf.mean(tf.squaredDifference(apply(x), y)) as Scalar;
  const call = (): Scalar =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      // Added to the gradients, the L2 term takes fewer kernels than in the loss.
      const decayed = Object.entries(grads).map(([name, gradient]) => ({
        name,
        tensor: tf.add(gradient, tf.mul(byName.get(name)!, weightDecay)),
      }));
      optimizer.applyGradients(decayed);
      return value;
    });
  const check = Array.from({ length: 10 }, () => call().dataSync()[0]!);
  return repeat(() => call().dispose(), check);
}

const forward = (rows: number) => (): Task => {
  const { apply } = model(true);
  const { inputs } = surrogateRows(rows);
  const call = () => {
    const output = tf.tidy(() => apply(tf.tensor2d(inputs, [rows, 10])));
    const data = output.dataSync();
    output.dispose();
    return data;
  };
  return repeat(call, ends(call()));
};

const dot = (size: number) => (): Task => {
  const [a, b] = [1, 2].map((seed) => tf.tensor2d(values(size * size, seed), [size, size])) as [Tensor2D, Tensor2D];
  return repeat(() => tf.matMul(a, b).dispose(), ends(tf.matMul(a, b).dataSync()));
};

const elementwise = (fn: "tanh" | "exp") => (): Task => {
  const x = tf.tensor1d(values(1_000_000, 1, 4));
  return repeat(() => tf[fn](x).dispose(), ends(tf[fn](x).dataSync()));
};

tf.enableProdMode();
await tf.setBackend(backend);
await serve(`tfjs ${backend}`, tf.version_core, {
  step,
  forward64: forward(batchSize),
  forward1: forward(1),
  dot512: dot(512),
  // A second and more per call in plain JavaScript, and of transposed operands.
  ...(backend === "wasm" && { dot1024: dot(1024) }),
  tanh: elementwise("tanh"),
  exp: elementwise("exp"),
});
