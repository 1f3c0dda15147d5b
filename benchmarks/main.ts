// Measures Hooke beside its peers and prints one table.
//
//   node main.ts            about two minutes
//   node main.ts --quick    a few seconds, to see that everything runs
//   node main.ts --compiled          PyTorch under torch.compile, too
//   node main.ts --one-core          everyone on one core
//   node main.ts --backend webgpu    Hooke on that backend, beside what else runs on its device
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { compiled, onOneCore, participants } from "./participants.ts";
import { measure, onWebgpu, quick, thorough } from "./rounds.ts";
import { renderTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    compiled: { type: "boolean", default: false },
    "one-core": { type: "boolean", default: false },
    backend: { type: "string", default: "wasm" },
  },
});
if (!Object.hasOwn(participants, values.backend)) {
  console.error(`bench: received --backend ${values.backend}; there are ${Object.keys(participants).join(", ")}.`);
  process.exit(1);
}
const named = participants[values.backend as keyof typeof participants];
const all = values.compiled ? [...named, compiled] : named;
const measured = values["one-core"] ? all.map(onOneCore) : all;
const effort = values.quick ? quick : values.backend === "webgpu" ? onWebgpu : thorough;
const progress = (round: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`round ${round + 1} of ${effort.rounds}\r`);
};

const report = await measure(measured, effort, progress).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const [cpu] = cpus();
const date = new Date().toISOString().slice(0, 10);
console.log(
  `${date}, ${cpu?.model.trim() ?? "unknown processor"}, ${values["one-core"] ? "one of " : ""}${cpus().length} cores, Node ${process.versions.node}; ` +
    `medians of all samples, rounds: ${report.rounds}\n\n${renderTable(report)}`,
);
if (report.results.some(({ disagreements }) => disagreements.length > 0)) process.exitCode = 1;
