// Dropout, ensembles and Laplace approximations beside published numbers; prints tables and writes a report.
//
//   node examples/uncertainty/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/uncertainty/main.ts [--small] --resume RUN_FOLDER
//
// What is finished is kept in the run folder; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { tableLines, uncertaintyReport } from "./page.ts";
import { type SetName, sets } from "./sets.ts";
import { full, small, study } from "./study.ts";

await runStudy("uncertainty", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "uncertainty", unit: "splits" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, what) =>
      update({ completed, total, fields: { of: what } }),
    ),
  );
  for (const set of Object.keys(sets) as SetName[]) {
    console.log(`\n${set}, ${settings.splits} of the 20 standard splits\n`);
    for (const line of tableLines(set, found)) console.log(line);
  }
  await report(uncertaintyReport(found, settings));
});
