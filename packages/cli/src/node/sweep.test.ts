// `hooke sweep` and `hooke collect`: by processes here, by a task, and what they write for a cluster.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { defineSweep, runSweep } from "@hooke/sweep";
import { afterAll, expect, test } from "vitest";
import { run } from "./run.fixture.ts";

const program = fileURLToPath(new URL("squares.fixture.ts", import.meta.url));
const runs = mkdtempSync(join(tmpdir(), "hooke-cli-sweep-"));
afterAll(() => rmSync(runs, { recursive: true, force: true }));

test("a task computes its share, and what is there is joined; the rest is named", async () => {
  const folder = join(runs, "by-task");
  const task = await run(["sweep", program, "--folder", folder, "--task", "1", "--tasks", "2"]);
  expect(task).toMatchObject({ code: 0, output: "" });
  expect(task.messages).toBe(
    ["task 1", ...[1, 3, 5].flatMap((i) => [`trial ${i} begun`, `trial ${i} finished`]), ""].join("\n"),
  );
  const csv = join(runs, "table.csv");
  const { code, output, messages } = await run(["collect", folder, "--out", csv]);
  expect(code).toBe(1);
  expect(output).toMatch(/^trial +x +way\.power +value +parts +seconds\n1 +1 +0\.5000 +1 +\[1\] /);
  expect(messages).toContain("collect: 3 of 6 trials are missing; run the sweep again for them.\n");
  expect(messages).toContain('  trial 4, {"x":3,"way":{"power":2}}: not begun\n');
  expect(readFileSync(csv, "utf8")).toMatch(/^trial,x,way\.power,value,parts,seconds\n1,1,0\.5,1,\[1\],\d/);
});

test("columns of one name are told apart", async () => {
  const folder = join(runs, "names");
  await runSweep(folder, defineSweep({ trials: [{ seed: 3, trial: 7 }], run: () => ({ seed: 9, loss: 0.5 }) }));
  const csv = join(runs, "names.csv");
  expect(await run(["collect", folder, "--out", csv])).toMatchObject({ code: 0 });
  expect(readFileSync(csv, "utf8")).toMatch(/^trial,seed,parameters\.trial,result\.seed,loss,seconds\n0,3,7,9,0\.5,/);
});

test("as a program it computes all by processes, a failure is named and mended", async () => {
  const folder = join(runs, "by-pool");
  const args = [
    fileURLToPath(new URL("cli.ts", import.meta.url)),
    "sweep",
    program,
    "--folder",
    folder,
    "--processes",
    "2",
  ];
  const broken = promisify(execFile)(process.execPath, args, { env: { ...process.env, BREAK: "yes" } });
  await expect(broken).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/sweep: 2 of 6 trials are missing.*\n {2}trial 4, .*: failed: Error: no third/),
  });
  const { stdout } = await promisify(execFile)(process.execPath, [...args, "--json"]);
  const { finished, missing } = JSON.parse(stdout);
  expect(missing).toEqual([]);
  expect(
    finished.map(({ result, attempts }: { result: { value: number }; attempts: number }) => [result.value, attempts]),
  ).toEqual([
    [1, 1],
    [1, 1],
    [4, 1],
    [2 ** 0.5, 1],
    [9, 2],
    [3 ** 0.5, 2],
  ]);
});

test("what a cluster takes is written, and nothing computed", async () => {
  const folder = join(runs, "by-cluster");
  const [script, manifest] = [join(runs, "job.sh"), join(runs, "job.yaml")];
  const args = [
    "sweep",
    program,
    "--folder",
    folder,
    "--slurm",
    script,
    "--kubernetes",
    manifest,
    "--cpus",
    "2",
    "--memory",
    "4G",
  ];
  const { code, output } = await run([...args, "--tasks", "3", "--image", "lab/squares:1", "--claim", "shared"]);
  expect(code).toBe(0);
  expect(output).toContain("A script for Slurm, 3 tasks for 6 trials:\n  sbatch ");
  expect(readFileSync(script, "utf8")).toContain(" --tasks 3 &\n");
  expect(readFileSync(manifest, "utf8")).toContain("\n  completions: 3\n");
  expect(statSync(join(folder, "logs")).isDirectory()).toBe(true);
  // Which shell would take it.
  await promisify(execFile)("bash", ["-n", script]);
});

test.each<[string[], number, string]>([
  [["--kubernetes", "job.yaml"], 2, "--kubernetes takes --image IMAGE and --claim NAME."],
  [["--slurm", "job.sh", "--tasks", "9"], 1, "sweep: received --tasks 9; there are 6 trials."],
  [["--slurm", "job.sh", "--memory", "4 GB"], 2, '--memory received "4 GB"; give an amount such as 500M or 4G.'],
  [["--time", "01:30:00"], 2, "--time goes with --slurm."],
  [["--cpus", "2"], 2, "--cpus goes with --slurm or --kubernetes."],
  [["--slurm", "job.sh", "--time", "90"], 2, '--time received "90"; give hours, minutes and seconds'],
  [["--task", "6"], 1, "runSweep: received task 6 of 6; they are counted from 0 to 5."],
])("refuses %j", async (more, exit, message) => {
  const { code, messages } = await run(["sweep", program, "--folder", join(runs, "refused"), ...more]);
  expect(messages).toContain(message);
  expect(code).toBe(exit);
});

test("a program without a sweep, and a folder of none, are said", async () => {
  const programs = { "empty.mjs": "export const a = 1;", "broken.mjs": 'import "./none.mjs";' };
  const says: Readonly<Record<string, string>> = {
    "empty.mjs": "is no sweep; expected a sweep, such as defineSweep({ trials, run }) makes: export default",
    "broken.mjs": "broken.mjs does not load: Error: Cannot find",
    "none.mjs": "cannot read",
  };
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(runs, name), text);
  for (const [name, said] of Object.entries(says)) {
    const { code, messages } = await run(["sweep", join(runs, name), "--folder", join(runs, "none"), "--task", "0"]);
    expect([code, messages]).toEqual([1, expect.stringContaining(said)]);
  }
  expect((await run(["collect", runs])).messages).toContain("there is no sweep.json in ");
});
