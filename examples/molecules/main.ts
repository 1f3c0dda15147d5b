// Predicts the solubility of molecules by graph networks and by a forest of descriptors, on five random folds.
//
//   node examples/molecules/main.ts --data FILE.csv [--small] [folder for run folders, default runs/ in the repository]
//   node examples/molecules/main.ts --data FILE.csv [--small] --resume RUN_FOLDER
//
// The file has SMILES in its first column and the solubility in log(mol/L) in its second. Trainings are kept in the run folder as they
// finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { readFile } from "node:fs/promises";
import { wasmBackend } from "@hooke/backend-wasm";
import { numbersOf } from "@hooke/data";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { HookeError } from "@hooke/runtime";
import { readMolecules } from "./molecules.ts";
import { errorRows, moleculesReport } from "./page.ts";
import { full, small, study } from "./study.ts";

const flags = { data: { type: "string" } } as const;

await runStudy("molecules", { full, small, flags }, async ({ settings, given, trials, report }) => {
  if (given.data === undefined) throw new HookeError("molecules: give the table of molecules: --data FILE.csv.");
  const molecules = await readMolecules(await readFile(given.data, "utf8"));
  const found = await followed({ label: "molecules", unit: "trainings" }, (update) =>
    study(wasmBackend(), molecules, settings, trials.run, (completed, total, method) =>
      update({ completed, total, fields: { method } }),
    ),
  );
  console.log(
    `${molecules.graphs.count} molecules, ${settings.folds} random folds; log(mol/L), mean and deviation over folds`,
  );
  for (const row of errorRows(found)) console.log(row);
  await report(moleculesReport(found, Array.from(numbersOf(molecules.table, "target"))));
});
