// Measures Hooke beside its peers and prints one table.
//
//   node main.ts            about two minutes
//   node main.ts --quick    a few seconds, to see that everything runs
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { participants } from "./participants.ts";
import { measure, quick, thorough } from "./rounds.ts";
import { renderTable } from "./table.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const effort = values.quick ? quick : thorough;
const progress = (round: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`round ${round + 1} of ${effort.rounds}\r`);
};

const report = await measure(participants, effort, progress);
const [cpu] = cpus();
const date = new Date().toISOString().slice(0, 10);
console.log(
  `${date}, ${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.versions.node}; ` +
    `medians of all samples, rounds: ${report.rounds}\n\n${renderTable(report)}`,
);
if (report.results.some(({ disagreements }) => disagreements.length > 0)) process.exitCode = 1;
