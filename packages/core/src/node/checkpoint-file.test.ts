// Checkpoint files: one training at a time in a folder, killed ones hold nobody up, and what cannot be written is not lost.
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRunFolder, isRunning, temporaryPath, thisProcess, writeFileAtomic } from "@hooke/data/node";
import { HookeError } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkpointFile } from "./checkpoint-file.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "hooke-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const at = { epoch: 0, batch: 0, step: 0 };
const fixture = (name: string): string => fileURLToPath(new URL(`./${name}.fixture.ts`, import.meta.url));
const failure = async (work: Promise<unknown>): Promise<HookeError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HookeError);
  return error as HookeError;
};

describe("one training at a time", () => {
  test("the second is refused by name, in the same process too, and comes in after the first", async () => {
    const folder = join(root, "a", "b");
    const first = checkpointFile(join(folder, "checkpoint.safetensors"));
    await first.open();
    await first.save(Uint8Array.of(1), at);
    const second = checkpointFile(join(folder, "other.safetensors"));
    const { message, code } = await failure(second.open());
    expect(code).toBe("in-use");
    expect(message).toMatch(
      /^checkpointFile: .*b is in use by another training of this process, since 20.*Z\. Wait for its end/,
    );
    await first.close();
    await second.open();
    await second.close();
    expect(await readdir(folder)).toEqual(["checkpoint.safetensors"]);
  });

  test("one that was killed holds nobody up, and its temporary files are removed", async () => {
    const path = join(root, "killed", "checkpoint.safetensors");
    const training = spawn(process.execPath, [fixture("hold"), path], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => training.stdout.once("data", resolve));
    const next = checkpointFile(path);
    const { message, code } = await failure(next.open());
    expect(code).toBe("in-use");
    expect(message).toContain(`is in use by another training: process ${training.pid} on ${hostname()}, since`);
    const ended = new Promise((resolve) => training.once("close", resolve));
    training.kill("SIGKILL");
    await ended;
    await next.open();
    expect((await readdir(join(root, "killed"))).sort()).toEqual(["checkpoint.safetensors", "training.lock"]);
    const bytes = await readFile(path);
    expect(bytes.length).toBe(2_000_000);
    expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
    await next.close();
  });

  test("many at once over a lock that was left: exactly one comes in", async () => {
    const folder = join(root, "race");
    await mkdir(folder);
    const dead = { ...thisProcess(), started: "0", host: hostname(), since: "2026" };
    expect(isRunning(dead)).toBe(false);
    for (let round = 0; round < 10; round++) {
      await writeFile(join(folder, "training.lock"), JSON.stringify(dead));
      const all = Array.from({ length: 8 }, () => checkpointFile(join(folder, "c")));
      const results = await Promise.allSettled(all.map(({ open }) => open()));
      const inside = all.filter((_, i) => results[i]!.status === "fulfilled");
      expect(inside).toHaveLength(1);
      await inside[0]!.save(Uint8Array.of(round), at);
      await inside[0]!.close();
    }
    expect(await readdir(folder)).toEqual(["c"]);
  });

  test.each<[string, string]>([
    [
      "of another machine",
      JSON.stringify({ machine: "00000000", pid: 1, started: "x", host: "elsewhere", since: "2026" }),
    ],
    ["that says nothing", ""],
    ["that is something else", '{"pid":"__proto__"}'],
  ])("a lock %s is respected, and named", async (_, text) => {
    const folder = join(root, "foreign");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "training.lock"), text);
    const { message, code } = await failure(checkpointFile(join(folder, "c")).open());
    expect(code).toBe("in-use");
    expect(message).toContain(`if that training has ended, delete ${join(folder, "training.lock")}.`);
  });

  test("a training whose lock was taken from it writes no more", async () => {
    const folder = join(root, "taken");
    const store = checkpointFile(join(folder, "c"));
    await store.open();
    await store.save(Uint8Array.of(1), at);
    await writeFile(join(folder, "training.lock"), "{}");
    const { message, code } = await failure(store.save(Uint8Array.of(2), at));
    expect(code).toBe("in-use");
    expect(message).toContain("taken no longer belongs to this training: its lock was removed or taken while");
    await store.close();
    expect([...(await readFile(join(folder, "c")))]).toEqual([1]);
    expect((await readdir(folder)).sort()).toEqual(["c", "training.lock"]);
  });
});

describe("temporary files", () => {
  test("of ended processes are removed by the first write into their folder, and no others", async () => {
    const folder = await createRunFolder(root, "tidy");
    const own = temporaryPath(join(folder, "x"));
    const { machine, pid, started } = thisProcess();
    const dead = own.replace(started, "0");
    const elsewhere = own.replace(machine, "00000000");
    const other = join(folder, ".mine.tmp");
    expect(own).toContain(`${machine}-${pid}-${started}`);
    for (const path of [own, dead, elsewhere, other]) await writeFile(path, "");
    await writeFileAtomic(join(folder, "y"), "y");
    const left = [own, elsewhere, other, join(folder, "y")].map((path) => path.slice(folder.length + 1));
    expect((await readdir(folder)).sort()).toEqual(left.sort());
  });

  test("have a name that fits beside a long one", async () => {
    const path = join(root, "ü".repeat(120));
    await writeFileAtomic(path, "long");
    expect(await readFile(path, "utf8")).toBe("long");
  });
});

describe("a file that cannot be written", () => {
  test("for want of space: the one before is intact, and this one is elsewhere", async () => {
    const path = join(root, "full", "c");
    // A limit on the size of files stands for a full disk, and does not leave room elsewhere either; bash counts in kilobytes.
    const command = `ulimit -f 1000; exec "${process.execPath}" "${fixture("refused")}" "${path}"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", command]);
    const { hooke, message, code } = JSON.parse(stdout);
    expect([hooke, code]).toEqual([true, "file-system"]);
    expect(message).toContain(`writeFileAtomic: cannot write ${path} (EFBIG): the file would be larger than`);
    expect(message).toContain("What was there before is intact. Nor could it be written to");
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readdir(join(root, "full"))).toEqual(["c"]);
  });

  test("because its folder is gone: it is elsewhere, as the message says", async () => {
    const folder = join(root, "gone");
    const { save } = checkpointFile(join(folder, "c"));
    const { message, code } = await failure(save(Uint8Array.of(7), at));
    expect(code).toBe("file-system");
    const [, other] = /This checkpoint is at (\S+) instead: move it to its place, and resume from it\.$/.exec(message)!;
    expect([...(await readFile(other!))]).toEqual([7]);
    await rm(join(other!, ".."), { recursive: true });
  });

  test.each<[string, (path: string) => Promise<unknown>, string]>([
    ["a folder", (path) => writeFileAtomic(path, ""), "it is a folder. Give the path of a file."],
    [
      "no folder",
      (path) => writeFileAtomic(join(path, "no", "c"), ""),
      "(ENOENT): its folder does not exist. Create it",
    ],
    ["below a file", (path) => writeFileAtomic(join(path, "file", "c"), ""), "(ENOTDIR): a part of the path is a file"],
    [
      "name too long",
      (path) => writeFileAtomic(join(path, "x".repeat(300)), ""),
      "(ENAMETOOLONG): the name is too long.",
    ],
    ["checkpoint: a folder", (path) => checkpointFile(path).open(), "is a folder; give the path of a file."],
    ["checkpoint: below a file", (path) => checkpointFile(join(path, "file", "c")).open(), "cannot create"],
    ["run folder: below a file", (path) => createRunFolder(join(path, "file"), "a"), "createRunFolder: cannot create"],
    ["run folder: nowhere", () => createRunFolder("/proc/hooke/a", "b"), "cannot create /proc/hooke (ENOENT)"],
    ["device", () => writeFileAtomic("/proc/hooke", ""), "writeFileAtomic: cannot write /proc/hooke (ENOENT)"],
  ])("%s", async (_, work, message) => {
    const folder = join(root, "paths");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "file"), "");
    const error = await failure(work(folder));
    expect(error.code).toBe("file-system");
    expect(error.message).toContain(message);
  });

  test("in a folder that may not be written", async () => {
    const folder = join(root, "read-only");
    await mkdir(folder);
    await chmod(folder, 0o555);
    await chmod(root, 0o755);
    // Permissions do not hold for root, who becomes nobody for this.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = await promisify(execFile)(process.execPath, [fixture("refused"), join(folder, "c")], nobody);
    const { hooke, message, code } = JSON.parse(stdout);
    expect([hooke, code]).toEqual([true, "file-system"]);
    expect(message).toContain(
      `cannot write ${join(folder, "training.lock")} (EACCES): permission is denied. Change the`,
    );
    await chmod(folder, 0o755);
  });
});
