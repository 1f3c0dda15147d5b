// What `auto` goes by (docs/decisions/0007-choosing-a-backend.md): of programs of the benchmarks and some single primitives, what each backend is expected
// to take by the speed that it states, beside what it takes.
//
//   node choice.ts wasm|webgpu|cuda|cuda-driver [task ...]        HOOKE_THREADS says on how many threads wasm computes
import { cuda, cudaFactory } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { dense, sequential } from "@hooke/core";
import {
  add,
  array,
  type Backend,
  conv,
  durationOf,
  gather,
  grad,
  type HostArray,
  matmul,
  optimize,
  record,
  sizeOf,
  sum,
  type Tensor,
  tanh,
  type Work,
  workOf,
} from "@hooke/runtime";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { hookeTasks } from "./peers/hooke-tasks.ts";
import { networkStep } from "./peers/networks.ts";
import { values } from "./peers/problem.ts";
import type { Task } from "./peers/protocol.ts";
import { align, digits } from "./table.ts";

/** Milliseconds that a sample lasts about, and how many there are: the fastest counts, which met the least of other work. */
const [duration, samples] = [100, 7];

const [name = "wasm", ...names] = process.argv.slice(2);
offerSwiftshader();
const driver = { "cuda-driver": cudaFactory({ engine: "driver" }) };
const factory = { ...wasm.backends, ...webgpu.backends, ...cuda.backends, ...driver }[name];
const status = await factory?.available();
if (!factory || !status) throw new Error(`there is no backend "${name}"; there are wasm, webgpu, cuda and cuda-driver`);
if (!status.available) throw new Error(`${name}: ${status.reason}. ${status.cure}`);
const speed = status.speed!;
const inner = await factory.create();

/** The runs of programs since the counts were taken last. */
let runs: Work[] = [];
const backend: Backend = {
  ...inner,
  dtypes: inner.dtypes,
  upload: (given) => inner.upload(given),
  write: (buffer, given) => inner.write(buffer, given),
  read: (buffer) => inner.read(buffer),
  free: (buffer) => inner.free(buffer),
  async prepare(program, options) {
    const [work, executable] = [workOf(program), await inner.prepare(program, options)];
    return {
      run(inputs) {
        runs.push(work);
        return executable.run(inputs);
      },
      free: () => executable.free(),
    };
  },
};

const numbers = (...shape: number[]): HostArray => array(values(sizeOf(shape), shape.length), { shape });

/** Calls of a function, in which its result is waited for once. */
async function calls(fn: (...args: Tensor[]) => Tensor, ...args: HostArray[]): Promise<Task> {
  const { program } = record(fn as (...args: never[]) => Tensor, ...(args as never[]));
  const executable = await backend.prepare(optimize(program));
  const inputs = args.map((given) => backend.upload(given));
  return {
    async run(count) {
      for (let i = 1; i <= count; i++) {
        const [out] = executable.run(inputs);
        if (i === count) await backend.read(out!);
        backend.free(out!);
      }
    },
    check: [],
  };
}

const perceptron = (rows: number, width: number, units: readonly number[]): Promise<Task> => {
  const model = sequential(
    units.map((each, i) => dense(i === units.length - 1 ? { units: each } : { units: each, activation: "relu" })),
  );
  return networkStep(backend, { model, shape: [rows, width], target: [units.at(-1)!] });
};

const positions = array(
  Int32Array.from({ length: 50_000 }, (_, i) => (7919 * i) % 100_000),
  { dtype: "i32" },
);

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  ...hookeTasks(backend, async () => backend),
  mlp256: () => perceptron(256, 10, [256, 256, 1]),
  mlp512: () => perceptron(256, 100, [512, 512, 10]),
  convGradient: () =>
    calls(
      (x, kernel) =>
        grad((z: Tensor) =>
          sum(
            conv(x!, z, {
              padding: [
                [1, 1],
                [1, 1],
              ],
            }),
          ),
        )(kernel!),
      numbers(8, 32, 32, 32),
      numbers(3, 3, 32, 32),
    ),
  adds: () => calls((a, b) => add(a!, b!), numbers(1_000_000), numbers(1_000_000)),
  sums: () => calls((x) => sum(x!, { axes: [1] }), numbers(1000, 1000)),
  gathers: () => calls((table, rows) => gather(table!, rows!), numbers(100_000, 16), positions),
  // As many as there can be of which none computes anything.
  chain: () => calls((x) => Array.from({ length: 100 }).reduce<Tensor>((y) => tanh(matmul(y, y)), x!), numbers(4, 4)),
};

/** Milliseconds of a call by the clock and of processors, and what was expected of it. */
async function measure(
  task: string,
): Promise<Record<"milliseconds" | "processors" | "expected" | "kernels" | "primitives", number>> {
  const { run } = await tasks[task]!();
  await run(1);
  const start = performance.now();
  await run(1);
  const count = Math.max(1, Math.round(duration / (performance.now() - start)));
  runs = [];
  let [milliseconds, processors] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let sample = 0; sample < samples; sample++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    await run(count);
    milliseconds = Math.min(milliseconds, (performance.now() - began) / count);
    const { user, system } = process.cpuUsage(used);
    processors = Math.min(processors, (user + system) / 1000 / count);
  }
  const perCall = (of: (work: Work) => number): number =>
    runs.reduce((total, work) => total + of(work), 0) / (samples * count);
  return {
    milliseconds,
    processors,
    expected: perCall((work) => durationOf(work, speed)),
    kernels: perCall((work) => work.kernels.count),
    primitives: perCall((work) => work.primitives.count),
  };
}

const usual =
  "step forward64 mlp256 mlp512 convGradient cnn lstm transformer molecules burgers dot512 tanh adds sums gathers chain".split(
    " ",
  );
const rows = [
  [
    name,
    "primitives",
    "kernels",
    "expected, ms",
    "taken, ms",
    "of processors, ms",
    "expected / taken",
    "/ of processors",
  ],
];
for (const task of names.length > 0 ? names : usual) {
  const { milliseconds, processors, expected, kernels, primitives } = await measure(task);
  rows.push([
    task,
    digits(primitives),
    digits(kernels),
    digits(expected),
    digits(milliseconds),
    digits(processors),
    digits(expected / milliseconds),
    digits(expected / processors),
  ]);
  process.stderr.write(`${task}\n`);
}
console.log(`${status.device}\n${align(rows).join("\n")}`);
// A GPU does not let the process end by itself.
process.exit();
