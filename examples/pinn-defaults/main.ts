// Solves problems with nothing but a seed given, and prints what that reaches.
//
//   node examples/pinn-defaults/main.ts [--only Burgers,pendulum] [--seeds 3] [--seconds 300]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { runInterruptible, watched } from "@hooke/example-pinn-frame/watch.ts";
import { solve } from "@hooke/pinn";
import { others } from "./others.ts";
import { rows } from "./rows.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seeds: { type: "string", default: "1" },
    seconds: { type: "string", default: "300" },
  },
});
const cases = { ...rows, ...others };
const names = values.only?.split(",") ?? Object.keys(cases);
const [seeds, seconds] = [Number(values.seeds), Number(values.seconds)];
const unknown = names.find((name) => cases[name] === undefined);
if (unknown !== undefined)
  throw new Error(`There is no problem "${unknown}"; give some of ${Object.keys(cases).join(", ")}.`);

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const short = (error: number): string => error.toExponential(1).padStart(8);

/** Solves a problem by the defaults; prints its error, the CPU time, how it ended, and warnings. */
async function run(name: string, seed: number, signal: AbortSignal): Promise<number> {
  const { problem, error } = cases[name]!(seed);
  const begun = cpuSeconds();
  const spent = new AbortController();
  const label = `${name} seed ${seed}`;
  const { solution, report } = await watched(label, { steps: [500, 10_000] }, undefined, ({ onProgress }) =>
    solve(problem, {
      backend: wasmBackend(),
      seed,
      signal: spent.signal,
      onProgress: (progress) => {
        onProgress?.(progress);
        if (signal.aborted || cpuSeconds() - begun > seconds) spent.abort();
      },
    }),
  );
  const used = (cpuSeconds() - begun).toFixed(0).padStart(5);
  const found = await error(solution);
  const ends = report.stages.map(({ method, iterations, message }) => `${method} ${iterations}: ${message}`);
  console.log([name.padEnd(20), String(seed).padStart(6), short(found), used, ends.join(" ")].join("  "));
  for (const warning of report.warnings) console.log(`  ${warning}`);
  signal.throwIfAborted();
  return found;
}

await runInterruptible(async (signal) => {
  console.log(["problem".padEnd(20), "  seed", "   error", "CPU s", "ended"].join("  "));
  for (const name of names) {
    const found: number[] = [];
    for (let seed = 0; seed < seeds; seed++) found.push(await run(name, seed, signal));
    if (seeds < 2) continue;
    const sorted = found.toSorted((a, b) => a - b);
    console.log([name.padEnd(20), "median", short(sorted[Math.floor(seeds / 2)]!)].join("  "));
    console.log([name.padEnd(20), " worst", short(sorted.at(-1)!)].join("  "));
  }
});
