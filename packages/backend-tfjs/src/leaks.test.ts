// What programs make on the device is given back: by the plan, on errors, and when programs and buffers are freed.
import {
  add,
  array,
  conv,
  convert,
  fold,
  HookeError,
  less,
  maxPool,
  mean,
  mul,
  optimize,
  randomKey,
  record,
  reshape,
  scan,
  select,
  sort,
  square,
  sub,
  type Tensor,
  tanh,
  uniform,
  valueAndGrad,
} from "@hooke/runtime";
import { sample } from "@hooke/testkit";
import { engine as core, getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { type Engine, engineBackend } from "./engine.fixture.ts";

/** A step with everything that allocates: dropout, convolution, pooling, a loop, a sort, an update in place. */
const step = (x: Tensor, key: Tensor, now: Tensor, w: Tensor, kernel: Tensor): readonly Tensor[] => {
  const kept = less(uniform(fold(key, now), [2, 4]), 0.5);
  const [loss, [dw, dk]] = valueAndGrad(([u, k]: readonly [Tensor, Tensor]) => {
    const seen = maxPool(tanh(conv(reshape(x, [1, 4, 4, 1]), k)), { window: [2, 2], stride: [1, 1] });
    const flat = select(kept, reshape(seen, [2, 4]), 0);
    const [state] = scan((h: Tensor, v: Tensor) => [tanh(add(mul(h, u), v)), h] as const, u, flat);
    return mean(square(sub(sort(state, 0), 0.5)));
  })([w, kernel]);
  return [loss, sub(w, mul(dw, 0.1)), sub(kernel, mul(dk, 0.1)), convert(kept, "i32")];
};
const inputs = [
  sample([4, 4]),
  randomKey(3),
  array(Uint32Array.of(1), { shape: [] }),
  sample([4]),
  sample([2, 2, 1, 2]),
];

/** Arrays are counted exactly: one that is left over once in a hundred steps is found in a few hundred. */
const steps = process.env.HOOKE_TESTS === "full" ? 10_000 : 400;

it.each<Engine>(["cpu", "wasm"])(
  `no array is left over from ${steps} steps on tfjs %s`,
  async (engine) => {
    const backend = await engineBackend(engine);
    const before = backend.liveArrays;
    const { program } = record(step, ...(inputs as [never, never, never, never, never]));
    const executable = await backend.prepare(optimize(program), { donate: [null, 3, 4, null] });
    const buffers = inputs.map((input) => backend.upload(input));
    const takeStep = (i: number): void => {
      backend.write(buffers[2]!, array(Uint32Array.of(i), { shape: [] }));
      const [loss, , , kept] = executable.run(buffers);
      backend.free(loss!);
      backend.free(kept!);
    };
    takeStep(0);
    const after = [backend.liveArrays, core().memory().numTensors];
    for (let i = 1; i <= steps; i++) takeStep(i);
    expect([backend.liveArrays, core().memory().numTensors]).toEqual(after);
    for (const buffer of buffers) backend.free(buffer);
    executable.free();
    expect(backend.liveArrays).toBe(before);
  },
  120_000,
);

it("a program that was freed says so, run or freed again", async () => {
  const backend = await engineBackend("cpu");
  const before = backend.liveArrays;
  const executable = await backend.prepare(record((v: Tensor) => add(v, array([1, 2, 3])), sample([3])).program);
  const x = backend.upload(sample([3]));
  executable.free();
  expect(() => executable.run([x])).toThrow("backend tfjs-cpu: the program was freed; prepare it again to run it.");
  expect(() => executable.free()).toThrow("backend tfjs-cpu: the program was freed");
  backend.free(x);
  expect(backend.liveArrays).toBe(before);
});

it("a kernel that fails is named with its primitive, and leaves nothing behind", async () => {
  const backend = await engineBackend("cpu");
  const config = getKernel("Tanh", "cpu");
  const x = backend.upload(sample([3]));
  const before = backend.liveArrays;
  const { program } = record((v: Tensor) => mul(tanh(add(mul(v, v), v)), v), sample([3]));
  unregisterKernel("Tanh", "cpu");
  registerKernel({
    ...config,
    kernelFunc: () => {
      throw new Error("the device is lost");
    },
  });
  try {
    const executable = await backend.prepare(program);
    expect(() => executable.run([x])).toThrow(HookeError);
    expect(() => executable.run([x])).toThrow(
      "backend tfjs-cpu: tanh: kernel Tanh of float32[3] failed: the device is lost",
    );
    executable.free();
  } finally {
    unregisterKernel("Tanh", "cpu");
    registerKernel(config);
  }
  expect(backend.liveArrays).toBe(before);
});
