// Errors by width on both sides of the threshold where a model fits all rows; prints and plots them.
//
//   node examples/double-descent/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/double-descent/main.ts [--small] --resume RUN_FOLDER
//
// What is finished is kept in the run folder; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { doubleDescentReport, tableRows } from "./page.ts";
import { full, small, study } from "./study.ts";

await runStudy("double-descent", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "double-descent", unit: "widths" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, what) =>
      update({ completed, total, fields: { of: what } }),
    ),
  );
  for (const { noise, features, penalized, networks } of found) {
    const parts = {
      "Random features": features,
      "The same with a penalty": penalized,
      "Networks that are trained": networks,
    };
    for (const [title, rows] of Object.entries(parts)) {
      console.log(`\n${title}, noise ${noise}\n`);
      for (const row of tableRows(rows)) console.log(row);
    }
  }
  await report(doubleDescentReport(found, settings));
});
