// Ranks that train on files of rows: each reads files of its own, and the training is that of one process.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { zeros } from "@hooke/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Launcher, launchers, mpirun } from "./mpirun.fixture.ts";
import { difference } from "./variables.fixture.ts";

const program = fileURLToPath(new URL("shards.fixture.ts", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-ranks-"));
  for (let part = 0; part < 4; part++) {
    const [x, y] = [zeros([16, 3]), zeros([16])];
    x.data.set(x.data.map((_, i) => Math.sin(1.7 * (48 * part + i))));
    y.data.set(y.data.map((_, i) => Math.abs(x.data[3 * i]!) - 0.5 * x.data[3 * i + 1]!));
    await writeFile(join(folder, `part-${part}.safetensors`), encodeSafetensors({ x, y }));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const launcher = launchers.find((found): found is Launcher => !("reason" in found));

test.skipIf(launcher === undefined)(
  `each reads files of its own, and trains as one process does${launcher ? "" : ": skipped, no MPI is installed"}`,
  async () => {
    const [alone, shared] = [join(folder, "alone"), join(folder, "shared")];
    await promisify(execFile)(process.execPath, [program, JSON.stringify({ folder, out: alone })]);
    const { code, errors } = await mpirun(launcher!, 2, program, { folder, out: shared });
    expect([code, errors]).toEqual([0, ""]);
    const filesOf = async (out: string, rank: number): Promise<string[]> =>
      JSON.parse(await readFile(`${out}-files-${rank}.json`, "utf8"));
    const [first, second] = [await filesOf(shared, 0), await filesOf(shared, 1)];
    expect([first.length, second.length]).toEqual([2, 2]);
    expect([...first, ...second].sort()).toEqual((await filesOf(alone, 0)).sort());
    expect(await difference(alone, shared)).toBeLessThan(1e-6);
  },
);
