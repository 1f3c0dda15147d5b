// Compares what predicts the effective modulus of a microstructure, and what augmentation buys.
//
//   node examples/micrograph-cnn/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/micrograph-cnn/main.ts [--small] --few    networks on few images alone
//   node examples/micrograph-cnn/main.ts [--small] [--few] --resume RUN_FOLDER
//
// Moduli and trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { byPart } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { fewRows, rows, studyReport } from "./report.ts";
import { full, small, study, studyOfFew } from "./study.ts";

const flags = { few: { type: "boolean" } } as const;

await runStudy("micrograph-cnn", { full, small, flags }, async ({ settings, given, trials, report }) => {
  const onPart = byPart((label) => (label === "homogenising" ? "images" : "epochs"));
  if (given.few === true) {
    for (const row of fewRows(await studyOfFew(wasmBackend(), settings, trials.run, onPart))) console.log(row);
    return;
  }
  const results = await study(wasmBackend(), settings, trials.run, onPart);
  for (const row of rows(settings, results)) console.log(row);

  await report(studyReport(settings, results, trials.seconds));
});
