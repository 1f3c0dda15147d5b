// The advisor's state on the page: the file that is chosen, its columns, and what the model says of a row.
import { effect, signal } from "@preact/signals";
import { defineTask } from "../../jobs/task.ts";
import { keepFile } from "../../shell/files.ts";
import type { Advising } from "./advising.ts";
import { guessWriting, type TableSummary, type Writing } from "./reading.ts";
import { fields } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Advising, Questions>({
  page: "advisor",
  fields,
  dtypes: ["f64"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

/** The columns of the file; undefined while there is none, or it cannot be read. */
export const table = signal<TableSummary | undefined>(undefined);
/** Why the file cannot be read, and what to do. */
export const unreadable = signal("");

const writingOf = ({ delimiter, decimal, units, missing }: Writing): Writing => ({
  delimiter,
  decimal,
  units,
  missing,
});
let read = "";
effect(() => {
  const { data } = task.settings.value;
  const writing = writingOf(task.settings.value);
  const asked = JSON.stringify([data, writing]);
  if (asked === read) return;
  read = asked;
  if (data === "") {
    table.value = undefined;
    unreadable.value = "";
    return;
  }
  task.ask("read", data, writing).then(
    (summary) => {
      if (asked !== read) return;
      table.value = summary;
      unreadable.value = "";
    },
    (error: Error) => {
      if (asked !== read) return;
      table.value = undefined;
      unreadable.value = error.message;
    },
  );
});

/** Takes a file over: keeps it, guesses how it is written, and asks nothing of it yet. */
export async function choose(file: File): Promise<void> {
  try {
    const text = await file.text();
    const { id } = await keepFile(file.name, text);
    const groups = task.settings.peek().groups === "none" ? "none" : "";
    task.change({ data: id, target: "", groups, left: "", names: "", ...guessWriting(text) });
  } catch (error) {
    unreadable.value = `${file.name}: ${(error as Error).message}`;
  }
}
