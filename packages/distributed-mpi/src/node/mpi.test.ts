// Trainings that mpirun starts, by the MPI that is installed: the program is train.fixture.ts.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Launcher, launchers, mpirun } from "./mpirun.fixture.ts";
import type { Asked } from "./train.fixture.ts";
import { difference } from "./variables.fixture.ts";

const program = fileURLToPath(new URL("train.fixture.ts", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The training of one process, of so many epochs. */
const alone = new Map<number, Promise<string>>();
function byOne(epochs: number): Promise<string> {
  const run = async (): Promise<string> => {
    const out = join(folder, `alone-${epochs}`);
    await promisify(execFile)(process.execPath, [program, JSON.stringify({ out, epochs } satisfies Asked)]);
    return out;
  };
  const known = alone.get(epochs) ?? run();
  alone.set(epochs, known);
  return known;
}

const one = launchers.find((found) => !("reason" in found));

for (const found of launchers) {
  const skipped = "reason" in found ? `: skipped, ${found.reason}` : "";
  describe.skipIf("reason" in found)(`${found.implementation}${skipped}`, () => {
    const launcher = found as Launcher;
    const out = (name: string): string => join(folder, `${launcher.implementation}-${name}`);

    test("two ranks train as one process does, to the same bits each time", async () => {
      const runs = [];
      for (const name of ["first", "second"]) {
        runs.push(await mpirun(launcher, 2, program, { out: out(name), epochs: 2 } satisfies Asked));
      }
      for (const { code, output, errors } of runs) {
        expect([code, errors]).toEqual([0, ""]);
        expect(output).toMatch(/^2 ranks, finished, 2 epochs, loss \d/);
      }
      expect(runs[1]!.output).toBe(runs[0]!.output);
      expect(await readFile(out("second"))).toEqual(await readFile(out("first")));
      // 10 updates.
      expect(await difference(out("first"), await byOne(2))).toBeLessThan(1e-6);
    });

    test("a rank that is killed ends all, and the training goes on with three", async () => {
      const checkpoint = join(folder, launcher.implementation, "checkpoint.safetensors");
      const killed: Asked = { out: out("killed"), epochs: 4, checkpoint, rank: 1, does: "kill" };
      const { code, errors, output } = await mpirun(launcher, 2, program, killed);
      expect(code).not.toBe(0);
      expect(errors + output).toMatch(/signal 9/);
      const again = await mpirun(launcher, 3, program, {
        out: out("again"),
        epochs: 4,
        checkpoint,
        resume: true,
      } satisfies Asked);
      expect([again.code, again.errors]).toEqual([0, ""]);
      expect(await difference(out("again"), await byOne(4))).toBeLessThan(2e-6);
    });

    // What follows is Hooke's own: one implementation shows it.
    if (found !== one) return;

    test.each<[NonNullable<Asked["does"]>, string]>([
      ["other data", 'ranks: rank 0 begins with columns.inputs.2 "c", rank 1 with "d"; all ranks train the same model'],
      ["other program", "ranks: rank 0 begins with model"],
      ["throw", "rank 1 of 2: Error: the disk is full"],
      ["no training", "mpi: rank 1 of 2 has ended, and others are at a training that needs it. All ranks call fit"],
      ["exit", "mpi: rank 1 of 2 ended in the midst of a training, which ends on all. Resume from the last checkpoint"],
    ])("%s on one rank ends all", async (does, message) => {
      const { code, errors } = await mpirun(launcher, 2, program, {
        out: out("x"),
        epochs: 3,
        rank: 1,
        does,
      } satisfies Asked);
      expect(code).not.toBe(0);
      expect(errors).toContain(message);
    });

    test("a signal to one rank stops all in order", async () => {
      const asked: Asked = { out: out("x"), epochs: 30, rank: 1, does: "stop" };
      expect((await mpirun(launcher, 2, program, asked)).output).toMatch(/^2 ranks, aborted, 2 epochs/);
    });
  });
}
