// Plants causes, trains networks and asks every method of @hooke/explain where the cause is; prints and plots how often it is found.
//
//   node examples/explain/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/explain/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { explainReport, rowsOf } from "./report.ts";
import { full, small, study } from "./study.ts";

await runStudy("explain", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "explain", unit: "networks" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, network) =>
      update({ completed, total, fields: { network } }),
    ),
  );
  for (const row of rowsOf(found)) console.log(row);
  await report(explainReport(found, settings));
});
