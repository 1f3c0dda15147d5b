// Where the limit is: of every measurement what it takes beside what its operations and bytes take at least on this machine.
//
//   node floors.ts [threads, default 2] [task ...]
import { type KernelProfile, profilingBackend } from "@hooke/backend-wasm/profile";
import { type Measurement, measurements } from "./measurements.ts";
import { hookeTasks } from "./peers/hooke-tasks.ts";
import { align, digits } from "./table.ts";

/** Milliseconds of calls before those that count, and of those. */
const [warmUp, duration] = [500, 1000];

const [threadText = "2", ...names] = process.argv.slice(2);
const threads = Number(threadText);
/** A call of these runs many programs, or none. */
const without = ["loop", "gaussianProcess", "boosting"];
const chosen = measurements.filter(({ task, fresh }) =>
  names.length === 0 ? !(fresh || without.includes(task)) : names.includes(task),
);

/** What one call costs, its milliseconds and its floor, and of that what bytes decide; of a call that runs several programs, their sum. */
async function costOf({
  task,
}: Measurement): Promise<Record<"operations" | "issued" | "bytes" | "milliseconds" | "floor" | "ofBytes", number>> {
  const backend = profilingBackend({ threads });
  const { run } = await hookeTasks(backend, async () => backend)[task]!();
  const calls = async (milliseconds: number): Promise<void> => {
    for (const start = performance.now(); performance.now() - start < milliseconds; ) await run(10);
  };
  await calls(warmUp);
  await calls(duration);
  // What prepares a task runs once.
  const profiles = (await backend.profiles()).filter(({ runs }) => runs > 3);
  const sum = (of: (profile: (typeof profiles)[number]) => number): number =>
    profiles.reduce((total, profile) => total + of(profile), 0);
  type Counted = "operations" | "issued" | "bytes" | "floor";
  const ofKernels = (name: Counted, counts: (kernel: KernelProfile) => boolean = () => true): number =>
    sum(({ kernels }) => kernels.filter(counts).reduce((total, kernel) => total + kernel[name], 0));
  return {
    operations: ofKernels("operations"),
    issued: ofKernels("issued"),
    bytes: ofKernels("bytes"),
    milliseconds: sum(({ milliseconds }) => milliseconds),
    floor: ofKernels("floor"),
    ofBytes: ofKernels("floor", ({ boundBy }) => boundBy === "bytes"),
  };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const rows = [
  ["", "operations, 10^6", "issued, 10^6", "bytes, 10^6", "floor, ms", "of bytes", "taken, ms", "of floor"],
];
for (const measurement of chosen) {
  const { operations, issued, bytes, milliseconds, floor, ofBytes } = await costOf(measurement);
  rows.push([
    measurement.label.replace(/, (ms|GFLOP\/s)$/, ""),
    digits(operations / 1e6),
    digits(issued / 1e6),
    digits(bytes / 1e6),
    digits(floor),
    percent(ofBytes / floor),
    digits(milliseconds),
    percent(floor / milliseconds),
  ]);
  process.stderr.write(`${measurement.task}\n`);
}
console.log(align(rows).join("\n"));
process.exit();
