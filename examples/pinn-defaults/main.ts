// Solves problems with nothing but a seed given, and prints what that reaches.
//
//   node examples/pinn-defaults/main.ts [--only Burgers,pendulum] [--seeds 3] [--seconds 300]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
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
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

console.log(["problem".padEnd(20), "seed", "   error", "CPU s", "ended"].join("  "));
for (const name of names) {
  const make = cases[name];
  if (make === undefined)
    throw new Error(`There is no problem "${name}"; give some of ${Object.keys(cases).join(", ")}.`);
  for (let seed = 0; seed < seeds; seed++) {
    const { problem, error } = make(seed);
    const begun = cpuSeconds();
    const spent = new AbortController();
    const { solution, report } = await solve(problem, {
      backend: wasmBackend(),
      seed,
      signal: spent.signal,
      onProgress: () => {
        if (cpuSeconds() - begun > seconds) spent.abort();
      },
    });
    const used = (cpuSeconds() - begun).toFixed(0).padStart(5);
    const ends = report.stages
      .map(({ method, iterations, message }) => `${method} ${iterations}: ${message}`)
      .join(" ");
    console.log(
      [
        name.padEnd(20),
        String(seed).padStart(4),
        (await error(solution)).toExponential(1).padStart(8),
        used,
        ends,
      ].join("  "),
    );
    for (const warning of report.warnings) console.log(`  ${warning}`);
  }
}
