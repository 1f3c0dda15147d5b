// Trains a network on few samples with and without each part of its regularisation; prints and plots it.
//
//   node examples/regularized-mlp/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/regularized-mlp/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { noise } from "./data.ts";
import { errorRows, regularizationReport } from "./page.ts";
import { full, small } from "./regularized.ts";
import { study } from "./study.ts";

await runStudy("regularized-mlp", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "regularized-mlp", unit: "trainings" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, variant, loss) =>
      update({ completed, total, fields: { variant, loss } }),
    ),
  );

  console.log(
    `${settings.trainRows} rows, noise of deviation ${noise}, ${settings.repetitions} repetitions; no noise in the test.`,
  );
  console.log("Mean ± standard deviation; the difference, on the same data, ± its standard error.\n");
  for (const row of errorRows(found)) console.log(row);
  console.log("Answering the mean has a test RMSE of 2.");

  await report(regularizationReport(found, settings));
});
