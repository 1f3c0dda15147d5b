// Measures, prints and plots how far back gradients reach in recurrent networks and attention.
//
//   node examples/vanishing-gradients/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/vanishing-gradients/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { errorRows, gradientRows, gradientsReport, solvedBelow } from "./page.ts";
import { knowingNothing } from "./recall.ts";
import { full, small, study } from "./study.ts";

await runStudy("vanishing-gradients", { full, small }, async ({ settings, trials, report }) => {
  const length = settings.lengths.at(-1)!;
  const found = await followed({ label: "vanishing-gradients", unit: "epochs" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total, network, loss) =>
      update({ completed, total, fields: { network, loss } }),
    ),
  );

  console.log(`Norm of d(last output) / d(input) by lag, histories of ${length} steps: before | after training`);
  for (const row of gradientRows(found, length)) console.log(row);
  console.log(`\nTest RMSE, loads in [-1, 1]; in parentheses the trainings that end below ${solvedBelow}`);
  for (const row of errorRows(found, settings.lengths)) console.log(row);
  console.log(`A model that always says 0 has ${knowingNothing.toFixed(3)}.`);

  await report(gradientsReport(found, settings));
});
