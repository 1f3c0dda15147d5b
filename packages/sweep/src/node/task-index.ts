// Which of many alike processes this one is: the contract of schedulers with the programs they start.
import { type Check, checkArgument, fail, show } from "@hooke/runtime";

/** Schedulers by the variable that numbers a job's tasks. */
const schedulers: Readonly<Record<string, { readonly name: string; readonly first: 0 | 1 }>> = {
  SLURM_ARRAY_TASK_ID: { name: "Slurm", first: 0 },
  JOB_COMPLETION_INDEX: { name: "Kubernetes", first: 0 },
  PBS_ARRAY_INDEX: { name: "PBS", first: 0 },
  // PBS as Torque has it.
  PBS_ARRAYID: { name: "PBS", first: 0 },
  // Arrays of LSF are counted from 1; a job that is no array has the index 0.
  LSB_JOBINDEX: { name: "LSF", first: 1 },
};

const textsCheck: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? undefined : "a list of texts";
const environmentCheck: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? undefined
    : "a record of texts, such as process.env";

/**
 * The number of this process among the tasks of a job, from 0: `--task 3` on the command line, else that of a Slurm array
 * (`sbatch --array=0-7`), an indexed job of Kubernetes, an array of PBS (`-J 0-7`) or of LSF (`-J "name[1-8]"`, counted from 1 there and from 0 here).
 *
 * @param args default those of the program
 * @param environment default that of the process
 * @returns undefined where nothing numbers this process
 * @throws on a number that is none, and if two schedulers number this process differently
 * @example
 * ```ts
 * import { taskIndex } from "@hooke/sweep";
 *
 * console.log(taskIndex([], { SLURM_ARRAY_TASK_ID: "3" }), taskIndex(["--task", "5"], {}), taskIndex([], {})); // 3 5 undefined
 * ```
 */
export function taskIndex(
  args: readonly string[] = process.argv.slice(2),
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number | undefined {
  checkArgument("taskIndex", "the arguments", args, textsCheck);
  checkArgument("taskIndex", "the environment", environment, environmentCheck);
  const typed = typedIndex(args);
  if (typed !== undefined) return wholeNumber("--task", typed);
  const found = Object.entries(schedulers).flatMap(([variable, { first }]) => {
    const text = environment[variable];
    if (text === undefined || text === "" || (first === 1 && text === "0")) return [];
    return [{ variable, index: wholeNumber(variable, text) - first }];
  });
  const [one, ...others] = found;
  const other = others.find(({ index }) => index !== one!.index);
  if (other !== undefined) {
    fail(
      "taskIndex",
      `task ${one!.index} by ${one!.variable}, ${other.index} by ${other.variable}; say which: --task ${one!.index}.`,
      "mismatch",
    );
  }
  return one?.index;
}

/** Which scheduler numbers this process, in a word; undefined where none does. */
export function schedulerHere(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  checkArgument("schedulerHere", "the environment", environment, environmentCheck);
  return Object.entries(schedulers).find(([variable]) => environment[variable])?.[1].name;
}

function typedIndex(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "--task" || arg.startsWith("--task="));
  if (at < 0) return undefined;
  return args[at] === "--task" ? (args[at + 1] ?? "") : args[at]!.slice("--task=".length);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return fail("taskIndex", `${name} is ${show(text)}; tasks are counted by whole numbers.`);
}
