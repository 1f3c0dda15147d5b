// Forecasts of crack growth by the law of Paris, an LSTM and a Transformer, for specimens held out whole.
//
//   node examples/crack-growth/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/crack-growth/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { toBeat } from "./baselines.ts";
import { compare, foldsOf } from "./compare.ts";
import { allMethods, full, small, trainingCount } from "./experiment.ts";
import { loadSpecimens } from "./load.ts";
import type { Candidate } from "./members.ts";
import { lstmName, transformerName } from "./method.ts";
import { virkler } from "./plate.ts";
import { linearRegression } from "./regression.ts";
import { crackGrowthReport } from "./report.ts";
import { betterOn, scoreOf, scoreTable } from "./scores.ts";

await runStudy("crack-growth", { full, small }, async ({ settings, trials, report }) => {
  const specimens = await loadSpecimens();
  console.log(
    `${specimens.length} specimens: from the crack's length every 20,000 cycles up to 100,000, its length up to 200,000.`,
  );
  console.log(`Each is held out once, in ${settings.folds} folds; networks choose their settings on the others alone.`);

  const chosen: Candidate[] = [];
  let trained = 0;
  const comparison = await followed({ label: "crack-growth", unit: "trainings" }, (update) => {
    const methods = allMethods(wasmBackend(), settings, trials.run, {
      onTrained: () => update({ completed: ++trained, total: trainingCount(settings) }),
      onChosen: (candidate) => chosen.push(candidate),
    });
    return compare(methods, specimens, foldsOf(virkler, specimens, settings));
  });
  const { seconds } = trials;

  const scores = comparison.results.map((result) => scoreOf(comparison, result));
  console.log();
  for (const row of scoreTable(scores, toBeat)) console.log(row);
  console.log();
  const easy = scores.find(({ method }) => method === linearRegression.name)!;
  for (const network of scores.filter(({ method }) => method === lstmName || method === transformerName)) {
    console.log(
      `${network.method} beats ${easy.method} on ${betterOn(network, easy)} of ${specimens.length} specimens.`,
    );
  }
  console.log(`The networks took ${seconds.toFixed(0)} s.`);

  await report(crackGrowthReport({ comparison, scores, chosen, settings, seconds }));
});
