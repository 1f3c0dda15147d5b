// Trains plain and residual networks of growing depth on the same micrographs; prints and plots what becomes of them.
//
//   node examples/residual-depth/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/residual-depth/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { depthReport } from "./page.ts";
import { full, small } from "./settings.ts";
import { study } from "./study.ts";
import { bareByDepth, byRate, depthRows, pairRows, signalRows } from "./tables.ts";

await runStudy("residual-depth", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "residual-depth", unit: "layer updates" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, { kind, depth }, loss) =>
      update({ completed, total, fields: { network: `${kind}-${depth}`, loss } }),
    ),
  );

  const { directions } = settings.ensemble;
  console.log(
    `By depth: training loss of the last epoch (nat; guessing has ${Math.log(directions).toFixed(2)}), errors (%)`,
  );
  for (const row of depthRows(found, settings)) console.log(row);
  console.log(`\nBefore training, depth ${settings.depths.at(-1)}: gradients of the loss in the kernels`);
  for (const row of signalRows(found)) console.log(row);
  console.log(
    `\nBy learning rate, depth ${settings.depths.at(-1)}: training loss of the last epoch (nat), one training each`,
  );
  for (const row of pairRows("learning rate", byRate(found, settings))) console.log(row);
  console.log("\nWithout normalisation in the blocks: training loss of the last epoch (nat), one training each");
  for (const row of pairRows("depth", bareByDepth(found))) console.log(row);
  const slowest = Math.max(...found.found.map(({ secondsToFirstUpdate }) => secondsToFirstUpdate));
  console.log(`\nRecording, differentiating and compiling took at most ${slowest.toFixed(1)} s.`);

  await report(depthReport(found, settings));
});
