// TensorFlow.js's own layers and training step on WebGPU in Node: `model.trainOnBatch`, which reads the loss after each update.
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { batchSize, learningRate, network, surrogateRows, surrogateWidths } from "./problem.ts";
import { serve, type Task } from "./protocol.ts";

offerSwiftshader();

// tfjs looks for a browser's globals when it is imported.
const { create, globals } = await import("webgpu");
for (const [key, value] of Object.entries(globals)) {
  if (!(key in globalThis)) Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
}
Object.defineProperty(navigator, "gpu", { value: create([]), configurable: true });
const tf = await import("@tensorflow/tfjs-core");
const { layers, sequential } = await import("@tensorflow/tfjs-layers");
await import("@tensorflow/tfjs-backend-webgpu");

async function stepRead(): Promise<Task> {
  const model = sequential();
  const values = network(surrogateWidths);
  for (const [i, { shape }] of values.entries()) {
    const last = i === values.length - 1;
    model.add(layers.dense({ units: shape[1], inputShape: [shape[0]], activation: last ? "linear" : "relu" }));
  }
  model.setWeights(values.flatMap(({ shape, kernel, bias }) => [tf.tensor2d(kernel, [...shape]), tf.tensor1d(bias)]));
  model.compile({ optimizer: tf.train.adam(learningRate, 0.9, 0.999, 1e-8), loss: "meanSquaredError" });
  const { inputs, targets } = surrogateRows(batchSize);
  const x = tf.tensor2d(inputs, [batchSize, 10]);
  const y = tf.tensor2d(targets, [batchSize, 1]);
  const check: number[] = [];
  while (check.length < 10) check.push((await model.trainOnBatch(x, y)) as number);
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await model.trainOnBatch(x, y);
    },
    check,
  };
}

tf.enableProdMode();
await tf.setBackend("webgpu");
await serve("tfjs-layers webgpu", tf.version_core, { stepRead });
// Dawn does not outlive the process on its own.
process.exit();
