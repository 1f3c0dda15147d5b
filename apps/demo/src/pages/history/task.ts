// The comparison's state on the page, and the histories that it is of.
import type { Specimen } from "@hooke/example-crack-growth/specimens.ts";
import { signal } from "@preact/signals";
import { defineTask } from "../../jobs/task.ts";
import type { Forecasting } from "./forecasting.ts";
import { fields } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Forecasting, Questions>({
  page: "history",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

/** Empty until they have been read. */
export const histories = signal<readonly Specimen[]>([]);
task.ask("histories").then(
  (specimens) => {
    histories.value = specimens;
  },
  (error: Error) => {
    task.error.value = error.message;
  },
);
