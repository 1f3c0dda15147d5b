// The molecules' state on the page: the run, and the table that it learns from.
import { dataTableOf } from "../../data/data-table.ts";
import { defineTask } from "../../jobs/task.ts";
import type { Learning } from "./learning.ts";
import { fields } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Learning, Questions>({
  page: "molecules",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

export const table = dataTableOf(task);
