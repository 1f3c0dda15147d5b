// Prints the largest derivatives of every activation on [-4, 4] and plots them all.
//
//   node examples/activations/main.ts [folder for run folders, default runs/ in the repository]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wasmBackend } from "@hooke/backend-wasm";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { differentiateAll, largest } from "./derivatives.ts";
import { activationsReport } from "./page.ts";

const all = await differentiateAll(wasmBackend());

console.log("activation            max |f'| first at  max |f''| first at");
for (const { label, first, second } of all) {
  const cells = [first, second].map((values) => {
    const { x, size } = largest(values);
    return `${size.toFixed(6).padStart(10)} ${(size === 0 ? "" : x.toFixed(2)).padStart(8)}`;
  });
  console.log(`${label.padEnd(20)}${cells.join(" ")}`);
}

const folder = await createRunFolder(
  process.argv[2] ?? fileURLToPath(new URL("../../runs", import.meta.url)),
  "activations",
);
await writeReport(join(folder, "activations.html"), activationsReport(all));
console.log(`\nPlotted in:\n${displayPath(join(folder, "activations.html"))}`);
