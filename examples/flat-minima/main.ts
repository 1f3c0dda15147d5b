// How sharp the minima are that gradient descent ends in, by batch size and rate; prints and plots it.
//
//   node examples/flat-minima/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/flat-minima/main.ts [--small] --resume RUN_FOLDER
//
// What is finished is kept in the run folder; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { flatMinimaReport, tableRows } from "./page.ts";
import { full, small, study } from "./study.ts";

await runStudy("flat-minima", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "flat-minima", unit: "settings" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total) => update({ completed, total })),
  );
  for (const row of tableRows(found)) console.log(row);
  await report(flatMinimaReport(found, settings));
});
