// How launches, memory and time grow on WebGPU: what one image, row, step, point or layer takes where there are few and where there are many.
//
//   node growth/webgpu.ts [rounds, default 3] [part of a label]
import { webgpuBackend } from "@hooke/backend-webgpu";
import { countLaunches, printProgram } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import type { Backend } from "@hooke/runtime";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { burgers } from "../peers/hooke-tasks.ts";
import { align, digits } from "../table.ts";
import { growthOf } from "./ratio.ts";
import { type Growing, growing } from "./subjects.ts";
import { processorTime } from "./update.ts";

offerSwiftshader();
const [roundsText = "3", part = ""] = process.argv.slice(2);

/** What a GPU is given for the program that was prepared last. */
interface Printed {
  readonly launches: number;
  readonly bytes: number;
}

function printing(backend: Backend, seen: (printed: Printed) => void): Backend {
  const prepare: Backend["prepare"] = (program, options) => {
    const { steps, words } = printProgram({ dialect: wgsl, onProcessor: false }, program, options?.donate);
    seen({ launches: countLaunches(steps), bytes: 4 * words });
    return backend.prepare(program, options);
  };
  return Object.create(backend, { prepare: { value: prepare } });
}

// In f32, which is what runs there.
const subjects: readonly Growing[] = [
  ...growing.filter(({ unit }) => unit !== "point"),
  {
    label: "Burgers, f32",
    unit: "point",
    sizes: [],
    tested: [1000, 8000, 64_000],
    async at(size, backend) {
      const task = await burgers(backend, size);
      return { run: async () => task.run(1), free: () => {} };
    },
  },
];

const backend = await webgpuBackend();
const rows = [["", "size", "launches", "growth", "memory, kB", "growth", "processor time, us", "growth"]];
for (const { label, unit, tested, at } of subjects.filter((each) => each.label.includes(part))) {
  const all: { size: number; launches: number; bytes: number; time: number }[] = [];
  for (const size of tested) {
    let printed: Printed | undefined;
    const subject = await at(
      size,
      printing(backend, (found) => (printed = found)),
    );
    await subject.run();
    const times: number[] = [];
    for (let round = 0; round < Number(roundsText); round++) times.push(await processorTime(subject.run));
    subject.free();
    all.push({ size, ...printed!, time: Math.min(...times) });
    console.error(`${label}, ${size}: ${digits(Math.min(...times))} ms`);
  }
  // More rows, images or points are the same launches; more steps or layers are more of them.
  const counted = unit === "step" || unit === "block";
  const columns = [
    all.map(({ launches, size }) => launches / (counted ? size : 1)),
    all.map(({ bytes, size }) => bytes / 1000 / size),
    all.map(({ time, size }) => (1000 * time) / size),
  ];
  const growths = columns.map((each) => growthOf(each.map((cost, i) => ({ size: tested[i]!, cost }))));
  for (const [i, size] of tested.entries()) {
    const shown = [String(all[i]!.launches), digits(columns[1]![i]!), digits(columns[2]![i]!)];
    const cells = shown.flatMap((each, k) => [each, i === 0 ? growths[k]!.toFixed(2) : ""]);
    rows.push([i === 0 ? `${label}, per ${unit}` : "", String(size), ...cells]);
  }
}
console.log(align(rows).join("\n"));
process.exit();
