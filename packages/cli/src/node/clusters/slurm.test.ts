// A sweep on a real Slurm: an array of eight trainings on four nodes, of which two are killed in the middle.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collect, programSweep, runSweep } from "@hooke/sweep";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hooke } from "../hooke.ts";
import { type Slurm, slurmMissing, startSlurm, until } from "./slurm.fixture.ts";
import { slurmScript } from "./slurm.ts";

const program = fileURLToPath(new URL("../../../../sweep/src/node/training.fixture.ts", import.meta.url));
const missing = slurmMissing();

test("the script quotes what a shell would take apart, and asks for what it was told", () => {
  const script = slurmScript({
    name: "two widths",
    command: ["node", "it's.js", "--folder", "my runs"],
    tasks: 3,
    cpus: 2,
    memory: "4G",
    time: "01:00:00",
    cwd: "/home/me/my project",
    logs: "/home/me/runs/logs",
  });
  for (const line of ["--job-name='two widths'", "--array=0-2", "--requeue", "--mem=4G", "--signal=B:USR1@60"]) {
    expect(script).toContain(`#SBATCH ${line}\n`);
  }
  expect(script).toContain("\nnode 'it'\\''s.js' --folder 'my runs' &\n");
  expect(script).toContain("\ncd '/home/me/my project' || exit 1\n");
});

describe.skipIf(missing !== undefined)(`on Slurm${missing === undefined ? "" : ` (${missing})`}`, () => {
  const root = mkdtempSync(join(tmpdir(), "hooke-slurm-"));
  const [folder, script] = [join(root, "sweep"), join(root, "sweep.sh")];
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm(mkdtempSync(join(tmpdir(), "hooke-slurmd-")));
  });
  afterAll(async () => {
    await slurm?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const epochs = (index: number): number[] => {
    const file = join(folder, "trials", String(index).padStart(4, "0"), "epochs.txt");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
  };

  test("an array of eight loses nothing and does nothing twice when two of four nodes are killed", async () => {
    expect(
      await hooke(["sweep", program, "--folder", folder, "--slurm", script], { output: { write: () => {} } }),
    ).toBe(0);
    await slurm.command("sbatch", "--export=ALL,HOOKE_EPOCH_MILLISECONDS=300", script);
    await until(() => [0, 1, 2, 3].every((index) => epochs(index).length > 2), "four trials at work");
    const killed = [...slurm.kill("n1"), ...slurm.kill("n2")];
    expect(killed).toHaveLength(2);
    // The locks that they left say so as soon as the system has ended them.
    await until(async () => {
      const { missing } = await collect(folder);
      const interrupted = missing.filter(({ why }) => why === "interrupted").map(({ index }) => index);
      return interrupted.join() === killed.sort().join();
    }, "the end of two nodes");
    // Without a word the controller finds out in half a minute.
    if (process.env.HOOKE_TESTS !== "full") {
      await slurm.command("scontrol", "update", "nodename=n1,n2", "state=down", "reason=killed");
    }
    // Another one's time is up.
    const warned = [0, 1, 2, 3].find((index) => !killed.includes(index))!;
    slurm.warn(warned);
    await until(
      async () => (await slurm.command("squeue", "--noheader", "--format=%i")).trim() === "",
      "the end of the job",
      100,
    );

    const { finished, missing } = await collect<unknown, { readonly loss: number }>(folder);
    expect(missing).toEqual([]);
    const begun = finished.map(({ attempts }) => attempts);
    expect(begun).toEqual(begun.map((_, index) => (killed.includes(index) || index === warned ? 2 : 1)));
    for (const { index } of finished) {
      const computed = epochs(index);
      expect([...new Set(computed)]).toEqual(Array.from({ length: 20 }, (_, epoch) => epoch));
      // Who was killed went on from a checkpoint; who was not computed each once.
      if (killed.includes(index)) expect(computed.filter((epoch) => epoch === 0)).toHaveLength(1);
      else expect(computed).toHaveLength(20);
    }
    const undisturbed = join(root, "undisturbed");
    await runSweep(undisturbed, await programSweep("test", program));
    const expected = await collect<unknown, { readonly loss: number }>(undisturbed);
    expect(finished.map(({ result }) => result)).toEqual(expected.finished.map(({ result }) => result));
  }, 200_000);
});
