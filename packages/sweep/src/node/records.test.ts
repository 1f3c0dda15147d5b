// Records of folders: whole, as they were written, and of this version.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeRecord } from "./records.ts";
import { readSweep, trialFiles } from "./sweep-folder.ts";
import type { Json } from "./values.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-records-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const others: readonly Json[] = ["text", 7, true, null, {}];
const kindOf = (value: Json): string => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

/** Parts that may be anything. */
const anything = ["settings", "result", "score"];

it.each([
  ["sweep.json", { settings: {}, trials: [{ seed: 0 }], halving: { budgets: [1, 2], keep: 0.5 } }],
  ["result.json", { result: 1, score: 1, seconds: 2, attempts: 1 }],
  ["failure.json", { message: "no", at: "step 2", attempts: 1 }],
] as const)("%s of another version is refused by name", async (name, record) => {
  const files = trialFiles("sweep", folder, 0);
  const path = name === "sweep.json" ? join(folder, name) : join(files.folder, name);
  const read = (): Promise<unknown> => {
    if (name === "sweep.json") return readSweep("sweep", folder);
    return name === "result.json" ? files.result(undefined).read() : files.failure.read();
  };
  await mkdir(files.folder, { recursive: true });
  await writeRecord(path, record);
  expect(await read()).toEqual(record);
  const refused = { code: "corrupt-file", message: expect.stringContaining(`${path} was written by another version`) };
  for (const [part, value] of Object.entries(record) as [string, Json][]) {
    const { [part]: _, ...rest } = record as Readonly<Record<string, Json>>;
    await writeRecord(path, rest);
    await expect(read()).rejects.toMatchObject(refused);
    for (const other of others) {
      // A sweep without halving has null there.
      if (anything.includes(part) || kindOf(other) === kindOf(value) || (part === "halving" && other === null))
        continue;
      await writeRecord(path, { ...rest, [part]: other });
      await expect(read()).rejects.toMatchObject(refused);
    }
  }
  await writeRecord(path, record);
  await writeFile(path, (await readFile(path, "utf8")).replace("1", "2"));
  await expect(read()).rejects.toThrow("is damaged");
});
