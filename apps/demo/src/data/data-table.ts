// The table of a page's settings: read when they change, and changed when a file is chosen.
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Task } from "../jobs/task.ts";
import type { DataSettings, dataFields } from "./fields.ts";
import { keepFile, sample } from "./files.ts";
import type { dataQuestions } from "./questions.ts";
import { guessWriting, type TableSummary, type Writing } from "./reading.ts";

/** The task of a page that learns from a table: {@link dataFields} are among its fields, {@link dataQuestions} among its questions. */
export interface DataTask extends Pick<Task, "job" | "error"> {
  readonly settings: ReadonlySignal<DataSettings>;
  change(part: Partial<DataSettings>): void;
  ask(question: "read", ...given: Parameters<typeof dataQuestions.read>): Promise<TableSummary>;
}

export interface DataTable {
  readonly task: DataTask;
  /** Undefined while there is none, or it cannot be read. */
  readonly summary: ReadonlySignal<TableSummary | undefined>;
  /** Why it cannot be read, and what to do; empty where it can. */
  readonly unreadable: ReadonlySignal<string>;
  /** Takes a file over: keeps it, guesses how it is written, and asks nothing of it yet. */
  choose(file: File): Promise<void>;
  takeSample(): void;
}

/** What is said of another file's columns. */
const forgotten = { groups: "", left: "", names: "", typed: "", missing: "" };

const writingOf = ({ delimiter, decimal, units, missing, typed }: Writing): Writing => {
  return { delimiter, decimal, units, missing, typed };
};

export function dataTableOf(task: DataTask): DataTable {
  const summary = signal<TableSummary | undefined>(undefined);
  const unreadable = signal("");
  let read = "";
  effect(() => {
    const { data } = task.settings.value;
    const writing = writingOf(task.settings.value);
    const asked = JSON.stringify([data, writing]);
    if (asked === read) return;
    read = asked;
    const show = (found: TableSummary | undefined, why: string): void => {
      if (asked !== read) return;
      summary.value = found;
      unreadable.value = why;
    };
    if (data === "") show(undefined, "");
    else
      task.ask("read", data, writing).then(
        (found) => show(found, ""),
        (error: Error) => show(undefined, error.message),
      );
  });
  return {
    ...{ task, summary, unreadable },
    async choose(file) {
      try {
        const text = await file.text();
        const { id } = await keepFile(file.name, text);
        const groups = task.settings.peek().groups === "none" ? "none" : "";
        task.change({ ...forgotten, data: id, target: "", groups, ...guessWriting(text) });
      } catch (error) {
        unreadable.value = `${file.name}: ${(error as Error).message}`;
      }
    },
    takeSample: () => task.change({ ...forgotten, ...sample.settings }),
  };
}

/** The column of the target, as it is read. */
export const targetOf = ({ task, summary }: DataTable) =>
  summary.value?.columns.find(({ name }) => name === task.settings.value.target);

/** What keeps a page from starting: no table, or no target in it. Empty where nothing does, as far as is known while the file is read. */
export function missingOf({ task, summary, unreadable }: DataTable): string {
  const { data, target } = task.settings.value;
  if (data === "" || unreadable.value !== "") return "Drop or choose a file first, or try the concrete data.";
  if (target === "") return "Choose the target under Settings: the column to predict.";
  if (summary.value === undefined || summary.value.columns.some(({ name }) => name === target)) return "";
  return `The file has no column "${target}": choose the target under Settings.`;
}
