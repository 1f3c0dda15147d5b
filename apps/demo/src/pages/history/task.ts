// The comparison's state on the page, and the histories that it is of.
import { computed, effect, signal } from "@preact/signals";
import { keepFile } from "../../data/files.ts";
import { defineTask } from "../../jobs/task.ts";
import type { Forecasting } from "./forecasting.ts";
import type { Data } from "./histories.ts";
import { fields } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Forecasting, Questions>({
  page: "history",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

/** Undefined while there are none that can be compared on. */
export const histories = signal<Data | undefined>(undefined);
/** Why the file cannot be read or compared on, and what to do. */
export const unreadable = signal("");

let read: string | undefined;
effect(() => {
  const { data, width } = task.settings.value;
  const asked = JSON.stringify([data, width]);
  if (asked === read) return;
  read = asked;
  task.ask("histories", data, width).then(
    (found) => {
      if (asked !== read) return;
      histories.value = found;
      unreadable.value = "";
    },
    (error: Error) => {
      if (asked !== read) return;
      histories.value = undefined;
      unreadable.value = error.message;
    },
  );
});

/** Index of the specimen that is looked at. */
export const looked = (): number =>
  Math.min(task.settings.value.specimen, Math.max(1, histories.value?.specimens.length ?? 0)) - 1;

/** Why networks forecast the specimen that is looked at as they do. */
export const explained = signal<Awaited<ReturnType<Questions["explain"]>> | undefined>(undefined);
/** Why they cannot be asked. */
export const unexplained = signal("");

/** The run and the specimen that networks are asked about; empty while there is nothing to ask. */
const question = computed(() => {
  const { state, address } = task.job.value;
  return state === "finished" && histories.value !== undefined ? JSON.stringify([address, looked()]) : "";
});
effect(() => {
  const asked = question.value;
  explained.value = undefined;
  unexplained.value = "";
  if (asked === "") return;
  const [address, index] = JSON.parse(asked) as [string, number];
  task.ask("explain", address, task.settings.peek(), index).then(
    (found) => {
      if (asked === question.peek()) explained.value = found;
    },
    (error: Error) => {
      if (asked === question.peek()) unexplained.value = error.message;
    },
  );
});

/** Takes a file over: keeps it, and asks for its histories. */
export async function choose(file: File): Promise<void> {
  try {
    const { id } = await keepFile(file.name, await file.text());
    task.change({ data: id, specimen: 1 });
  } catch (error) {
    unreadable.value = `${file.name}: ${(error as Error).message}`;
  }
}
