// Trials in a folder: computed once, the same to the bit afterwards, and nothing is kept that was cut short, damaged or of other settings.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTrials, runDirectly, type TrialsOptions } from "./index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-trials-"));
});
afterEach(() => rm(folder, { recursive: true }));

const settings = { epochs: 10, rates: [0.1, Number.NaN] };
const open = (options: Partial<TrialsOptions> = {}) => openTrials(folder, { settings, ...options });

test.each<[string, unknown]>([
  ["numbers", [0, -0, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity]],
  ["texts", ["", "ü\u2028", "\ud800", "NaN"]],
  ["the rest", { a: [null, true, { b: [] }, {}], "": [[[1]]] }],
  ["hostile names", JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}')],
  ["null", null],
])("%s come back as they were, from the first run and from the folder", async (_, value) => {
  expect(await (await open()).run("a", () => value)).toStrictEqual(value);
  const again = await open();
  expect(await again.run("a", () => expect.fail("computed again"))).toStrictEqual(value);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a trial that has ended is not run again, in whatever order it is asked for; others are", async () => {
  const computed: string[] = [];
  const runAll = async (names: readonly string[]) => {
    const trials = await open();
    const results: string[] = [];
    for (const name of names) {
      const compute = async () => {
        computed.push(name);
        return `result of ${name}`;
      };
      results.push(await trials.run(name, compute));
    }
    return results;
  };
  // Names that no file has, and such as differ in what would be replaced.
  const names = ["../a/b", "a/b", "a%b", "a:b", "..", "größe"];
  expect(await runAll(names.slice(0, 3))).toEqual(names.slice(0, 3).map((name) => `result of ${name}`));
  expect(await runAll([...names].reverse())).toEqual([...names].reverse().map((name) => `result of ${name}`));
  expect(computed).toEqual([...names.slice(0, 3), ...names.slice(3).reverse()]);
  expect((await readdir(folder)).sort()).toEqual(["settings.json", "trials", "trials.lock"]);
  expect(await readdir(join(folder, "trials"))).toHaveLength(names.length);
});

test("the seconds of a trial are those that it took, also when it is taken from the folder", async () => {
  const first = await open();
  await first.run("a", () => new Promise((resolve) => setTimeout(resolve, 30, 1)));
  expect(first.seconds).toBeGreaterThan(0.02);
  const again = await open();
  expect(again.seconds).toBe(0);
  await again.run("a", () => 1);
  expect(again.seconds).toBe(first.seconds);
});

describe("a trial at work that is stopped", () => {
  test.each<[string, () => unknown]>([
    ["returns", () => "half of it"],
    ["fails for what is missing", () => (undefined as unknown as string).length],
  ])("is not kept, and the next does not start: it %s", async (_, end) => {
    const controller = new AbortController();
    const { run } = await open({ signal: controller.signal });
    await run("finished", () => 1);
    const reason = new Error("stopped");
    const stopped = run("at work", (signal) => {
      expect(signal).toBe(controller.signal);
      controller.abort(reason);
      return end();
    });
    await expect(stopped).rejects.toBe(reason);
    await expect(run("next", () => expect.fail("started"))).rejects.toBe(reason);
    expect(await readdir(join(folder, "trials"))).toEqual(["finished.json"]);
  });

  test("by SIGKILL takes no other with it", async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("trials.fixture.ts", import.meta.url)), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    // While it runs the folder is its own; its lock holds nobody up when it is gone.
    const refused = `openTrials: ${folder} is in use by another run of trials: process ${child.pid} on ${hostname()}, since `;
    await expect(open()).rejects.toMatchObject({ code: "in-use", message: expect.stringContaining(refused) });
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await readdir(folder)).toContain("trials.lock");
    const { run } = await open();
    expect([await run("0", () => -1), await run("1", () => -1), await run("2", () => -1)]).toEqual([0, 1, -1]);
  });
});

describe("refuses", () => {
  test.each<[string, unknown, string]>([
    ["a typed array", { errors: new Float32Array(2) }, ".errors is Float32Array(2); make it a list: [...values]."],
    ["a hole", [1, undefined], "[1] is undefined; only null, true, false, numbers, texts, lists and records"],
    ["a map", new Map(), "only null, true, false, numbers"],
    ["nothing", undefined, 'the result of "a" is undefined'],
  ])("to keep %s", async (_, value, message) => {
    const { run } = await open();
    await expect(run("a", () => value)).rejects.toThrow(message);
    expect(await readdir(join(folder, "trials"))).toEqual([]);
  });

  test("another trial of the same name", async () => {
    const { run } = await open();
    await run("a", () => 1);
    await expect(run("a", () => 2)).rejects.toThrow('openTrials: a trial "a" was run before; give each a name of its');
  });

  test.each<[unknown, string]>([
    [{ epochs: 20, rates: [0.1, Number.NaN] }, "epochs is 10 there and 20 here"],
    [{ epochs: 10, rates: [0.1, 0] }, "rates.1 is NaN there and 0 here"],
    [{ rates: [0.1, Number.NaN], epochs: 10, seed: 0 }, "seed is absent there and 0 here"],
    [7, 'all is {"epochs":10,"rates":[0.1,null]} there and 7 here'],
  ])("trials of other settings: %j", async (other, message) => {
    await open();
    await expect(open({ settings: other })).rejects.toMatchObject({
      code: "mismatch",
      message: `openTrials: the trials in ${folder} have other settings: ${message}. Give the same, or another folder.`,
    });
    await open({ settings: { rates: settings.rates, epochs: 10 } });
  });

  test("any damage", async () => {
    const { run } = await open();
    await run("a", () => [0.125, "text"]);
    const path = join(folder, "trials", "a.json");
    const text = await readFile(path, "utf8");
    const flipped = [...text.trimEnd()].map(
      (unit, i) => text.slice(0, i) + String.fromCharCode(unit.charCodeAt(0) ^ 1) + text.slice(i + 1),
    );
    for (const damaged of [...flipped, "", "null", "7", text.slice(0, 40)]) {
      await writeFile(path, damaged);
      const found = (await open()).run("a", () => "computed again");
      await expect(found).rejects.toMatchObject({ code: "corrupt-file" });
    }
  });

  test("a folder that is not there, and one of something else", async () => {
    const nowhere = join(folder, "none");
    await expect(openTrials(nowhere, { settings })).rejects.toMatchObject({ code: "file-system" });
    await writeFile(join(folder, "report.html"), "");
    await expect(open()).rejects.toThrow(`openTrials: ${folder} holds files, but no settings.json of trials. Give a`);
  });
});

test("runDirectly computes and keeps nothing", async () => {
  expect(await runDirectly("a", (signal) => signal.aborted)).toBe(false);
});
