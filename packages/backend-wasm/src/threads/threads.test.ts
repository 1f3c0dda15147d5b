// Programs with large kernels: the same bits on any number of threads, whatever else the machine does; and threads that are only there
// where they are needed.
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { add, matmul, optimize, record, type Tensor } from "@hooke/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WasmBackend, wasmBackend } from "../backend.ts";
import { BackwardsBackend } from "./backwards.fixture.ts";
import { digestOf, largePrograms, results } from "./large.fixture.ts";

const script = fileURLToPath(new URL("large.fixture.ts", import.meta.url));
const { program } = largePrograms[1]!;
const digest = async (backend: WasmBackend, runs: number): Promise<string> => {
  const digests = new Set((await results(backend, program, runs)).map(digestOf));
  expect(digests.size).toBe(1);
  return [...digests][0]!;
};

describe("results are the same bits on one, two and three threads, and close to those of undivided kernels", () => {
  const [one, two, three] = [1, 2, 3].map((threads) => new WasmBackend({ threads })) as [
    WasmBackend,
    WasmBackend,
    WasmBackend,
  ];
  // What is divided for three, and in more blocks for eight, the last piece first.
  const backwards = [3, 8].map((threads) => new BackwardsBackend({ threads }));
  const whole = new WasmBackend({ threads: 1 }, 1e12);
  test.each(largePrograms)("$name", async ({ name, program }) => {
    const [expected] = await results(one, program, 1);
    for (const run of await results(two, program, 5)) expect(digestOf(run)).toBe(digestOf(expected!));
    for (const run of await results(three, program, 2)) expect(digestOf(run)).toBe(digestOf(expected!));
    for (const backend of backwards)
      expect(digestOf((await results(backend, program, 1))[0]!)).toBe(digestOf(expected!));
    const [undivided] = await results(whole, program, 1);
    const tolerance = name.includes("f64") ? 1e-12 : 1e-5;
    for (const [i, { data }] of undivided!.entries()) {
      const pairs = Array.from(data, (value, j) => [value, expected![i]!.data[j]!] as const);
      const scale = pairs.reduce((most, [value]) => Math.max(most, Math.abs(value)), 0);
      const error = pairs.reduce((most, [value, divided]) => Math.max(most, Math.abs(value - divided)), 0);
      expect(error).toBeLessThanOrEqual(tolerance * scale);
    }
  });
});

test("several backends work at once", async () => {
  const backends = [1, 2, 2, 3].map((threads) => new WasmBackend({ threads }));
  const all = await Promise.all(
    backends.flatMap((backend) => [
      digest(backend, 3),
      ...largePrograms.slice(6, 8).map(({ program }) => results(backend, program, 2)),
    ]),
  );
  const texts = all.map((each) => (typeof each === "string" ? each : each.map(digestOf).join()));
  expect(new Set(texts).size).toBe(3);
});

describe("workers", () => {
  const threads = process.getBuiltinModule("node:worker_threads");
  afterEach(() => vi.restoreAllMocks());

  test("do not start for small programs, nor on one thread", async () => {
    const started = vi.spyOn(threads, "Worker");
    vi.resetModules();
    const { wasmBackend } = await import("../backend.ts");
    const small = optimize(record((x: Tensor) => add(matmul(x, x), 1), { shape: [64, 64], dtype: "f32" }).program);
    await results(wasmBackend({ threads: 4 }), small, 2);
    await results(wasmBackend({ threads: 1 }), program, 2);
    expect(started).not.toHaveBeenCalled();
    await results(wasmBackend({ threads: 3 }), program, 2);
    expect(started).toHaveBeenCalledTimes(2);
  });

  test("that are forbidden are not missed", async () => {
    vi.spyOn(threads, "Worker").mockImplementation(() => {
      throw new Error("forbidden");
    });
    vi.resetModules();
    const { WasmBackend: Fresh } = await import("../backend.ts");
    expect(await digest(new Fresh({ threads: 2 }), 2)).toBe(await digest(new WasmBackend({ threads: 1 }), 1));
  });

  test("work for a backend inside a worker, and end with it", async () => {
    const code = `import(${JSON.stringify(`file://${script}`)}).then(async ({ digestOf, largePrograms, results }) => {
      const { wasmBackend } = await import(${JSON.stringify(new URL("../backend.ts", import.meta.url).href)});
      const digests = (await results(wasmBackend({ threads: 2 }), largePrograms[1].program, 4)).map(digestOf);
      require("node:worker_threads").parentPort.postMessage(digests);
    })`;
    const worker = new Worker(code, { eval: true });
    const digests = await new Promise<string[]>((resolve, reject) => worker.on("message", resolve).on("error", reject));
    expect(new Set(digests)).toEqual(new Set([await digest(new WasmBackend({ threads: 1 }), 1)]));
    await worker.terminate();
  });

  test("let processes end, which agree on the bits however many threads HOOKE_THREADS gives them", async () => {
    const outputs = await Promise.all(
      ["1", "2", "3"].map((HOOKE_THREADS) =>
        promisify(execFile)(process.execPath, [script, "4"], {
          timeout: 60_000,
          env: { ...process.env, HOOKE_THREADS },
        }),
      ),
    );
    expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(
      new Set([`${await digest(new WasmBackend({ threads: 1 }), 1)}\n`]),
    );
  });
});

test("a machine whose cores are busy slows two threads down in proportion", async () => {
  const busy = [1, 2].map(() => spawn(process.execPath, ["--eval", "for (;;);"]));
  try {
    const time = async (threads: number): Promise<number> => {
      const backend = new WasmBackend({ threads });
      await digest(backend, 10);
      const start = performance.now();
      await digest(backend, 40);
      return performance.now() - start;
    };
    const [one, two] = [await time(1), await time(2)];
    console.log(`40 runs beside two busy processes: ${one.toFixed(0)} ms on one thread, ${two.toFixed(0)} on two`);
    // Threads that spin for each other take 30 times as long.
    expect(two).toBeLessThan(6 * one + 400);
  } finally {
    for (const process of busy) process.kill("SIGKILL");
  }
});

test.each([
  [{ threads: 0 }, 'wasmBackend: option "threads" is 0; expected a whole number from 1 to 64.'],
  [{ threads: 1.5 }, 'wasmBackend: option "threads" is 1.5; expected a whole number from 1 to 64.'],
  [{ threads: "2" }, 'wasmBackend: option "threads" is "2"; expected a whole number from 1 to 64.'],
  [
    { thread: 2 },
    'wasmBackend: received the unknown option "thread". It has "threads", "winograd", "wide". Did you mean "threads"?',
  ],
])("refuses %o", (options, message) => {
  expect(() => wasmBackend(options as never)).toThrow(message);
});

test("refuses a HOOKE_THREADS that is no number of threads, unless it is not asked", () => {
  for (const wrong of ["0", "two", "1e9"]) {
    vi.stubEnv("HOOKE_THREADS", wrong);
    expect(() => wasmBackend()).toThrow(`HOOKE_THREADS is "${wrong}"; expected a whole number from 1 to 64.`);
    expect(wasmBackend({ threads: 1 }).name).toBe("wasm");
  }
  vi.unstubAllEnvs();
});
