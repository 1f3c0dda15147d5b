import { describe, expect, it } from "vitest";
import type { Backend } from "./backend.ts";
import { compile, run } from "./compile.ts";
import { referenceBackend } from "./interpret.ts";
import { array } from "./make-array.ts";
import { add, convert, mul } from "./ops/elementwise.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import type { Tensor } from "./tensor.ts";

/** The reference backend, counting what is prepared and what buffers are alive. */
function counting(): { backend: Backend; prepared: () => number; alive: () => number } {
  const inner = referenceBackend();
  let prepared = 0;
  const alive = new Set<object>();
  const backend: Backend = {
    ...inner,
    upload(value) {
      const buffer = inner.upload(value);
      alive.add(buffer);
      return buffer;
    },
    free(buffer) {
      alive.delete(buffer);
      inner.free(buffer);
    },
    async prepare(program, options) {
      prepared++;
      const executable = await inner.prepare(program, options);
      return {
        ...executable,
        run(inputs) {
          const outputs = executable.run(inputs);
          for (const output of outputs) alive.add(output);
          return outputs;
        },
      };
    },
  };
  return { backend, prepared: () => prepared, alive: () => alive.size };
}

describe("compile", () => {
  it("records once per combination of shapes, dtypes and structure, and frees what it made", async () => {
    const { backend, prepared, alive } = counting();
    let recorded = 0;
    const total = compile(backend, ({ x }: { x: Tensor }, factor: Tensor) => {
      recorded++;
      return { total: mul(sum(x), factor), parts: [x] };
    });
    const first = await total({ x: array([1, 2, 3]) }, 2);
    expect(first.total.data[0]).toBe(12);
    expect(Array.from(first.parts[0]!.data)).toEqual([1, 2, 3]);
    expect((await total({ x: array([4, 5, 6]) }, 3)).total.data[0]).toBe(45);
    expect([recorded, prepared()]).toEqual([1, 1]);
    await Promise.all([total({ x: array([1, 2]) }, 2), total({ x: array([3, 4]) }, 2)]);
    expect([recorded, prepared()]).toEqual([2, 2]);
    expect(alive()).toBe(0);
  });

  it("does not remember failures", async () => {
    let broken = true;
    const fn = compile(referenceBackend(), (x: Tensor) => {
      if (broken) throw new Error("not yet");
      return x;
    });
    await expect(fn(1)).rejects.toThrow("not yet");
    broken = false;
    expect((await fn(1)).data[0]).toBe(1);
  });

  it("says where an argument is wrong", async () => {
    const fn = compile(referenceBackend(), ({ x }: { x: Tensor }) => x);
    await expect(fn({ x: "three" as never })).rejects.toThrow(
      'received string at "x"; arguments are trees of host arrays',
    );
    await expect(fn({ x: null as never })).rejects.toThrow("received null");
  });

  it("refuses the name of a backend in its place", async () => {
    await expect(run("auto" as never, (x: Tensor) => x, array([1]))).rejects.toThrow(
      'backend: received the name "auto"; expected a backend that has started',
    );
    await expect(run(undefined as never, (x: Tensor) => x, array([1]))).rejects.toThrow("backend: received undefined");
  });

  it("refuses by name dtypes that the backend lacks, in loops too", async () => {
    const backend: Backend = { ...referenceBackend(), name: "small", dtypes: ["f32", "i32", "u32", "bool"] };
    const message = "backend small: does not run f64 (f64[2]); it runs f32, i32, u32, bool.";
    await expect(run(backend, (x: Tensor) => x, array([1, 2], { dtype: "f64" }))).rejects.toThrow(message);
    await expect(run(backend, (x: Tensor) => convert(convert(x, "f64"), "f32"), array([1, 2]))).rejects.toThrow(
      message,
    );
    const loop = (x: Tensor) =>
      scan((c: Tensor, z: Tensor) => [add(c, convert(convert(z, "f64"), "f32")), []] as const, x, array([[1, 2]]))[0];
    await expect(run(backend, loop, array([1, 2]))).rejects.toThrow(message);
  });
});

describe("the reference backend", () => {
  it("refuses freed buffers and arrays that do not fit", async () => {
    const backend = referenceBackend();
    const buffer = backend.upload(array([1, 2]));
    expect(() => backend.write(buffer, array([1]))).toThrow("write received f32[1] for a buffer of f32[2]");
    backend.free(buffer);
    await expect(backend.read(buffer)).rejects.toThrow("the buffer f32[2] has been freed");
  });
});
