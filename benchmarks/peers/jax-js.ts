// jax-js on its WebAssembly or WebGPU backend, which the argument names; every call compiled by its `jit`. Arrays are used up by what they are given to, but for their `ref`.
import { readFileSync } from "node:fs";
import { defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { countLaunches, offerNavigator } from "./on-webgpu.ts";
import { batchSize, learningRate, network, surrogateRows, surrogateWidths, values, weightDecay } from "./problem.ts";
import { serve, type Task } from "./protocol.ts";

// Its manifest is not among its exports.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.resolve("@jax-js/jax")), "utf8"));
const device = (process.argv[2] ?? "wasm") as "wasm" | "webgpu";
if (device === "webgpu") await offerNavigator();
await init(device);
defaultDevice(device);

type Parameters = { kernel: np.Array; bias: np.Array }[];

const arrayOf = (data: Float32Array, shape: readonly number[]): np.Array =>
  np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] });

const parameters = (): Parameters =>
  network(surrogateWidths).map(({ shape, kernel, bias }) => ({
    kernel: arrayOf(kernel, shape),
    bias: arrayOf(bias, [bias.length]),
  }));

const rowsOf = (count: number): { inputs: np.Array; targets: np.Array } => {
  const { inputs, targets } = surrogateRows(count);
  return { inputs: arrayOf(inputs, [count, 10]), targets: arrayOf(targets, [count, 1]) };
};

const predict = (params: Parameters, x: np.Array): np.Array =>
  params.reduce((value, { kernel, bias }, i) => {
    const sum = np.matmul(value, kernel).add(bias);
    return i < params.length - 1 ? np.maximum(sum, 0) : sum;
  }, x);

const loss = (params: Parameters, x: np.Array, y: np.Array): np.Array => np.mean(np.square(predict(params, x).sub(y)));

type State = [params: Parameters, m: Parameters, v: Parameters];

/** Adam with the weight decay as L2 term. */
const update = jit((params: Parameters, m: Parameters, v: Parameters, step: np.Array, x: np.Array, y: np.Array) => {
  const [value, slopes] = valueAndGrad(loss)(tree.ref(params), x, y) as unknown as [np.Array, Parameters];
  const map = <T extends unknown[]>(fn: (...arrays: np.Array[]) => np.Array, ...trees: T): Parameters =>
    tree.map(fn as never, ...(trees as unknown as [Parameters])) as unknown as Parameters;
  const gradient = map((g, p) => g!.add(p!.mul(weightDecay)), slopes, tree.ref(params));
  const mean = map((m, g) => m!.mul(0.9).add(g!.mul(0.1)), m, tree.ref(gradient));
  const square = map((v, g) => v!.mul(0.999).add(np.square(g!).mul(0.001)), v, gradient);
  const [first, second] = [np.subtract(1, np.power(0.9, step.ref)), np.subtract(1, np.power(0.999, step))];
  const next = map(
    (p, m, v) =>
      p!.sub(
        m!
          .div(first.ref)
          .div(np.sqrt(v!.div(second.ref)).add(1e-8))
          .mul(learningRate),
      ),
    params,
    tree.ref(mean),
    tree.ref(square),
  );
  first.dispose();
  second.dispose();
  return [value, next, mean, square] as never;
}) as unknown as (...args: unknown[]) => [np.Array, ...State];

async function step(): Promise<Task> {
  const { inputs, targets } = rowsOf(batchSize);
  const zeros = (): Parameters =>
    network(surrogateWidths).map(({ shape, bias }) => ({
      kernel: np.zeros([...shape]),
      bias: np.zeros([bias.length]),
    }));
  let state: State = [parameters(), zeros(), zeros()];
  let made = 0;
  const call = (): np.Array => {
    const [value, ...next] = update(...state, np.array(++made), inputs.ref, targets.ref);
    state = next;
    return value;
  };
  const check: number[] = [];
  while (check.length < 10) check.push((await call().data())[0]!);
  return {
    async run(count) {
      // What is dropped before anybody waits for it is not computed.
      for (let i = 1; i < count; i++) (await call().blockUntilReady()).dispose();
      await call().data();
    },
    check,
  };
}

const forward = (rows: number) => async (): Promise<Task> => {
  const params = parameters();
  const { inputs } = surrogateRows(rows);
  const compiled = jit(predict as never) as unknown as (params: Parameters, x: np.Array) => np.Array;
  const predictions = () => compiled(tree.ref(params) as unknown as Parameters, arrayOf(inputs, [rows, 10])).data();
  const first = await predictions();
  return {
    async run(count) {
      for (let i = 0; i < count; i++) await predictions();
    },
    check: [first[0]!, first.at(-1)!],
  };
};

/** Times a function of arrays that stay. */
const repeat =
  (fn: (...arrays: np.Array[]) => np.Array, ...arrays: readonly np.Array[]) =>
  async (): Promise<Task> => {
    const compiled = jit(fn as never) as unknown as typeof fn;
    const call = () => compiled(...arrays.map((each) => each.ref));
    const first = await call().data();
    return {
      async run(count) {
        for (let i = 1; i < count; i++) (await call().blockUntilReady()).dispose();
        await call().data();
      },
      check: [first[0]!, first.at(-1)!],
    };
  };

const dot = (size: number, transposed = ""): (() => Promise<Task>) => {
  const [a, b] = [1, 2].map((seed) => arrayOf(values(size * size, seed), [size, size])) as [np.Array, np.Array];
  const turned = (name: string, x: np.Array): np.Array => (transposed.includes(name) ? np.transpose(x) : x);
  return repeat((a, b) => np.matmul(turned("A", a!), turned("B", b!)), a, b);
};

const tasks = {
  step,
  forward64: forward(batchSize),
  forward1: forward(1),
  dot512: dot(512),
  dot1024: dot(1024),
  dot1024A: dot(1024, "A"),
  dot1024B: dot(1024, "B"),
  // Of both transposed, seven seconds per call.
  tanh: repeat((x) => np.tanh(x!), arrayOf(values(1_000_000, 1, 4), [1_000_000])),
  exp: repeat((x) => np.exp(x!), arrayOf(values(1_000_000, 1, 4), [1_000_000])),
};
await serve("jax-js", `${version}, ${device}`, tasks, device === "webgpu" ? countLaunches() : undefined);
// Dawn does not let the process end by itself.
process.exit();
