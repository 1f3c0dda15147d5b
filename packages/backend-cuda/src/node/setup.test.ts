// Setup's steps on stand-ins for npm, compiler and binding: what it runs, and what it says when one of them fails.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findInstallation, setupPaths } from "./installation.ts";
import type { Outcome, Run } from "./run.ts";
import { setup } from "./setup.ts";
import { fromFolder, fromPython } from "./tensorflow.ts";

const root = mkdtempSync(join(tmpdir(), "hooke-cuda-setup-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newFolder = () => mkdtempSync(join(root, "machine-"));

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const archive = { "include/tensorflow/c/c_api.h": "", "lib/libtensorflow_framework.so.2": "" };

/** A libtensorflow archive. */
function libtensorflow(): string {
  const folder = newFolder();
  writeFiles(folder, { ...archive, "lib/libtensorflow.so.2.18.1": "" });
  symlinkSync("libtensorflow.so.2.18.1", join(folder, "lib/libtensorflow.so.2"));
  return folder;
}

/** Runs setup with programs that do as told. */
async function attempt(outcomes: Readonly<Record<string, Partial<Outcome>>>, folder = newFolder()) {
  const calls: string[][] = [];
  const run: Run = async (command, args) => {
    calls.push([command, ...args]);
    const output = args[args.indexOf("-o") + 1]!;
    if (command === "c++" && !outcomes["c++"]) writeFileSync(output, "");
    return { code: 0, stdout: 'hooke{"tensorflow":"2.18.1","gpu":true}', stderr: "", ...outcomes[command] };
  };
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const result = setup({ run, tensorflow: fromFolder(libtensorflow()), folder, compiler: "c++", log });
  return { result: await result, calls, lines, folder };
}

describe("setup", () => {
  test("fetches without scripts, compiles, tries, and is found afterwards", async () => {
    const { result, calls, lines, folder } = await attempt({});
    expect(result).toEqual({ works: true, tensorflow: "2.18.1", gpu: true });
    expect(calls.map(([command]) => command)).toEqual(["npm", "c++", process.execPath]);
    expect(calls[0]).toContain("--ignore-scripts");
    expect(calls[1]!.join(" ")).toMatch(/libtensorflow\.so\.2 .*libtensorflow_framework\.so\.2 -Wl,-rpath,/);
    expect(lines.map((line) => line.slice(0, 3))).toEqual(["1/3", "2/3", "3/3"]);
    expect(findInstallation(folder)).toMatchObject({
      source: "hooke-cuda setup",
      tensorflow: { kind: "libtensorflow", version: "2.18.1" },
    });
    // Again, over itself.
    await attempt({}, folder);
  });

  test.each([
    ["no npm", { npm: { code: 127 } }, "npm is not there"],
    ["no network", { npm: { code: 1, stderr: "npm error ENOTFOUND" } }, /check the network[\s\S]*ENOTFOUND/],
    [
      "no compiler",
      { "c++": { code: 127 } },
      /no C\+\+ compiler "c\+\+"\. Install a C\+\+ compiler .*apt install g\+\+/,
    ],
    [
      "old headers",
      { "c++": { code: 1, stderr: "In file\na.cc:1:2: error: no TFE_Context\nnote: here" } },
      /could not build the binding against .*:\na\.cc:1:2: error: no TFE_Context$/,
    ],
    [
      "a binding that fails",
      { [process.execPath]: { code: 134, stdout: "" } },
      "does not start: it ended with code 134",
    ],
  ])("%s", async (_, outcomes, message) => {
    const folder = newFolder();
    await expect(attempt(outcomes, folder)).rejects.toThrow(message);
    expect(findInstallation(folder)).toBeUndefined();
  });

  test("leaves a folder with something else in it alone", async () => {
    const folder = newFolder();
    writeFiles(folder, { "thesis.tex": "" });
    await expect(attempt({}, folder)).rejects.toThrow(/holds something else; give an empty or a new one with --folder/);
    await expect(attempt({}, join(folder, "thesis.tex"))).rejects.toThrow(/cannot write to .*thesis\.tex/);
  });

  test("a failed setup is not taken for the one before", async () => {
    const { folder } = await attempt({});
    expect(existsSync(setupPaths(folder).record)).toBe(true);
    await expect(attempt({ npm: { code: 1 } }, folder)).rejects.toThrow("npm could not fetch");
    expect(findInstallation(folder)).toBeUndefined();
  });

  test("asks npm for exact versions and the core of tfjs alone", async () => {
    const { folder } = await attempt({});
    const { dependencies, overrides } = JSON.parse(readFileSync(setupPaths(folder).manifest, "utf8"));
    const { dependencies: own } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect(dependencies["@tensorflow/tfjs-core"]).toBe(own["@tensorflow/tfjs-core"]);
    expect(overrides["@tensorflow/tfjs"]).toBe(`npm:@tensorflow/tfjs-core@${own["@tensorflow/tfjs-core"]}`);
  });
});

describe("pip's TensorFlow", () => {
  const python =
    (outcome: Partial<Outcome>): Run =>
    async () => ({ code: 0, stdout: "", stderr: "", ...outcome });

  test("with CUDA: versions, and NVIDIA's libraries beside it", async () => {
    const site = newFolder();
    writeFiles(site, {
      "tensorflow/include/tensorflow/c/c_api.h": "",
      "tensorflow/libtensorflow_cc.so.2": "",
      "tensorflow/libtensorflow_framework.so.2": "",
      "tensorflow/python/platform/build_info.py":
        "x([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)])",
      "tensorflow-2.21.0.dist-info/METADATA": "",
      "nvidia/cudnn/lib/libcudnn.so.9": "",
      "nvidia/cudnn/lib/libcudnn_ops.so.9": "",
      "nvidia/cuda_runtime/lib/libcudart.so.12": "",
      "nvidia/cuda_nvcc/bin/ptxas": "",
    });
    const found = await fromPython(python({ stdout: `${site}/tensorflow\n` }), "python3");
    expect(found).toMatchObject({ kind: "pip", version: "2.21.0", cuda: "12.5.1", cudnn: "9" });
    expect(found.libraries.map((path) => path.slice(site.length + 1))).toEqual([
      "tensorflow/libtensorflow_cc.so.2",
      "tensorflow/libtensorflow_framework.so.2",
      "nvidia/cuda_runtime/lib/libcudart.so.12",
      "nvidia/cudnn/lib/libcudnn.so.9",
    ]);
  });

  test.each([
    ["no Python", { code: 127 }, 'there is no Python at "py"'],
    ["not a Python", { code: 1, stderr: "boom" }, "could not say where its TensorFlow is:\nboom"],
    ["no TensorFlow", { stdout: "\n" }, 'has no TensorFlow; install it: py -m pip install "tensorflow[and-cuda]"'],
    ["an old one", { stdout: "/nowhere/tensorflow\n" }, /cannot be built against: .*c_api\.h and .* missing/],
  ])("%s", async (_, outcome, message) => {
    await expect(fromPython(python(outcome), "py")).rejects.toThrow(message);
  });
});
