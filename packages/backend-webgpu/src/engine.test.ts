// What of tfjs 4.22's WebGPU engine, kernels aside, has to be avoided: shown on the engine itself, and avoided by the backend.
import {
  array,
  convert,
  fold,
  type HostArray,
  interpret,
  randomBits,
  record,
  run,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { difference } from "@hooke/testkit";
import { env, getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { type RawEngine, rawEngine } from "./raw.fixture.ts";

describe.skipIf(!status.available)(`tfjs's WebGPU engine${skipped}`, () => {
  let raw: RawEngine;
  let own: WebgpuBackend;
  beforeAll(async () => {
    raw = await rawEngine();
    own = await webgpuBackend();
  });
  afterAll(async () => {
    await raw.close();
    await own.close();
  });

  const transposed = (): TensorInfo => {
    const { kernels } = raw;
    const x = {
      dataId: kernels.write(Float32Array.of(1, 2, 3, 4), [2, 2], "float32"),
      shape: [2, 2],
      dtype: "float32",
    };
    const { kernelFunc } = getKernel("Transpose", "webgpu");
    return kernelFunc({ inputs: { x } as never, backend: kernels, attrs: { perm: [1, 0] } }) as TensorInfo;
  };

  it("computes small arrays on the processor unless told not to; the backend tells it", async () => {
    env().set("WEBGPU_CPU_FORWARD", true);
    const near = transposed();
    env().set("WEBGPU_CPU_FORWARD", false);
    const far = transposed();
    const { tensorMap } = raw.kernels;
    expect([tensorMap.get(near.dataId).resource, tensorMap.get(far.dataId).resource]).toEqual([
      undefined,
      expect.anything(),
    ]);
    env().set("WEBGPU_CPU_FORWARD", true);
    const other = await webgpuBackend();
    expect(env().getBool("WEBGPU_CPU_FORWARD")).toBe(false);
    await other.close();
  });

  it("does not read synchronously in Node; the backend never does", async () => {
    const { dataId } = transposed();
    expect(() => raw.kernels.readSync(dataId)).toThrow("OffscreenCanvas");
    expect(Array.from((await raw.kernels.read(dataId)) as Float32Array)).toEqual([1, 3, 2, 4]);
    const { data } = await run(
      own,
      (x: Tensor) => transpose(x),
      array([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(Array.from(data)).toEqual([1, 3, 2, 4]);
  });

  it("keys made on the device give the same bits, in one program and from one to the next", async () => {
    const make = (x: Tensor): Tensor => convert(x, "u32");
    const bits = (key: Tensor): Tensor[] => [randomBits(key, [7]), randomBits(fold(fold(key, "mask"), 3), [4, 5])];
    const x = array([3, 4294967040]);
    const [key] = interpret(record(make, x).program, [x]) as [HostArray];
    const truth = interpret(record(bits, key).program, [key]);
    const compare = (results: readonly HostArray[]): void => {
      for (const [i, result] of results.entries()) expect(difference(result, truth[i]!)).toBeUndefined();
    };
    compare(await run(own, (v: Tensor) => bits(make(v)), x));
    const first = await own.prepare(record(make, x).program);
    const second = await own.prepare(record(bits, key).program);
    const [made] = first.run([own.upload(x)]);
    for (let i = 0; i < 2; i++) compare(await Promise.all(second.run([made!]).map((buffer) => own.read(buffer))));
    // The same program still takes keys from the host.
    compare(await Promise.all(second.run([own.upload(key)]).map((buffer) => own.read(buffer))));
    expect(difference(await own.read(made!), key)).toBeUndefined();
  });
});
