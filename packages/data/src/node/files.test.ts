// Atomic writes, run folders and CSV files, on a real disk.
import { execFileSync } from "node:child_process";
import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnOf, numbersOf } from "../tables/table.ts";
import { displayPath, writeFileAtomic } from "./files.ts";
import { createRunFolder } from "./folders.ts";
import { readCsv } from "./read-csv.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  test("replaces a file and leaves nothing else behind", async () => {
    const path = join(await createRunFolder(folder, "write"), "a.bin");
    await writeFileAtomic(path, "old");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readdir(join(path, ".."))).toEqual(["a.bin"]);
  });

  test("a reader during many writes never sees a mixture", async () => {
    const path = join(await createRunFolder(folder, "race"), "a.txt");
    const contents = ["x".repeat(300_000), "y".repeat(200_000)];
    await writeFileAtomic(path, contents[0]!);
    const writes = Array.from({ length: 10 }, (_, i) => writeFileAtomic(path, contents[i % 2]!));
    const reads = Array.from({ length: 30 }, async () => expect(contents).toContain(await readFile(path, "utf8")));
    await Promise.all([...writes, ...reads]);
    expect(await readdir(join(path, ".."))).toEqual(["a.txt"]);
  });

  test("a failed write cleans up", async () => {
    const run = await createRunFolder(folder, "fail");
    await expect(writeFileAtomic(run, "over a folder")).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("writeFileAtomic replaces regular files alone", () => {
  test("a pipe stays one", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    await expect(writeFileAtomic(path, "x")).rejects.toThrow(
      "it is a device, pipe or socket, and no regular file. Give",
    );
    expect((await lstat(path)).isFIFO()).toBe(true);
  });

  test("a link stays one: what it leads to is written, and must be there", async () => {
    const [file, link] = [join(await createRunFolder(folder, "target"), "a.txt"), join(folder, "link")];
    await symlink(file, link);
    await expect(writeFileAtomic(link, "x")).rejects.toThrow("link: it is a link that leads nowhere. Remove it.");
    await writeFile(file, "old");
    await writeFileAtomic(link, "new");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toBe("new");
  });
});

test("createRunFolder names by local time and never reuses a folder", async () => {
  const now = new Date(2026, 10, 3, 4, 5, 6);
  const root = join(folder, "deep", "runs");
  const names = [];
  for (let i = 0; i < 3; i++) names.push(basename(await createRunFolder(root, "my model/größe", now)));
  const first = "2026-11-03_04-05-06-my-model-größe";
  expect(names).toEqual([first, `${first}-2`, `${first}-3`]);
});

describe("readCsv", () => {
  test("reads UTF-8 with a byte order mark, by path or URL", async () => {
    const path = join(folder, "a b.csv");
    await writeFile(path, "\ufeffgröße,y\r\n1,2\r\n");
    expect([...numbersOf(await readCsv(path), "größe")]).toEqual([1]);
    const table = await readCsv(pathToFileURL(path), { types: { y: "text" } });
    expect(table.source).toBe("a b.csv");
    expect(columnOf(table, "y").type).toBe("text");
  });

  test("messages", async () => {
    await expect(readCsv(join(folder, "none.csv"))).rejects.toThrow(
      /^readCsv: there is no file ".*none.csv"; check the path, which is relative to /,
    );
    const latin = join(folder, "latin.csv");
    await writeFile(latin, Uint8Array.of(0x67, 0xf6, 0x0a, 0x31));
    await expect(readCsv(latin)).rejects.toThrow(
      'latin.csv: line 1: the cell is not UTF-8 text; save the file as "CSV UTF-8"',
    );
    const empty = join(folder, "empty.csv");
    await writeFile(empty, "");
    await expect(readCsv(empty)).rejects.toThrow("empty.csv: the file is empty;");
  });
});

describe("displayPath", () => {
  test.each([
    ["below the working directory", join(process.cwd(), "runs", "a.html"), join("runs", "a.html")],
    ["relative already", join("runs", "a.html"), join("runs", "a.html")],
    ["with dots of its own", join(process.cwd(), "..runs"), "..runs"],
    ["elsewhere", join(tmpdir(), "a.html"), join(tmpdir(), "a.html")],
    ["above", join(process.cwd(), ".."), join(process.cwd(), "..")],
    ["the working directory", process.cwd(), "."],
  ])("%s", (_, path, shown) => {
    expect(displayPath(path)).toBe(shown);
  });
});
