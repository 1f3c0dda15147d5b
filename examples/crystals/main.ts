// Learns energies and forces of generated crystals by an equivariant network, and compares them with what the composition says.
//
//   node examples/crystals/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/crystals/main.ts [--small] --resume RUN_FOLDER
import { wasmBackend } from "@hooke/backend-wasm";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { crystalsReport, resultRows } from "./page.ts";
import { full, small, study } from "./study.ts";

await runStudy("crystals", { full, small }, async ({ settings, trials, report }) => {
  const found = await followed({ label: "crystals", unit: "epochs" }, (update) =>
    trials.run("PaiNN", (signal) =>
      study(wasmBackend(), settings, signal, (epoch, loss) =>
        update({ completed: epoch, total: settings.epochs, fields: { loss: loss.toExponential(2) } }),
      ),
    ),
  );
  console.log(`${settings.train} crystals to learn from, ${settings.test} held out`);
  for (const row of resultRows(found)) console.log(row);
  await report(crystalsReport(found, settings));
});
