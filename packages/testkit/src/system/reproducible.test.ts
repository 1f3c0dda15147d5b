// Same seed and backend, same bits: in one process and in another.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { digest } from "./train-digest.fixture.ts";

it("training gives the same bits twice here and once in another process", async () => {
  const first = await digest(7);
  expect(await digest(7)).toBe(first);
  expect(await digest(8)).not.toBe(first);
  const script = fileURLToPath(new URL("train-digest.fixture.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, "7"]);
  expect(stdout.trim()).toBe(first);
});
