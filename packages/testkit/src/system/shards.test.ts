// Sets of files larger than memory, trained on in the memory that is allowed: 0.5 GB by default, 20 GB with HOOKE_TESTS=full.
import { execFile } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./shards.fixture.ts", import.meta.url));
/** Of 64 x 64 images, 16 KiB each: 0.51 GB or 20.5 GB. */
const [files, rows] = process.env.HOOKE_TESTS === "full" ? [20, 62_500] : [4, 7_800];
const rowBytes = 4 * 64 * 64;
/** Megabytes that the whole process may take. */
const allowed = 300;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-large-"));
  for (let i = 0; i < files; i++) await writeZeros(join(folder, `part-${i}.safetensors`));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of zeros, which takes no room on the disk. */
async function writeZeros(path: string): Promise<void> {
  const header = JSON.stringify({
    images: { dtype: "F32", shape: [rows, 64, 64, 1], data_offsets: [0, rows * rowBytes] },
    stiffness: { dtype: "F32", shape: [rows], data_offsets: [rows * rowBytes, rows * (rowBytes + 4)] },
  });
  const start = Buffer.alloc(8 + header.length);
  start.writeBigUInt64LE(BigInt(header.length));
  start.write(header, 8);
  const file = await open(path, "w");
  await file.write(start);
  await file.truncate(start.length + rows * (rowBytes + 4));
  await file.close();
}

test.each(["rows", "pieces"])(
  `a training on ${files} files, shuffled by %s, takes less than ${allowed} MB`,
  async (shuffle) => {
    const { stdout } = await run(process.execPath, [script, folder, shuffle]);
    const found = JSON.parse(stdout) as { rows: number; megabytes: number };
    expect(found).toMatchObject({ rows: files * rows });
    expect(found.megabytes).toBeLessThan(allowed);
  },
);
