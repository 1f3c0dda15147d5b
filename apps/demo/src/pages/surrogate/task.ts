// The surrogate's state on the page: its training, the table that it is of, and the curves of its activation.
import type { ActivationName } from "@hooke/core";
import { computed, effect, signal } from "@preact/signals";
import { dataTableOf, targetOf } from "../../data/data-table.ts";
import { defineTask } from "../../jobs/task.ts";
import type { Points } from "../../shell/plot.ts";
import { fields } from "./settings.ts";
import { beginning, type Training } from "./training.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Training, Questions>({
  page: "surrogate",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

export const table = dataTableOf(task);

/** What is predicted, as its column says it; a quantity without a unit until the table has been read. */
export const target = computed(() => {
  const { unit = "", range } = targetOf(table) ?? {};
  return { name: task.settings.value.target || "target", unit, range };
});

/** What is shown of the training. */
export const shown = computed<Training>(() => task.job.value.shown ?? beginning);

/** The activation whose curves are shown instead of the network's. */
export const explored = signal<ActivationName | undefined>(undefined);
/** x, value, first and second derivative. */
export const activationCurves = signal<Points>([[], [], [], []]);

const shownActivation = computed(() => explored.value ?? task.settings.value.activation);
effect(() => {
  const name = shownActivation.value;
  task.ask("activation", name).then(
    (columns) => {
      if (name === shownActivation.peek()) activationCurves.value = columns;
    },
    (error: Error) => {
      if (name === shownActivation.peek()) task.error.value = error.message;
    },
  );
});
