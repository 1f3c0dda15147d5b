// A search of settings, the cross-validation of what it found and an ensemble of it, each a list of trainings that processes of this machine compute.
//
//   node examples/many-trainings/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/many-trainings/main.ts [--small] --resume RUN_FOLDER
//
// On a cluster, each list by itself: hooke sweep examples/many-trainings/folds.ts --folder FOLDER --slurm folds.sh, and sbatch folds.sh.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { HookeError } from "@hooke/runtime";
import { type FinishedTrial, programSweep, runPool } from "@hooke/sweep";
import type { Fold, Searched } from "./found.ts";

const sizes = { full: { size: "full" }, small: { size: "small" } };

await runStudy("many-trainings", sizes, async ({ settings, folder, signal, report }) => {
  // The modules of lists read it, here and in the processes of the pool.
  process.env.STUDY = settings.size;
  const { foundBy, linesOf, pageOf } = await import("./found.ts");

  async function computed<T extends FinishedTrial>(list: "search" | "folds" | "members"): Promise<readonly T[]> {
    const program = fileURLToPath(new URL(`${list}.ts`, import.meta.url));
    const { trials } = await programSweep("many-trainings", program);
    const ended = new Set<number>();
    const { finished, missing } = await followed({ label: list, unit: "trials" }, (update) =>
      runPool(join(folder, list), program, {
        signal,
        onTrial({ type, index }) {
          if (type !== "begun") ended.add(index);
          update({ completed: ended.size, total: trials.length });
        },
      }),
    );
    if (missing.length > 0) throw new HookeError(`${list}: trial ${missing[0]!.index} is missing: ${missing[0]!.why}`);
    return finished as readonly T[];
  }

  const searched = await computed<Searched>("search");
  const folds = await computed<Fold>("folds");
  const members = await computed("members");
  const files = await Promise.all(members.map((trial) => readFile(join(trial.folder, "model.safetensors"))));
  const found = await foundBy(searched, folds, files);
  for (const line of linesOf(found)) console.log(line);
  await report(pageOf(found, searched));
});
