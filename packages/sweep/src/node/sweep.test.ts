// Sweeps by processes that begin, are killed and begin again: every trial is computed by one of them, with the bits of a run that nothing disturbed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { HookeError } from "@hooke/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  collect,
  collectedJson,
  defineSweep,
  gridTrials,
  runPool,
  runSweep,
  type SweepOptions,
  type TrialEvent,
  taskIndex,
} from "./index.ts";
import { runSince } from "./run-sweep.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "hooke-sweep-")), "sweep");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const trial = (index: number, ...file: string[]): string =>
  join(folder, "trials", String(index).padStart(4, "0"), ...file);
/** Eight trials; `computed` counts them. */
function squares(options: Partial<SweepOptions<{ readonly x: number }, unknown>> = {}) {
  const computed: number[] = [];
  const run = ({ x }: { readonly x: number }) => {
    computed.push(x);
    return { square: x ** 2 };
  };
  return { computed, sweep: defineSweep({ trials: gridTrials({ x: [0, 1, 2, 3, 4, 5, 6, 7] }), run, ...options }) };
}

test("what is there is joined in the order of the list, what is missing is named", async () => {
  const { sweep, computed } = squares({ settings: { version: 1 } });
  expect(await runSweep(folder, sweep, { task: 1, tasks: 3 })).toEqual({
    finished: [1, 4, 7],
    failed: [],
    elsewhere: [],
  });
  const half = await collect(folder);
  expect(half.settings).toEqual({ version: 1 });
  expect(half.finished.map(({ index, parameters, result }) => [index, parameters, result])).toEqual(
    [1, 4, 7].map((x) => [x, { x }, { square: x ** 2 }]),
  );
  expect(half.missing).toEqual(
    [0, 2, 3, 5, 6].map((x) => ({ index: x, parameters: { x }, budget: undefined, why: "not begun" })),
  );
  expect((await runSweep(folder, sweep)).finished).toEqual([0, 2, 3, 5, 6]);
  expect((await runSweep(folder, sweep)).finished).toEqual([]);
  expect(computed).toEqual([1, 4, 7, 0, 2, 3, 5, 6]);
  expect((await collect(folder)).missing).toEqual([]);
  expect(await readdir(trial(3))).toEqual(["attempts.json", "result.json"]);
});

test("numbers that JSON does not have are told from all else in it", async () => {
  const results = [Number.NaN, Number.POSITIVE_INFINITY, -0, 3, "NaN"];
  const settings = { limit: Number.NEGATIVE_INFINITY };
  const { sweep } = squares({ run: ({ x }) => ({ loss: results[x] ?? x }), settings });
  await runSweep(folder, sweep);
  const found = JSON.parse(collectedJson(await collect(folder)));
  expect(found.settings).toEqual({ limit: { $number: "-Infinity" } });
  expect(found.finished.slice(0, 5).map(({ result }: { result: { loss: unknown } }) => result.loss)).toEqual([
    { $number: "NaN" },
    { $number: "Infinity" },
    { $number: "-0" },
    3,
    "NaN",
  ]);
});

test("a trial that throws is named, the others go on, and the next run tries it again, last", async () => {
  let broken = true;
  const { sweep, computed } = squares({
    run: ({ x }) => {
      if (broken && x === 2) throw new HookeError("fit: the loss is NaN.");
      computed.push(x);
      return x;
    },
  });
  const events: TrialEvent[] = [];
  const { failed } = await runSweep(folder, sweep, { task: 0, tasks: 2, onTrial: (event) => events.push(event) });
  expect(failed).toEqual([{ index: 2, message: "fit: the loss is NaN." }]);
  expect(events.filter(({ index }) => index === 2).map(({ type }) => type)).toEqual(["begun", "failed"]);
  expect((await collect(folder)).missing.map(({ why }) => why)).toContain("failed: fit: the loss is NaN.");
  broken = false;
  await runSweep(folder, sweep);
  expect(computed).toEqual([0, 4, 6, 1, 3, 5, 7, 2]);
  expect(await readdir(trial(2))).toEqual(["attempts.json", "result.json"]);
});

test("of one run, a process that begins late leaves what another failed at", async () => {
  const began = new Date().toISOString();
  let tries = 0;
  const fails = () => {
    tries++;
    throw new Error("no");
  };
  const { sweep } = squares({ run: fails });
  await runSweep(folder, sweep, { task: 0 });
  const late = await runSince(began, folder, sweep, { task: 0 });
  expect([tries, late.failed]).toEqual([1, []]);
  await runSweep(folder, sweep, { task: 0 });
  expect(tries).toBe(2);
});

test("tasks that begin at once share a new folder", async () => {
  for (let round = 0; round < 5; round++) {
    const { sweep, computed } = squares();
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((task) => runSweep(join(folder, String(round)), sweep, { task })));
    expect(computed).toHaveLength(8);
  }
});

test.each(["checkpoint.safetensors", "result.json", "result-9.json", "trial.lock"])(
  "%s of a trial is not written by what it keeps",
  async (name) => {
    const sweep = defineSweep({ trials: [{ x: 1 }], run: (_, { keep }) => keep(name, new Uint8Array(2)) });
    const [failed] = (await runSweep(folder, sweep)).failed;
    expect(failed!.message).toContain("and not of the checkpoint, a record or the lock of the trial");
  },
);

test("no result is null; one that cannot be kept is a failure of its trial", async () => {
  await runSweep(folder, squares({ run: () => {} }).sweep, { task: 1 });
  expect((await collect(folder)).finished.map(({ result }) => result)).toEqual([null]);
  const { failed } = await runSweep(folder, squares({ run: () => new Float32Array(2) }).sweep, { task: 3 });
  expect(failed[0]!.message).toContain("the result of trial 3 is Float32Array(2); make it a list: [...values].");
});

test("a longer list goes on from a shorter one; another sweep is refused, saying what differs", async () => {
  const { computed, sweep } = squares();
  await runSweep(folder, { ...sweep, trials: sweep.trials.slice(0, 3) });
  await runSweep(folder, sweep);
  await runSweep(folder, { ...sweep, trials: sweep.trials.slice(0, 3) });
  expect(computed).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect((await collect(folder)).finished).toHaveLength(8);
  const other = squares({ settings: { epochs: 3 } }).sweep;
  const message = `runSweep: ${folder} is of another sweep: settings.epochs is absent there and 3 here. Give the same sweep, or another folder.`;
  await expect(runSweep(folder, other)).rejects.toMatchObject({ code: "mismatch", message });
  await expect(runSweep(folder, { ...sweep, trials: [{ x: 1 }] })).rejects.toThrow("trials.0.x is 0 there and 1 here");
});

test("stopped in a trial, it keeps none of it; the next run computes it", async () => {
  const stopping = new AbortController();
  const { sweep, computed } = squares({
    run: ({ x }) => {
      if (x === 1) stopping.abort(new HookeError("stopped"));
      computed.push(x);
      return x;
    },
  });
  await expect(runSweep(folder, sweep, { signal: stopping.signal })).rejects.toThrow("stopped");
  expect((await collect(folder)).missing[0]).toMatchObject({ index: 1, why: "interrupted" });
  await runSweep(folder, sweep);
  expect((await collect(folder)).finished.map(({ attempts }) => attempts)).toEqual([1, 2, 1, 1, 1, 1, 1, 1]);
});

describe("processes at once", () => {
  const program = fileURLToPath(new URL("training.fixture.ts", import.meta.url));
  const task = fileURLToPath(new URL("task.fixture.ts", import.meta.url));
  const epochsOf = async (index: number): Promise<number> =>
    existsSync(trial(index, "epochs.txt"))
      ? (await readFile(trial(index, "epochs.txt"), "utf8")).trim().split("\n").length
      : 0;

  const begunOf = async (index: number): Promise<number> =>
    (await readFile(trial(index, "epochs.txt"), "utf8")).split("\n").filter((line) => line === "0").length;

  test("a pool computes real trainings, each once, also when one of its processes is killed", async () => {
    process.env.HOOKE_EPOCH_MILLISECONDS = "10";
    const killed: Promise<void>[] = [];
    const { finished, missing } = await runPool(folder, program, {
      processes: 2,
      onTrial({ type, index }) {
        if (type !== "begun" || index < 4 || killed.length > 0) return;
        const kill = async () => {
          while ((await epochsOf(index)) < 3) await pause(5);
          const { pid } = JSON.parse(await readFile(trial(index, "trial.lock"), "utf8"));
          process.kill(pid, "SIGKILL");
        };
        killed.push(kill());
      },
    }).finally(() => delete process.env.HOOKE_EPOCH_MILLISECONDS);
    expect(missing).toEqual([]);
    expect(finished.map(({ attempts }) => attempts).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    // The one that was killed went on from its checkpoint.
    for (const { index } of finished) expect(await begunOf(index)).toBe(1);

    // What nothing disturbed has the same bits.
    const { default: sweep } = await import("./training.fixture.ts");
    const undisturbed = join(folder, "..", "undisturbed");
    await runSweep(undisturbed, sweep);
    const expected = await collect(undisturbed);
    expect(finished.map(({ result }) => result)).toEqual(expected.finished.map(({ result }) => result));
    const bytes = (root: string): Promise<Buffer[]> =>
      Promise.all(finished.map(({ index }) => readFile(join(root, "trials", `000${index}`, "checkpoint.safetensors"))));
    expect((await bytes(folder)).map((all) => all.length)).toEqual((await bytes(undisturbed)).map((all) => all.length));
  });

  test("tasks of an indexed job of Kubernetes: pods that are killed are begun again with their index", async () => {
    const pod = (index: number, milliseconds: number): ChildProcess =>
      spawn(process.execPath, [task, folder], {
        env: {
          ...process.env,
          JOB_COMPLETION_INDEX: String(index),
          HOOKE_EPOCH_MILLISECONDS: String(milliseconds),
          TASKS: "4",
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
    const ended = async (child: ChildProcess): Promise<number | null> => (await once(child, "close"))[0];
    const evicted = [1, 3].map((index) => pod(index, 1000));
    while ((await epochsOf(1)) < 2 || (await epochsOf(3)) < 2) await pause(20);
    // One has time to end in order, the other has none.
    evicted[0]!.kill("SIGTERM");
    evicted[1]!.kill("SIGKILL");
    expect(await Promise.all(evicted.map(ended))).toEqual([130, null]);
    expect((await collect(folder)).finished).toEqual([]);
    for (const index of [0, 1, 2, 3]) expect(await ended(pod(index, 0))).toBe(0);
    const { finished, missing } = await collect(folder);
    expect(missing).toEqual([]);
    expect(finished.map(({ attempts }) => attempts)).toEqual([1, 2, 1, 2, 1, 1, 1, 1]);
    expect(await Promise.all([0, 2, 4, 5, 6, 7].map(epochsOf))).toEqual([20, 20, 20, 20, 20, 20]);
    for (const { index } of finished) expect(await begunOf(index)).toBe(1);
  });
});

describe("a lock of another machine", () => {
  const foreign = { machine: "00000000", pid: 1, started: "x", host: "node7", since: "2026", alive: true };
  const lock = async (index: number, text: string): Promise<void> => {
    await mkdir(trial(index), { recursive: true });
    await writeFile(trial(index, "trial.lock"), text);
  };

  test("that is not touched for a minute holds nobody up; until then it is perhaps at work", async () => {
    const { sweep } = squares();
    await runSweep(folder, sweep, { task: 0 });
    await lock(1, JSON.stringify(foreign));
    expect((await collect(folder)).missing[0]).toMatchObject({ index: 1, why: "perhaps at work: process 1 on node7" });
    const real = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now");
    try {
      const work = runSweep(folder, sweep, { onTrial: () => clock.mockImplementation(() => real() + 61_000) });
      expect((await work).finished).toEqual([2, 3, 4, 5, 6, 7, 1]);
    } finally {
      clock.mockRestore();
    }
  });

  test("that is touched is respected", async () => {
    const { sweep } = squares();
    await runSweep(folder, sweep, { task: 0 });
    await lock(1, JSON.stringify(foreign));
    const touching = setInterval(() => writeFile(trial(1, "trial.lock"), JSON.stringify(foreign)), 100);
    const { finished, elsewhere } = await runSweep(folder, sweep).finally(() => clearInterval(touching));
    expect([finished, elsewhere]).toEqual([[2, 3, 4, 5, 6, 7], [1]]);
  });

  test("that is taken over while a trial computes keeps its result out", async () => {
    const { sweep } = squares({
      async run(_, { index }) {
        await writeFile(trial(index, "trial.lock"), JSON.stringify({ ...foreign, host: hostname() }));
        return 1;
      },
    });
    const { failed } = await runSweep(folder, sweep, { task: 0 });
    expect(failed[0]!.message).toContain("trial 0 no longer belongs to this process: its lock was removed or taken");
    expect(existsSync(trial(0, "result.json"))).toBe(false);
  });
});

describe("taskIndex", () => {
  test.each<[string, string[], Record<string, string>, number | undefined]>([
    ["Slurm", [], { SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_COUNT: "8" }, 3],
    ["Kubernetes", [], { JOB_COMPLETION_INDEX: "0" }, 0],
    ["PBS", [], { PBS_ARRAY_INDEX: "11" }, 11],
    ["Torque", [], { PBS_ARRAYID: "4" }, 4],
    ["LSF, which counts from 1", [], { LSB_JOBINDEX: "1" }, 0],
    ["LSF, no array", [], { LSB_JOBINDEX: "0" }, undefined],
    ["the command line", ["--folder", "a", "--task", "5"], { SLURM_ARRAY_TASK_ID: "3" }, 5],
    ["the command line, joined", ["--task=0"], {}, 0],
    ["nobody", ["--tasks", "5"], { SLURM_ARRAY_TASK_ID: "" }, undefined],
    ["two that agree", [], { SLURM_ARRAY_TASK_ID: "2", JOB_COMPLETION_INDEX: "2" }, 2],
  ])("by %s", (_, args, environment, expected) => expect(taskIndex(args, environment)).toBe(expected));

  test.each<[string[], Record<string, string>, string]>([
    [[], { SLURM_ARRAY_TASK_ID: "x" }, 'taskIndex: SLURM_ARRAY_TASK_ID is "x"; tasks are counted by whole numbers.'],
    [["--task"], {}, 'taskIndex: --task is ""; tasks are'],
    [
      [],
      { SLURM_ARRAY_TASK_ID: "2", JOB_COMPLETION_INDEX: "0" },
      "task 2 by SLURM_ARRAY_TASK_ID, 0 by JOB_COMPLETION_INDEX; say which",
    ],
  ])("refuses %j %j", (args, environment, message) => expect(() => taskIndex(args, environment)).toThrow(message));
});

test("what cannot be right is refused", async () => {
  const { sweep } = squares();
  await expect(runSweep(folder, sweep, { task: 8 })).rejects.toThrow(
    "received task 8 of 8; they are counted from 0 to 7.",
  );
  await expect(runSweep(folder, sweep, { tasks: 3 })).rejects.toThrow("received tasks: 3 and no task; say which");
  expect(() => squares({ trials: [{ x: 1 }, { x: 2 }, { x: 1 }] })).toThrow(
    'trials 0 and 2 are alike: {"x":1}. Leave one out, or',
  );
  expect(() => squares({ trials: [] })).toThrow("expected a list of records");
  await expect(collect(join(folder, "none"))).rejects.toMatchObject({ code: "file-system" });
  await mkdir(folder);
  await writeFile(join(folder, "thesis.tex"), "");
  await expect(runSweep(folder, sweep)).rejects.toThrow(`${folder} holds files, but no sweep.json.`);
  const file = fileURLToPath(new URL("values.ts", import.meta.url));
  await expect(runPool(folder, file)).rejects.toThrow(
    "is no sweep; expected a sweep, such as defineSweep({ trials, run }) makes",
  );
});
