// The state of the micrographs on the page: the first of them, and the one that the model is asked of.
import { computed, effect, signal } from "@preact/signals";
import { defineTask } from "../../jobs/task.ts";
import type { Asked, Said } from "./asking.ts";
import { beginning, type Learning } from "./learning.ts";
import { fields, type Settings } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Learning, Questions>({
  page: "micrograph",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

/** What is shown of the run. */
export const shown = computed<Learning>(() => task.job.value.shown ?? beginning);

type Specimens = Awaited<ReturnType<Questions["specimens"]>>;
/** The first micrographs of the settings. */
export const specimens = signal<Specimens>([]);

/** What is drawn and measured depends on these settings alone. */
const drawn = computed(() => {
  const { property, side, stretch, seed } = task.settings.value;
  return JSON.stringify([property, side, stretch, seed]);
});
effect(() => {
  const asked = drawn.value;
  task.ask("specimens", task.settings.peek()).then(
    (found) => {
      if (asked === drawn.peek()) specimens.value = found;
    },
    (error: Error) => {
      task.error.value = error.message;
    },
  );
});

/** Of what the model is asked: the first micrograph held out, until another one is chosen. */
export const asked = signal<Asked>({ row: 0 });
export const said = signal<(Said & { readonly asked: Asked; readonly settings: Settings }) | undefined>(undefined);
/** Why it cannot be asked. */
export const unanswered = signal("");

const model = computed(() => ({ digest: shown.value.digest, address: task.job.value.address }));
const current = computed(() => JSON.stringify(model.value));
effect(() => {
  const of = current.value;
  const question = asked.value;
  const { digest, address } = model.peek();
  const settings = task.settings.peek();
  if (digest === "") {
    said.value = undefined;
    return;
  }
  task.ask("ask", address, settings, question).then(
    (answer) => {
      if (of !== current.peek() || question !== asked.peek()) return;
      said.value = { ...answer, asked: question, settings };
      unanswered.value = "";
    },
    (error: Error) => {
      if (of !== current.peek() || question !== asked.peek()) return;
      unanswered.value = error.message;
    },
  );
});
