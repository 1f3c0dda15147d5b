import { describe, expect, it } from "vitest";
import type { HostArray } from "./array.ts";
import type { Backend } from "./backend.ts";
import { compile, run } from "./compile.ts";
import { fail } from "./error.ts";
import { referenceBackend } from "./interpret.ts";
import { array, zeros } from "./make-array.ts";
import { add, convert, mul } from "./ops/elementwise.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import { asTensor } from "./record.ts";
import type { Tensor } from "./tensor.ts";
import { type Tree, treeMap } from "./tree.ts";

/** The reference backend, counting what is prepared and what buffers are alive. */
function counting(): {
  backend: Backend;
  prepared: () => number;
  executables: () => number;
  alive: () => number;
} {
  const inner = referenceBackend();
  let prepared = 0;
  let executables = 0;
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
      executables++;
      const executable = await inner.prepare(program, options);
      return {
        ...executable,
        run(inputs) {
          const outputs = executable.run(inputs);
          for (const output of outputs) alive.add(output);
          return outputs;
        },
        free() {
          executables--;
          executable.free();
        },
      };
    },
  };
  return { backend, prepared: () => prepared, executables: () => executables, alive: () => alive.size };
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
      'run: received the name "auto" as the backend; expected one that has started',
    );
    await expect(run(undefined as never, (x: Tensor) => x, array([1]))).rejects.toThrow("run: received undefined");
    expect(() => compile("wasm" as never, (x: Tensor) => x)).toThrow('compile: received the name "wasm"');
    expect(() => compile(referenceBackend(), 3 as never)).toThrow("compile: received 3 as the function");
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

describe("what a compiled function remembers", () => {
  const one = array([1]);
  const firstOf = async (pending: Promise<unknown>): Promise<number> => ((await pending) as HostArray).data[0]!;

  it("the whole structure of its arguments", async () => {
    const bias = compile(referenceBackend(), (t: Record<string, unknown>) =>
      add(t.w as Tensor, "bias" in t ? 1000 : 0),
    );
    expect(await firstOf(bias({ w: one }))).toBe(1);
    expect(await firstOf(bias({ w: one, bias: [] }))).toBe(1001);
    expect(await firstOf(bias({ w: one, bias: {} }))).toBe(1001);
    const kinds = compile(referenceBackend(), (t: unknown, x: Tensor) =>
      add(x, Array.isArray(t) ? 20 + t.length : 30 + Object.keys(t as object).length),
    );
    const results = [[], {}, { k: [] }, [[]], [{}], [[], []]].map((t) => firstOf(kinds(t as never, one)));
    expect(await Promise.all(results)).toEqual([21, 31, 32, 22, 22, 23]);
  });

  it("names with dots, quotes and brackets, lists and records apart", async () => {
    const { backend, prepared } = counting();
    const fn = compile(backend, (t: Tree<Tensor>) => treeMap(t, (x: Tensor, path) => add(x, path.length)));
    const trees: Tree<HostArray>[] = [{ a: { b: one } }, { "a.b": one }, [one], { 0: one }, { '"0":[': one }, [[one]]];
    for (const tree of [...trees, ...trees]) {
      const result = await fn(tree as never);
      expect(JSON.stringify(treeMap(result, () => 0))).toBe(JSON.stringify(treeMap(tree, () => 0)));
    }
    expect(prepared()).toBe(trees.length);
  });

  it("arguments as they were when it was called", async () => {
    const double = compile(referenceBackend(), (x: Tensor) => mul(x, 2));
    for (const expected of [2, 200]) {
      const x = array([expected / 2]);
      const pending = double(x);
      x.data[0] = 7;
      expect(await firstOf(pending)).toBe(expected);
    }
    const x = array([3]);
    const once = run(referenceBackend(), (y: Tensor) => mul(y, 2), x);
    x.data[0] = 7;
    expect(await firstOf(once)).toBe(6);
  });

  it("constants as they were when it was recorded, also where they change while it is", async () => {
    const factor = array([2]);
    const scale = compile(referenceBackend(), (x: Tensor) => mul(x, factor));
    expect(await firstOf(scale(array([5])))).toBe(10);
    factor.data[0] = 50;
    expect(await firstOf(scale(array([5])))).toBe(10);
    const result = await run(
      referenceBackend(),
      (x: Tensor) =>
        [1, 2, 3].map((k) => {
          factor.data[0] = k;
          return mul(x, factor);
        }),
      array([1]),
    );
    expect(result.map(({ data }) => data[0])).toEqual([1, 2, 3]);
  });

  it("nothing that its results share", async () => {
    const x = array([1, 2]);
    const same = compile(referenceBackend(), (y: Tensor) => [y, y, asTensor(x), asTensor(x)]);
    const results = [...(await same(x)), ...(await same(x)), x];
    expect(new Set(results.map(({ data }) => data.buffer)).size).toBe(results.length);
    results[2]!.data[0] = 100;
    expect((await same(x))[2]!.data[0]).toBe(1);
  });
});

describe("the programs of a compiled function", () => {
  it("are freed, after the calls that were made", async () => {
    const { backend, executables } = counting();
    const fn = compile(backend, (x: Tensor) => mul(x, 2));
    await fn(array([1, 2]));
    const pending = [fn(array([1])), fn(array([3, 4]))];
    fn.free();
    expect((await Promise.all(pending)).map(({ data }) => data[0])).toEqual([2, 6]);
    expect(executables()).toBe(0);
    await expect(fn(array([1]))).rejects.toMatchObject({ code: "freed" });
    expect(() => fn.free()).toThrow("compile: the compiled function was freed already");
  });

  it("are bounded in number: the one unused for longest goes", async () => {
    const { backend, executables, prepared } = counting();
    const fn = compile(backend, (x: Tensor) => mul(x, 2), { programs: 2 });
    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => fn(zeros([n]))));
    expect(results.map(({ shape }) => shape[0])).toEqual([1, 2, 3, 4, 5]);
    expect(executables()).toBe(2);
    await fn(zeros([4]));
    await fn(zeros([6]));
    await fn(zeros([4]));
    expect(prepared()).toBe(6);
    expect(() => compile(backend, (x: Tensor) => x, { program: 2 } as never)).toThrow('unknown option "program"');
  });

  it("leave nothing behind when a call is refused", async () => {
    const { backend, alive, executables } = counting();
    const fn = compile(backend, (x: Tensor, y: Tensor) => add(x, y));
    await fn(zeros([3]), zeros([3]));
    const wrong = { shape: [3], dtype: "f32", data: new Float32Array(2) } as const;
    const bool = { shape: [3], dtype: "bool", data: Uint8Array.of(0, 1, 2) } as const;
    await expect(fn(zeros([3]), wrong)).rejects.toThrow("compile: received f32[3] with 2 values; its shape holds 3");
    await expect(fn(zeros([3]), bool)).rejects.toThrow("the byte 2 at 2; a bool is 0 or 1");
    await expect(run(backend, (x: Tensor) => x, { x: wrong } as never)).rejects.toThrow('run: "x": received f32[3]');
    const failing: Backend = {
      ...backend,
      prepare: async () => {
        throw new Error("cannot");
      },
    };
    await expect(run(failing, (x: Tensor) => x, zeros([3]))).rejects.toThrow("cannot");
    let uploads = 0;
    const full: Backend = {
      ...backend,
      upload: (value) => (++uploads === 2 ? fail("test", "full", "out-of-memory") : backend.upload(value)),
    };
    await expect(run(full, (x: Tensor, y: Tensor) => [x, y], zeros([3]), zeros([3]))).rejects.toThrow("full");
    expect([alive(), executables()]).toEqual([0, 1]);
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
