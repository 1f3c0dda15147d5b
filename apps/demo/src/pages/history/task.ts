// The comparison's state on the page, and the histories that it is of.
import { effect, signal } from "@preact/signals";
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

/** Takes a file over: keeps it, and asks for its histories. */
export async function choose(file: File): Promise<void> {
  try {
    const { id } = await keepFile(file.name, await file.text());
    task.change({ data: id, specimen: 1 });
  } catch (error) {
    unreadable.value = `${file.name}: ${(error as Error).message}`;
  }
}
