// Compares what predicts the displacements and stresses of two-phase cells: uniform phases, linear regressions, a U-Net; and what the solver costs.
//
//   node examples/full-field/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/full-field/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { byPart } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { rows, studyReport } from "./report.ts";
import { full, small, study } from "./study.ts";

await runStudy("full-field", { full, small }, async ({ settings, trials, signal, report }) => {
  const onPart = byPart((label) => (label === "solving" ? "cells" : "epochs"));
  const results = await study(wasmBackend(), settings, trials.run, signal, onPart);
  for (const row of rows(settings, results)) console.log(row);

  await report(studyReport(settings, results, trials.seconds));
});
