// Trains one network with four norms on loads from 1 to 1000 kN/m; prints and plots what each does to which loads.
//
//   node examples/norms/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/norms/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { errorRows, modeRows, normsReport, spreadRows } from "./page.ts";
import { full, small, study } from "./study.ts";

await runStudy("norms", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "norms", unit: "epochs" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, training, loss) =>
      update({ completed, total, fields: { training, loss } }),
    ),
  );

  console.log("Standard deviation over the loads of a decade (kN/m) after the first norm, before training");
  for (const row of spreadRows(found)) console.log(row);
  console.log("\nMedian relative test error by decade of the load (kN/m), mean over repetitions");
  for (const row of errorRows(found)) console.log(row);
  console.log(
    "\nMedian relative test error of moment per load, with the statistics of each batch and with running ones",
  );
  for (const row of modeRows(found)) console.log(row);

  await report(normsReport(found, settings));
});
