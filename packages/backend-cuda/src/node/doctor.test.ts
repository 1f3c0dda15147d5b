// What the doctor says on machines of every kind, and that each gap comes with its cure.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HookeError } from "@hooke/runtime";
import { afterAll, describe, expect, test } from "vitest";
import { cudaBackend, cudaFactory, findAvailability } from "./backend.ts";
import { examine, format, type Surroundings } from "./doctor.ts";
import { findDriver } from "./gpu.ts";
import { setupFolder, setupPaths } from "./installation.ts";
import { type Outcome, type Run, runIn } from "./run.ts";
import type { TensorFlow } from "./tensorflow.ts";

const root = mkdtempSync(join(tmpdir(), "hooke-cuda-doctor-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const emptyFolder = () => mkdtempSync(join(root, "machine-"));

/** A folder that looks set up. */
function builtFolder(): string {
  const folder = emptyFolder();
  const paths = setupPaths(folder);
  const tensorflow = { folder: "/tf", kind: "pip", version: "2.21.0", cuda: "12.5.1", cudnn: "9" };
  writeFileSync(paths.record, JSON.stringify({ tensorflow }));
  writeFileSync(paths.binding, "");
  return folder;
}

/** A machine with some programs. */
const machine =
  (programs: Readonly<Record<string, Partial<Outcome>>>): Run =>
  async (command) => ({ code: programs[command] ? 0 : 127, stdout: "", stderr: "", ...programs[command] });

const gpu = { stdout: "570.86, 143771, 9.0, NVIDIA H200\n| CUDA Version: 12.8 |" };
const answer = (gpu: boolean) => ({ stdout: `hooke{"tensorflow":"2.21.0","gpu":${gpu}}` });
const tensorflow: TensorFlow = {
  folder: "/tf",
  kind: "pip",
  version: "2.21.0",
  cuda: null,
  cudnn: undefined,
  include: "/tf/include",
  libraries: [],
};

const examined = (changes: Partial<Surroundings>) =>
  examine({
    run: machine({}),
    folder: emptyFolder(),
    compiler: "c++",
    findTensorflow: async () => {
      throw new HookeError('hooke-cuda: there is no Python at "python3".');
    },
    folders: [],
    given: {},
    node: "24.21.0",
    ...changes,
  });

describe.skipIf(process.platform !== "linux")("the command", () => {
  const cli = join(import.meta.dirname, "cli.ts");

  test("on a machine with nothing, names every gap and its cure and ends with 1", async () => {
    const run = runIn({ HOME: emptyFolder(), PATH: "" });
    const { code, stdout, stderr } = await run(process.execPath, [cli, "doctor"]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +Node +\d+/);
    expect(stdout.split("\n").slice(1).join("\n")).toBe(
      `missing   driver      there is no NVIDIA driver (nvidia-smi not found)
missing   GPU         none
missing   TensorFlow  there is no Python at "python3"; give the path of one that has TensorFlow.
missing   CUDA        comes with TensorFlow
missing   cuDNN       comes with TensorFlow
missing   compiler    "c++" not found
missing   npm         not found
missing   binding     not built

The backend cuda is not usable yet. What to do, in this order:
1. Install NVIDIA's driver (Debian, Ubuntu: \`sudo apt install nvidia-driver\`; WSL: on the Windows side) and restart; in a container, start it with \`--gpus all\`.
2. python3 -m venv ~/tensorflow && ~/tensorflow/bin/pip install "tensorflow[and-cuda]"
3. Install a C++ compiler (Debian, Ubuntu: \`sudo apt install g++\`; Fedora: \`sudo dnf install gcc-c++\`), or name yours in the variable CXX.
4. Install the npm that comes with Node.
5. npx hooke-cuda setup --python ~/tensorflow/bin/python
`,
    );
  });

  test.each([
    ["an unknown command", ["cure"], 'received "cure"; the commands are doctor and setup'],
    ["an unknown option", ["setup", "--gpu"], 'unknown option "--gpu"'],
    ["a Python that is not there", ["setup", "--python", "/no/python"], 'there is no Python at "/no/python"'],
    ["a folder that is no libtensorflow", ["setup", "--libtensorflow", "/no"], "/no cannot be built against: /no/inc"],
  ])("refuses %s without a stack trace", async (_, args, message) => {
    const { code, stderr } = await runIn({ HOME: emptyFolder(), PATH: "" })(process.execPath, [cli, ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });
});

describe("examine", () => {
  test("a GPU and a binding are all it takes", async () => {
    const run = machine({ "nvidia-smi": gpu, [process.execPath]: answer(true) });
    const report = await examined({ run, folder: builtFolder() });
    expect(report.usable).toBe(true);
    expect(format(report)).toContain("NVIDIA H200, 143771 MiB, compute capability 9.0");
    expect(format(report)).toContain("570.86, for CUDA up to 12.8");
    expect(format(report)).toMatch(/TensorFlow was built for 12\.5\.1[\s\S]*The backend cuda is usable\.$/);
  });

  test("a TensorFlow without CUDA is enough for the processor only", async () => {
    const given = { run: machine({ "c++": {}, npm: {} }), findTensorflow: async () => tensorflow };
    const forGpu = format(await examined(given));
    expect(forGpu).toContain("missing   CUDA        this TensorFlow was built without");
    expect(forGpu).toMatch(/tensorflow\[and-cuda\]"\n3\. npx hooke-cuda setup --python ~\/tensorflow\/bin\/python$/);
    const forCpu = format(await examined({ ...given, given: { cpu: true } }));
    expect(forCpu).toContain("unneeded  CUDA");
    expect(forCpu).toMatch(/in this order:\n1\. npx hooke-cuda setup$/);
  });

  const withoutGpu = machine({ "nvidia-smi": gpu, [process.execPath]: answer(false) });
  const steps = (report: Parameters<typeof format>[0]) =>
    format(report)
      .split(/\n\d\. /)
      .slice(1);

  test("a TensorFlow for CUDA whose libraries are not here asks for them, then for setup anew", async () => {
    const report = await examined({ run: withoutGpu, folder: builtFolder() });
    expect(report.usable).toBe(false);
    expect(format(report)).toContain(
      "missing   CUDA        TensorFlow was built for 12.5.1; libcudart.so.12 is not here",
    );
    expect(format(report)).toContain("missing   cuDNN       TensorFlow was built for 9; libcudnn.so.9 is not here");
    expect(format(report)).toMatch(/^ok +binding +starts TensorFlow 2\.21\.0/m);
    expect(format(report)).toMatch(/^missing +device +TensorFlow uses the processor/m);
    expect(steps(report)).toEqual([
      'python3 -m venv ~/tensorflow && ~/tensorflow/bin/pip install "tensorflow[and-cuda]"',
      "npx hooke-cuda setup --python ~/tensorflow/bin/python",
    ]);
  });

  test("libraries of the system, or in LD_LIBRARY_PATH, are found", async () => {
    const ldconfig = { stdout: "\tlibcudart.so.12 (libc6,x86-64) => /usr/lib/libcudart.so.12\n" };
    const place = emptyFolder();
    writeFileSync(join(place, "libcudnn.so.9"), "");
    const run = machine({ "nvidia-smi": gpu, [process.execPath]: answer(false), ldconfig });
    const report = await examined({ run, folder: builtFolder(), folders: [place] });
    expect(format(report)).toContain("TensorFlow was built for 12.5.1; its libraries are those of the system");
    expect(format(report)).toContain(`TensorFlow was built for 9; its libraries are those of ${place}`);
    // Everything is there: what TensorFlow itself says is the next thing to read.
    expect(steps(report)).toEqual([
      expect.stringMatching(/^See what TensorFlow misses: TF_CPP_MIN_LOG_LEVEL=0 node -e /),
    ]);
  });

  test("a driver older than TensorFlow's CUDA is to be updated, unless TensorFlow finds the GPU", async () => {
    const old = { stdout: "535.1, 24564, 8.9, NVIDIA RTX 4090\n| CUDA Version: 12.2 |" };
    const examineOld = (seesGpu: boolean) =>
      examined({ run: machine({ "nvidia-smi": old, [process.execPath]: answer(seesGpu) }), folder: builtFolder() });
    const report = await examineOld(false);
    expect(format(report)).toContain(
      "missing   driver      535.1, for CUDA up to 12.2; TensorFlow was built for 12.5.1",
    );
    expect(steps(report)[0]).toMatch(/^Update NVIDIA's driver to one for CUDA 12\.5\.1 or newer/);
    expect((await examineOld(true)).usable).toBe(true);
  });

  test("cures carry the options that were given, and for the processor a TensorFlow for it", async () => {
    const run = machine({ "c++": {}, npm: {} });
    const folder = emptyFolder();
    const given = { python: "/opt/python", folder: "/there" };
    const built = await examined({
      run,
      folder,
      findTensorflow: async () => ({ ...tensorflow, cuda: undefined }),
      given,
    });
    expect(steps(built).at(-1)).toBe("npx hooke-cuda setup --python /opt/python --folder /there");
    const forCpu = await examined({ run, folder, given: { cpu: true, folder: "/there" } });
    expect(steps(forCpu)).toEqual([
      "python3 -m venv ~/tensorflow && ~/tensorflow/bin/pip install tensorflow-cpu",
      "npx hooke-cuda setup --python ~/tensorflow/bin/python --folder /there",
    ]);
  });

  test("a binding whose TensorFlow has gone says so", async () => {
    const stderr = "node:internal\nError: libtensorflow_cc.so.2: cannot open shared object file\n    at dlopen";
    const run = machine({ "nvidia-smi": gpu, [process.execPath]: { code: 1, stderr } });
    const folder = builtFolder();
    const report = await examined({ run, folder });
    expect(report.usable).toBe(false);
    expect(format(report)).toContain("): libtensorflow_cc.so.2: cannot open shared object file");
    expect(await findAvailability(run, { folder })).toMatchObject({
      reason: "the binding of hooke-cuda setup fails: libtensorflow_cc.so.2: cannot open shared object file",
    });
  });

  test.skipIf(process.platform !== "linux")("Node 20 is too old", async () => {
    expect((await examined({ node: "20.20.2" })).findings[0]).toMatchObject({ state: "missing" });
  });
});

describe("availability", () => {
  test.each([
    ["no driver", {}, {}, "there is no NVIDIA driver (nvidia-smi not found)"],
    ["a driver that fails", { "nvidia-smi": { code: 9, stderr: "no devices" } }, {}, "shows no GPU: no devices"],
    ["no binding", { "nvidia-smi": gpu }, {}, "TensorFlow's binding for Node is not set up"],
    ["no GPU for TensorFlow", { "nvidia-smi": gpu, [process.execPath]: answer(false) }, builtFolder, "finds no GPU"],
  ])("%s: reason and cure", async (_, programs, folder, reason) => {
    const place = typeof folder === "function" ? folder() : emptyFolder();
    const found = await findAvailability(machine(programs), { folder: place });
    expect(found).toMatchObject({ available: false, reason: expect.stringContaining(reason) });
    expect("cure" in found && found.cure).toMatch(/\.$/);
  });

  test("names the device", async () => {
    const both = machine({ "nvidia-smi": gpu, [process.execPath]: answer(true) });
    const device = "NVIDIA H200 (TensorFlow 2.21.0)";
    const memory = { bytes: 143771 * 2 ** 20, of: "GPU memory" };
    expect(await findAvailability(both, { folder: builtFolder() })).toMatchObject({ available: true, device, memory });
    const none = machine({ [process.execPath]: answer(false) });
    const processor = { available: true, device: "the processor (TensorFlow 2.21.0)" };
    expect(await findAvailability(none, { folder: builtFolder(), acceptCpu: true })).toMatchObject(processor);
  });

  test("several GPUs, and names with commas", async () => {
    const list = { stdout: "570.86, 24564, 8.9, NVIDIA RTX 4090\n570.86, 12288, 8.6, Model A, rev. B\n" };
    const driver = await findDriver(machine({ "nvidia-smi": list }));
    expect(driver).toMatchObject({ gpus: [{ name: "NVIDIA RTX 4090" }, { name: "Model A, rev. B", memory: 12288 }] });
  });
});

test("the setup folder: given, from the environment, in the cache", () => {
  expect(setupFolder({ HOOKE_CUDA_FOLDER: "/b" }, "/a")).toBe("/a");
  expect(setupFolder({ HOOKE_CUDA_FOLDER: "/b", HOME: "/h" })).toBe("/b");
  expect(setupFolder({ XDG_CACHE_HOME: "/c", HOME: "/h" })).toBe("/c/hooke/cuda");
  expect(setupFolder({ HOME: "/h" })).toBe("/h/.cache/hooke/cuda");
});

test("the backend refuses unknown options and wrong values, with a code", async () => {
  await expect(cudaBackend({ acceptCPU: true } as never)).rejects.toMatchObject({
    code: "unknown-option",
    message: expect.stringContaining('Did you mean "acceptCpu"?'),
  });
  expect(() => cudaFactory({ folder: 3 as never })).toThrow('option "folder" is 3; expected the path of a folder.');
});
