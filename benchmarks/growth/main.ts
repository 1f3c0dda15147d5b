// How time and memory grow: what one image, row, step, point or layer takes where there are few and where there are many.
//
//   node growth/main.ts [rounds, default 7] [part of a label]
import { type Explanation, explainingBackend } from "@hooke/backend-wasm/explain";
import { profilingBackend } from "@hooke/backend-wasm/profile";
import { align, digits } from "../table.ts";
import { growthOf } from "./ratio.ts";
import { growing } from "./subjects.ts";
import { processorTime, type Subject } from "./update.ts";

const [roundsText = "7", part = ""] = process.argv.slice(2);
/** Milliseconds of one sample at least. */
const least = 40;

/** Milliseconds that the kernels of a run take at least, at the rates of this machine. */
async function floorOf(at: (backend: ReturnType<typeof profilingBackend>) => Promise<Subject>): Promise<number> {
  const backend = profilingBackend({ threads: 1 });
  const { run, free } = await at(backend);
  for (let i = 0; i < 4; i++) await run();
  const profiles = (await backend.profiles()).filter(({ runs }) => runs > 1);
  free();
  return profiles.flatMap(({ kernels }) => kernels).reduce((sum, { floor }) => sum + floor, 0);
}

const rows = [["", "size", "processor time, us", "growth", "floor, us", "growth", "peak, kB", "growth"]];
for (const { label, unit, sizes, at } of growing.filter((each) => each.label.includes(part))) {
  const all = await Promise.all(
    sizes.map(async (size) => {
      let plan: Explanation | undefined;
      const backend = explainingBackend((explanation) => (plan = explanation), { threads: 1 });
      const subject = await at(size, backend);
      await subject.run();
      const once = await processorTime(subject.run);
      return { size, subject, runs: Math.ceil(least / once), times: [] as number[], peak: plan!.memory.peak };
    }),
  );
  // In turns, so that a drifting load meets all alike. The first round warms up.
  for (let round = 0; round <= Number(roundsText); round++) {
    for (const { subject, runs, times, size } of all) {
      const time = await processorTime(async () => {
        for (let i = 0; i < runs; i++) await subject.run();
      });
      if (round > 0) times.push((1000 * time) / runs / size);
    }
  }
  for (const { subject } of all) subject.free();
  const floors: number[] = [];
  for (const { size } of all) floors.push((1000 * (await floorOf((backend) => at(size, backend)))) / size);
  // Other work on the machine only ever adds.
  const columns = [all.map(({ times }) => Math.min(...times)), floors, all.map(({ size, peak }) => peak / 1000 / size)];
  const growths = columns.map((each) => growthOf(each.map((cost, i) => ({ size: sizes[i]!, cost }))));
  for (const [i, size] of sizes.entries()) {
    const cells = columns.flatMap((each, k) => [digits(each[i]!), i === 0 ? `${growths[k]!.toFixed(2)}` : ""]);
    rows.push([i === 0 ? `${label}, per ${unit}` : "", String(size), ...cells]);
  }
}
console.log(align(rows).join("\n"));
process.exit();
