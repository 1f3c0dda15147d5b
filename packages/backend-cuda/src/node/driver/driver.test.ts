// Programs through the driver: on a processor that stands in for a GPU, so that everything but the GPU is tried. `HOOKE_TESTS=full` runs the whole suite.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, type Callback, dense, dropout, fit, type Layer, mse, type RecoveryEvent, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { gru, lastStep } from "@hooke/layers-seq";
import {
  add,
  array,
  type Backend,
  compile,
  type HostArray,
  matmul,
  mul,
  optimize,
  record,
  referenceBackend,
  run,
  scan,
  sum,
  type Tensor,
  tanh,
  treeLeaves,
} from "@hooke/runtime";
import { difference } from "@hooke/testkit";
import { conformanceChecks, runChecks } from "@hooke/testkit/suite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CudaBackend } from "../cuda-backend.ts";
import { format } from "../doctor.ts";
import { driverBackend } from "./backend.ts";
import { compile as compileKernel, findCompilers } from "./compiler.ts";
import { findAll, type Lack } from "./find.ts";
import { findKoffi } from "./library.ts";
import { reportOf } from "./report.ts";
import { lacks, type StandIn, standIn } from "./stand-in.fixture.ts";

const isFull = process.env.HOOKE_TESTS === "full";
const illegalAddress = 700;

const waves = (...shape: number[]): HostArray =>
  array(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.7 * i)),
    { shape },
  );

const recurrent = sequential([gru({ hiddenSize: 4 }), lastStep(), dense({ units: 1 })]);
const perceptron = sequential([dense({ units: 4, activation: "tanh" }), dropout({ rate: 0.2 }), dense({ units: 1 })]);

const train = (backend: Backend, model: Layer, shape: readonly number[], callbacks: readonly Callback[] = []) =>
  fit({
    backend,
    model,
    data: { train: dataset({ inputs: waves(...shape), targets: waves(shape[0]!, 1) }) },
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.02,
    epochs: 2,
    batchSize: 8,
    seed: 1,
    callbacks: [...callbacks],
  });

const bitsOf = (tree: unknown): unknown =>
  treeLeaves<HostArray>(tree as never).map(({ path, value }) => [
    path,
    [...new Uint8Array(value.data.buffer.slice(0))],
  ]);

describe.skipIf(lacks)(`programs through the driver${lacks ? ` (skipped: ${lacks})` : ""}`, () => {
  let driver: StandIn;
  let backend: CudaBackend;
  beforeAll(async () => {
    driver = await standIn();
    backend = driverBackend(driver.found, driver.kernels);
  });
  afterAll(() => backend.close());

  test("pass the checks of the contract, of inputs, outputs and donation; all others where they are asked for", async () => {
    const checks = conformanceChecks(9e4).filter(
      ({ group }) => isFull || ["contract", "inputs and outputs", "donated inputs"].includes(group),
    );
    const results = await runChecks(backend, {}, checks);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(results.reduce((ran, result) => ran + result.ran, 0)).toBeGreaterThan(20);
  }, 3_600_000);

  test.each([
    ["a perceptron", perceptron, [20, 2]],
    ["a recurrent network", recurrent, [16, 3, 2]],
  ] as const)("train %s as WebAssembly does, with nothing left behind", async (_, model, shape) => {
    const before = backend.liveArrays;
    const [here, there] = [await train(backend, model, shape), await train(wasmBackend(), model, shape)];
    for (const [epoch, { loss }] of here.history.entries()) {
      expect(Math.abs(loss / there.history[epoch]!.loss - 1)).toBeLessThan(1e-3);
    }
    expect(backend.liveArrays).toBe(before);
    expect(bitsOf((await train(backend, model, shape)).model.variables)).toEqual(bitsOf(here.model.variables));
  });

  test("go on behind an error that a GPU does not survive, to the same bits", async () => {
    const whole = await train(backend, perceptron, [20, 2]);
    const told: RecoveryEvent[] = [];
    const losing: Callback = {
      onStep: ({ step }) => void (step === 2 && driver.fail(illegalAddress)),
      onRecovery: (event) => void told.push(event),
    };
    const found = await train(backend, perceptron, [20, 2], [losing]);
    expect(found.history).toEqual(whole.history);
    expect(bitsOf(found.model.variables)).toEqual(bitsOf(whole.model.variables));
    expect(told).toHaveLength(1);
    expect(told[0]!.reason).toMatch(/context was lost \(CUDA_ERROR_ILLEGAL_ADDRESS: .*, heard behind the kernels "/);
  });

  test("refuse what a lost context held, and say why no other is opened", async () => {
    const [kept, lost] = [backend.upload(waves(3)), backend.upload(waves(3))];
    driver.fail(illegalAddress);
    const double = optimize(record((x: Tensor) => add(x, x), waves(3)).program);
    const executable = await backend.prepare(double);
    const [result] = executable.run([kept]);
    await expect(backend.read(result!)).rejects.toThrow("CUDA_ERROR_ILLEGAL_ADDRESS");
    expect(() => backend.upload(waves(3))).toThrow("await backend.reopen()");
    driver.refuse(illegalAddress);
    await expect(backend.reopen!()).rejects.toThrow(/opens no other in its place: .*start the program again/);
    driver.refuse(0);
    await backend.reopen!();
    await expect(backend.read(lost)).rejects.toThrow("was on a GPU device that was lost");
    backend.write(kept, waves(3));
    const [again] = executable.run([kept]);
    expect((await backend.read(again!)).data).toEqual(waves(3).data.map((x) => 2 * x));
    for (const buffer of [kept, lost, result!, again!]) backend.free(buffer);
    executable.free();
  });

  test("have groups that share what they read, and wait for each other", async () => {
    const [a, b] = [waves(64, 40), waves(40, 64)];
    const product = compile(backend, (a: Tensor, b: Tensor) => matmul(a, b));
    const expected = await run(referenceBackend(), (a: Tensor, b: Tensor) => matmul(a, b), a, b);
    expect(difference(await product(a, b), expected, { relative: 1e-5, magnitude: "largest or 1" })).toBeUndefined();
  });

  test("run loops without the host, and point to arrays wherever they are", async () => {
    const sums = compile(
      backend,
      (x: Tensor) =>
        scan((carry: Tensor, row: Tensor) => [add(mul(carry, 2), sum(row)), carry] as const, 0, x, {
          reverse: true,
        })[0],
    );
    const x = array([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const others = Array.from({ length: 3 }, () => backend.upload(waves(5)));
    for (let round = 0; round < 3; round++) {
      expect((await sums(x)).data).toEqual(Float32Array.of(3 + 2 * 7 + 4 * 11));
      backend.free(others[round]!);
    }
  });

  test("read what was there when it was asked for, large arrays too; memory grows around what is there", async () => {
    const before = backend.liveArrays;
    const small = backend.upload(waves(1000));
    const twos = array(new Float32Array(12_000_000).fill(2));
    const large = backend.upload(twos);
    const reads = [backend.read(small), backend.read(large)];
    backend.write(small, array(new Float32Array(1000)));
    backend.free(large);
    const larger = backend.upload(array(new Float32Array(20_000_000).fill(3)));
    expect((await reads[0]!).data).toEqual(waves(1000).data);
    expect(Buffer.compare(Buffer.from((await reads[1]!).data.buffer), Buffer.from(twos.data.buffer))).toBe(0);
    expect((await backend.read(small)).data).toEqual(new Float32Array(1000));
    expect((await backend.read(larger)).data.at(-1)).toBe(3);
    backend.free(small);
    backend.free(larger);
    expect(backend.liveArrays).toBe(before);
  });

  test("say what memory lacks, and go on", async () => {
    const mebibyte = 2 ** 20;
    driver.limit(300 * mebibyte);
    const small = backend.upload(waves(10));
    expect(() => backend.upload(array(new Float32Array(100_000_000)))).toThrow(
      /f32\[100000000\] \(\d+ MiB in all\): the GPU has no memory left \(CUDA_ERROR_OUT_OF_MEMORY: .*smaller batches/,
    );
    driver.limit(4096 * mebibyte);
    expect((await backend.read(small)).data).toEqual(waves(10).data);
    backend.free(small);
    const all = { shape: [2 ** 30 - 64], dtype: "f32" } as const;
    const { program } = record((x: Tensor) => tanh(x), all);
    await expect(backend.prepare(program)).rejects.toThrow(/tanh needs \d+ MiB with the \d+ in use; this device binds/);
  });

  test("name a kernel that does not compile, and its line", async () => {
    const launch = { label: "tanh @ 0", code: "namespace kernels {\n  int x = ;\n}" };
    await expect(compileKernel(driver.found.compiler, 80, launch)).rejects.toThrow(
      /^backend cuda: the kernel "tanh @ 0" does not compile: line 2, "int x = ;": /,
    );
  });

  test("say what is missing", async () => {
    const places = { environment: { HOOKE_NVRTC: "none.so" }, packages: [] };
    expect(await findAll({ ...places, driver: "libcuda-that-is-not-here.so" })).toMatchObject({
      what: "driver",
      reason: expect.stringContaining("libcuda-that-is-not-here.so"),
    });
    const report = format(reportOf(driver.found));
    expect(report).toMatch(
      /^ok +koffi +3\..*\nok +driver +for CUDA up to 13\.0\nok +GPU +a processor in place of a GPU, 4096 MiB/,
    );
    const path = driver.library;
    const lack = await findAll({ ...places, driver: path });
    expect(format(reportOf(lack as Lack))).toMatch(
      /ok +GPU +there\nmissing +NVRTC +HOOKE_NVRTC is none.so, which cannot be opened/,
    );
    expect(lack).toMatchObject({
      what: "NVRTC",
      cure: expect.stringContaining("nvidia-cuda-nvrtc==13.*"),
    });
  });
});

const koffi = await findKoffi();
const [nvrtc] = koffi === undefined ? [] : findCompilers(koffi, process.env, []);
describe.skipIf(nvrtc === undefined)(`NVRTC${nvrtc ? "" : " (skipped: none here)"}`, () => {
  test("compiles kernels, and names what it refuses", async () => {
    const launch = { label: "loop", code: 'extern "C" __global__ void kernel(unsigned* words) { words[0] = 1u; }' };
    const image = await compileKernel(nvrtc!, 80, launch);
    expect(String.fromCharCode(...image.subarray(1, 4))).toBe("ELF");
    const wrong = { label: "loop", code: "__device__ int x;\n__device__ int y = ;" };
    await expect(compileKernel(nvrtc!, 80, wrong)).rejects.toThrow(
      '"loop" does not compile: line 2, "__device__ int y = ;": ',
    );
  });
});
