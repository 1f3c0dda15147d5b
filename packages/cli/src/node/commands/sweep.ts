// `hooke sweep`: the trials of a program's sweep, by processes here, by one task of a cluster's job, or as that job's script.
import { mkdir } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { displayPath, fileSystemError, packageProgram, writeFileAtomic } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import { programSweep, runPool, runSweep, schedulerHere, type TrialEvent, taskIndex } from "@hooke/sweep";
import { UsageError } from "../arguments.ts";
import { kubernetesManifest } from "../clusters/kubernetes.ts";
import { slurmScript } from "../clusters/slurm.ts";
import { type Command, count, type Given, type Option, type Streams, whole } from "../command.ts";
import { checkWritable } from "../data.ts";
import { statusLine } from "../terminal.ts";
import { tell } from "./collect.ts";

const amount: NonNullable<Option["read"]> = (text) =>
  /^\d+[MGT]$/.test(text) ? { value: text } : "an amount such as 500M or 4G";
const duration: NonNullable<Option["read"]> = (text) =>
  /^(\d+-)?\d{1,2}:\d{2}:\d{2}$/.test(text)
    ? { value: text }
    : "hours, minutes and seconds, such as 01:30:00 or 2-00:00:00";

/** Of an array, by Slurm's default: MaxArraySize is 1001, one above the largest index. */
const mostTasks = 1001;

/** What options of a job's script go with: without it they would change nothing. */
const companions: Readonly<Record<string, readonly string[]>> = {
  ...{ cpus: ["slurm", "kubernetes"], memory: ["slurm", "kubernetes"], time: ["slurm"] },
  ...{ image: ["kubernetes"], claim: ["kubernetes"] },
};

function checkCompanions(options: Given["options"]): void {
  for (const [name, others] of Object.entries(companions)) {
    if (options[name] === undefined || others.some((other) => options[other] !== undefined)) continue;
    throw new UsageError(
      `--${name} goes with ${others.map((other) => `--${other}`).join(" or ")}.`,
      "hooke sweep --help",
    );
  }
}

export const sweep: Command = {
  does: "computes the trials of a program's sweep, here by several processes, or writes what makes a cluster do so",
  positionals: ["PROGRAM.ts"],
  options: {
    folder: {
      value: "FOLDER",
      required: true,
      does: "where trials are kept; those that are there already are skipped",
    },
    processes: { value: "NUMBER", read: count, does: "how many at once; default as many as processors" },
    slurm: { value: "FILE.sh", does: "writes a script for sbatch, and computes nothing" },
    kubernetes: {
      value: "FILE.yaml",
      does: "writes a manifest for kubectl, and computes nothing; takes --image and --claim",
    },
    tasks: {
      value: "NUMBER",
      read: count,
      does: "into how many tasks a job divides the list; default one for each trial",
    },
    task: {
      value: "INDEX",
      read: whole,
      does: "computes the share of this task, from 0; default: as Slurm, Kubernetes, PBS or LSF say",
    },
    cpus: { value: "NUMBER", read: count, does: "processors of a task of a job; default 1" },
    memory: { value: "AMOUNT", read: amount, does: "memory of a task of a job, such as 4G" },
    time: {
      value: "HH:MM:SS",
      read: duration,
      does: "of Slurm: how long a task may take before it is put back into the queue",
    },
    image: { value: "IMAGE", does: "of Kubernetes: a container with the project in its working directory" },
    claim: { value: "NAME", does: "of Kubernetes: the claim of a volume that all pods may write into" },
    json: { does: "prints what is there and what is missing as JSON" },
  },
  async run(given, streams) {
    const { options, positionals } = given;
    checkCompanions(options);
    const program = positionals[0]!;
    const folder = options.folder as string;
    if (options.slurm !== undefined || options.kubernetes !== undefined) return write(program, folder, given, streams);
    const task = (options.task as number | undefined) ?? taskIndex([]);
    if (task !== undefined) return runTask(program, folder, task, given, streams);
    const line = statusLine(streams);
    const ended = new Set<number>();
    const failures: TrialEvent[] = [];
    try {
      const onTrial = (event: TrialEvent): void => {
        if (event.type === "failed") failures.push(event);
        if (event.type !== "begun") ended.add(event.index);
        line.show(
          `trial ${event.index} ${event.type} · ${ended.size} ended${failures.length > 0 ? ` · ${failures.length} failed` : ""}`,
        );
      };
      const { processes } = options as { readonly processes?: number };
      await runPool(folder, program, {
        ...(processes !== undefined && { processes }),
        signal: streams.signal,
        onTrial,
      });
    } finally {
      line.clear();
    }
    await tell("sweep", folder, given, streams);
  },
};

async function runTask(
  program: string,
  folder: string,
  task: number,
  { options }: Given,
  { messages, signal }: Streams,
) {
  const { tasks } = options as { readonly tasks?: number };
  const by = options.task === undefined ? ` of ${schedulerHere()}` : "";
  messages.write(`task ${task}${by}\n`);
  const onTrial = ({ type, index, budget, message }: TrialEvent): void =>
    void messages.write(
      `trial ${index} ${type}${budget === undefined ? "" : ` at ${budget}`}${message === undefined ? "" : `: ${message}`}\n`,
    );
  const found = await runSweep(folder, await programSweep("sweep", program), {
    task,
    ...(tasks !== undefined && { tasks }),
    signal,
    onTrial,
  });
  for (const index of found.elsewhere) messages.write(`trial ${index} is at work elsewhere\n`);
  const { failed } = found;
  if (failed.length > 0) {
    const which = failed.map(({ index }) => index).join(", ");
    fail("sweep", `trials of this task failed: ${which}. hooke collect says with what; the next run tries them again.`);
  }
}

/** What makes a cluster compute the trials. Output of tasks goes to the sweep's folder. */
async function write(program: string, folder: string, { options }: Given, { output }: Streams): Promise<void> {
  const { slurm, kubernetes, image, claim } = options as Readonly<Record<string, string | undefined>>;
  if (kubernetes !== undefined && (image === undefined || claim === undefined)) {
    throw new UsageError("--kubernetes takes --image IMAGE and --claim NAME.", "hooke sweep --help");
  }
  for (const path of [slurm, kubernetes]) await checkWritable(path);
  const { trials } = await programSweep("sweep", program);
  const tasks = (options.tasks as number | undefined) ?? trials.length;
  if (tasks > trials.length) fail("sweep", `received --tasks ${tasks}; there are ${trials.length} trials.`);
  const {
    cpus = 1,
    memory,
    time,
  } = options as { readonly cpus?: number; readonly memory?: string; readonly time?: string };
  const common = { name: basename(program, extname(program)), tasks, cpus, memory };
  const words = (where: string): string[] => ["sweep", program, "--folder", where, "--tasks", String(tasks)];
  if (slurm !== undefined) {
    const logs = join(resolve(folder), "logs");
    await mkdir(logs, { recursive: true }).catch((error: unknown) => {
      throw fileSystemError("sweep", "create", logs, error);
    });
    const command = [process.execPath, packageProgram("@hooke/cli", "hooke", import.meta.url), ...words(folder)];
    await writeFileAtomic(slurm, slurmScript({ ...common, command, cwd: process.cwd(), logs, time }));
    output.write(`A script for Slurm, ${tasks} tasks for ${trials.length} trials:\n  sbatch ${displayPath(slurm)}\n`);
    if (tasks > mostTasks) {
      const cure = `--tasks ${mostTasks} divides the list into so many`;
      output.write(`Slurm takes ${mostTasks} tasks a job, if its MaxArraySize does not say otherwise; ${cure}.\n`);
    }
  }
  if (kubernetes !== undefined) {
    const mount = "/sweep";
    // Node itself, so that it is what a pod that ends asks to stop.
    const command = ["node", "node_modules/.bin/hooke", ...words(`${mount}/${basename(resolve(folder))}`)];
    const text = kubernetesManifest({ ...common, command, image: image!, claim: claim!, mount });
    await writeFileAtomic(kubernetes, text);
    output.write(
      `A manifest for Kubernetes, ${tasks} tasks for ${trials.length} trials:\n  kubectl apply -f ${displayPath(kubernetes)}\n`,
    );
  }
  output.write(`What is there, at any time:\n  hooke collect ${displayPath(folder)}\n`);
}
