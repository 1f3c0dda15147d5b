// The advisor's state on the page: its run, and the table that advice is asked on.
import { dataTableOf } from "../../data/data-table.ts";
import { defineTask } from "../../jobs/task.ts";
import type { Advising } from "./advising.ts";
import { fields } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Advising, Questions>({
  page: "advisor",
  fields,
  dtypes: ["f64"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

export const table = dataTableOf(task);
