// What networks of several widths and depths come to on a wave, a zigzag and a step; prints and plots it.
//
//   node examples/approximation/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/approximation/main.ts [--small] --resume RUN_FOLDER
//
// What is finished is kept in the run folder; stopped by Ctrl-C or killed, the second form goes on from there.
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { medianOf } from "@hooke/example-study-frame/statistics.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { formatNumber, type Report } from "@hooke/report";
import { full, type Row, small, study } from "./study.ts";

function reportOf(rows: readonly Row[]): Report {
  return {
    title: "What networks approximate, and what training finds",
    figures: [...new Set(rows.map(({ target }) => target))].map((target) => ({
      kind: "table",
      title: `The ${target}`,
      caption:
        "Root mean square of the error; values of the curve are between 0 and 1. The same network, from several starts.",
      columns: [
        { label: "hidden layers" },
        { label: "parameters" },
        { label: "best start" },
        { label: "median" },
        { label: "worst" },
      ],
      rows: rows
        .filter((row) => row.target === target)
        .map((row) => [
          `${row.depth} of ${row.width}`,
          row.parameters,
          row.errors[0]!,
          medianOf(row.errors),
          row.errors.at(-1)!,
        ]),
    })),
  };
}

await runStudy("approximation", { full, small }, async ({ settings, trials, report }) => {
  const rows = await followed({ label: "approximation", unit: "fits" }, (update) =>
    study(wasmBackend(), settings, trials.run, (completed, total) => update({ completed, total })),
  );
  let target: string | undefined;
  for (const row of rows) {
    if (row.target !== target) {
      target = row.target;
      console.log(`\nThe ${target}, ${row.activation}\n`);
      console.log("hidden layers   parameters   best start       median        worst");
    }
    const errors = [row.errors[0]!, medianOf(row.errors), row.errors.at(-1)!].map((error) =>
      formatNumber(error).padStart(13),
    );
    console.log(`${`${row.depth} of ${row.width}`.padEnd(13)}${String(row.parameters).padStart(13)}${errors.join("")}`);
  }
  await report(reportOf(rows));
});
