// What the backend adds to the contract: errors with names, limits, the loss of the device, memory, and its end.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasm } from "@hooke/backend-wasm";
import { accumulate, adam, dense, fit, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import {
  add,
  array,
  broadcastTo,
  createRuntime,
  cumsum,
  mul,
  record,
  run,
  scan,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { sample } from "@hooke/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { findAdapter } from "./gpu.ts";
import { webgpu } from "./index.ts";

const softwareDriver = status.available && /SwiftShader|llvmpipe/.test(status.device);
const lacksGigabyte = status.available && /SwiftShader/.test(status.device);

async function openDevice(): Promise<GPUDevice> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter.requestDevice();
}

describe.skipIf(!status.available)(`the WebGPU backend${skipped}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });
  afterAll(() => backend.close());

  test("is found by name, and says what it runs on", async () => {
    const runtime = await createRuntime({ plugins: [webgpu], backend: "webgpu" });
    expect(runtime.backend.name).toBe("webgpu");
    const [found] = await runtime.backends();
    expect(found).toMatchObject({
      name: "webgpu",
      available: true,
      device: backend.deviceName,
      dtypes: backend.dtypes,
      memory: { bytes: expect.any(Number), of: "all arrays together" },
    });
  });

  test("is not chosen before wasm where it computes on the processor", async () => {
    const { choice, backends } = await createRuntime({ plugins: [webgpu, wasm], backend: "auto" });
    expect(choice.reason).toMatch(/wasm: about [\d.]+ ms a run/);
    expect(choice.reason).toMatch(/webgpu: about [\d.]+ ms a run/);
    if (!softwareDriver) return;
    expect(choice.name).toBe("wasm");
    // Whatever the work: it is slower in every respect.
    const [gpu, near] = (await backends()).map((status) => ("speed" in status ? status.speed! : undefined));
    expect(gpu!.launch).toBeGreaterThan(near!.launch);
    expect(gpu!.gigaflops).toBeLessThan(near!.gigaflops);
    expect(gpu!.gigabytes).toBeLessThan(near!.gigabytes);
  });

  test("refuses unknown options, and wrong values, by name", async () => {
    await expect(webgpuBackend({ powerPreferences: "low-power" } as never)).rejects.toMatchObject({
      code: "unknown-option",
      message: expect.stringContaining('Did you mean "powerPreference"?'),
    });
    await expect(webgpuBackend({ powerPreference: "fast" as never })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining('"high-performance", "low-power"'),
    });
  });

  test("leaves no arrays behind", async () => {
    const x = array([1, 2, 3]);
    const { program } = record((a: Tensor) => sum(mul(tanh(a), add(a, 1))), x);
    const executable = await backend.prepare(program);
    const before = backend.liveArrays;
    for (let i = 0; i < 300; i++) {
      const input = backend.upload(x);
      const [output] = executable.run([input]);
      if (i % 100 === 99) await backend.read(output!);
      backend.free(input);
      backend.free(output!);
    }
    expect(backend.liveArrays).toBe(before);
    executable.free();
  });

  test("refuses what is larger than the device allows, before anything runs", async () => {
    // A chain that nothing but a sum needs takes no memory; a running sum does.
    const huge = (x: Tensor) => sum(cumsum(broadcastTo(x, [1 << 15, 1 << 14]), 1));
    await expect(run(backend, huge, array([1]))).rejects.toThrow(/^backend webgpu: \w+ needs .*MiB.*wasm\.$/);
  });

  test("what a device with the least limits cannot bind is refused with a cure, which cures it", async () => {
    // 128 MiB at once, where it is not asked for more.
    const device = await openDevice();
    expect(device.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
    const small = await webgpuBackend({ device });
    const rows = 4096;
    const options = {
      backend: small,
      model: sequential([dense({ units: 4096, activation: "tanh" }), dense({ units: 1 })]),
      data: { train: dataset({ inputs: sample([rows, 2]), targets: sample([rows, 1]) }) },
      loss: mse(),
      learningRate: 0.1,
      epochs: 1,
      seed: 1,
    };
    await expect(fit({ ...options, optimizer: adam(), batchSize: rows })).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(
        /^backend webgpu: \w+ needs \d+ MiB .* binds at most 128 at once\. .*accumulate\(n, optimizer\)/,
      ),
    });
    const { stopReason } = await fit({ ...options, optimizer: accumulate(4, adam()), batchSize: rows / 4 });
    expect(stopReason).toBe("finished");
    await small.close();
    device.destroy();
  });

  test("a loop of more steps than the device has numbers for is refused by name, and the backend goes on", async () => {
    // 256 MiB, 256 bytes a step.
    const device = await openDevice();
    const small = await webgpuBackend({ device });
    const count = (length: number) => (x: Tensor) =>
      scan((sum: Tensor) => [add(sum, 1), []] as const, x, [], { length })[0];
    const long = small.prepare(record(count(device.limits.maxBufferSize / 256 + 1), array([0])).program);
    await expect(long).rejects.toThrow(/^backend webgpu: scan of \d+ steps: /);
    expect([...(await run(small, count(5), array([0]))).data]).toEqual([5]);
    await small.close();
    device.destroy();
  });

  test("a closed backend says so", async () => {
    const other = await webgpuBackend();
    await other.close();
    expect(() => other.upload(array([1]))).toThrow(expect.objectContaining({ code: "freed" }));
  });

  test("a failing shader is thrown with its primitive, and the backend goes on", async () => {
    const device = await openDevice();
    const broken = await webgpuBackend({ device });
    const { createShaderModule } = device;
    device.createShaderModule = () => createShaderModule.call(device, { code: "not a shader" });
    for (let i = 0; i < 2; i++) {
      await expect(run(broken, (x: Tensor) => tanh(x), array([1, 2]))).rejects.toThrow(
        /^backend webgpu: the kernel "loop tanh" does not compile: line 1, /,
      );
    }
    device.createShaderModule = createShaderModule;
    expect((await run(broken, (x: Tensor) => tanh(x), array([0, 0]))).data[0]).toBe(0);
    await broken.close();
    device.destroy();
  });

  test("a call that the device refuses is thrown with its primitive, and the backend goes on", async () => {
    const device = await openDevice();
    const shared = await webgpuBackend({ device });
    const { createBindGroup } = device;
    device.createBindGroup = ({ entries, ...rest }) =>
      createBindGroup.call(device, { ...rest, entries: [...entries].slice(1) });
    await expect(run(shared, (x: Tensor) => tanh(x), array([1, 2]))).rejects.toThrow(
      /^backend webgpu: [\s\S]*loop tanh[\s\S]*[^.]\. The results/,
    );
    device.createBindGroup = createBindGroup;
    expect((await run(shared, (x: Tensor) => tanh(x), array([0, 0]))).data[0]).toBe(0);
    await shared.close();
    device.destroy();
  });

  // SwiftShader has no gigabyte in one piece, which its limits allow; a GPU may well have this memory, and others allow less.
  test.skipIf(!lacksGigabyte)("a lack of memory is thrown with its primitive, and the backend goes on", async () => {
    const fresh = await webgpuBackend();
    // With what the program needs besides, it is a gigabyte to the byte.
    const { program } = record((x: Tensor) => tanh(broadcastTo(x, [(1 << 28) - 128])), array([1]));
    const lack = fresh.prepare(program);
    await expect(lack).rejects.toThrow(/^backend webgpu: \w+: the device has no memory left \([\s\S]*\)\. Use smaller/);
    await expect(lack).rejects.toMatchObject({ code: "out-of-memory" });
    expect((await run(fresh, (x: Tensor) => sum(x), array([1, 2]))).data[0]).toBe(3);
    await fresh.close();
  });

  test("a device that is lost before it is given is said to be", async () => {
    const device = await openDevice();
    device.destroy();
    await expect(webgpuBackend({ device })).rejects.toMatchObject({
      code: "device-lost",
      message: expect.stringMatching(
        /^backend webgpu: the GPU device was lost .*start the backend again with that one/,
      ),
    });
  });

  test("where memory does not grow, arrays before it stay, those beyond it are refused and hand nothing out twice", async () => {
    const device = await openDevice();
    const short = await webgpuBackend({ device });
    const before = short.upload(array([1, 2, 3]));
    await short.read(before);
    const large = (value: number) => array(new Float32Array(2 ** 21).fill(value));
    const { createBuffer } = device;
    device.createBuffer = (descriptor) => createBuffer.call(device, { ...descriptor, usage: 0 });
    const [one, two] = [short.upload(large(1)), short.upload(large(2))];
    device.createBuffer = createBuffer;
    await expect(short.read(before)).rejects.toThrow(/^backend webgpu: f32\[2097152\]: /);
    await expect(short.read(one)).rejects.toMatchObject({ code: "out-of-memory" });
    expect(() => short.write(two, large(2))).toThrow(/had no memory for the buffer f32\[2097152\].*upload it anew\.$/);
    const three = short.upload(large(3));
    short.free(one);
    short.free(two);
    const four = short.upload(large(4));
    expect((await short.read(three)).data).toEqual(large(3).data);
    expect((await short.read(four)).data).toEqual(large(4).data);
    expect([...(await short.read(before)).data]).toEqual([1, 2, 3]);
    await short.close();
    device.destroy();
  });

  test("losing a device that was given ends a training, its last checkpoint goes on elsewhere", async () => {
    const device = await openDevice();
    const rows = Array.from({ length: 32 }, (_, i) => [i / 32]);
    const saved: Uint8Array[] = [];
    const options = {
      model: dense({ units: 1 }),
      data: { train: dataset({ inputs: array(rows), targets: array(rows) }) },
      loss: mse(),
      optimizer: adam(),
      learningRate: 0.1,
      epochs: 3,
      batchSize: 8,
      seed: 1,
    };
    const save = (bytes: Uint8Array): void => {
      saved.push(bytes);
      if (saved.length === 5) device.destroy();
    };
    const lost = fit({ ...options, backend: await webgpuBackend({ device }), checkpoint: { every: 1, save } });
    await expect(lost).rejects.toThrow(/device was lost .*resume: checkpoint/);
    await expect(lost).rejects.toMatchObject({ code: "device-lost" });
    const whole = await fit({ ...options, backend });
    const resumed = await fit({ ...options, backend, resume: saved.at(-1)! });
    expect(resumed.history).toEqual(whole.history);
  });

  test.each(["end", "exit"])("a process with work under way ends cleanly: %s", async (how) => {
    const script = fileURLToPath(new URL("exit.fixture.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, how], { timeout: 30_000 });
    expect(stdout.trim()).toBe("started");
  });
});
