// What profiles say of programs whose costs are known, and that measuring changes no bit.
import { renderReport } from "@hooke/report";
import { add, array, compile, conv, matmul, mul, optimize, record, scan, sum, type Tensor, tanh } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { wasmBackend } from "../backend.ts";
import { type Profile, profile, profilingBackend } from "./index.ts";

const waves = (...shape: number[]) =>
  array(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
    { shape },
  );

const profileOf = (
  fn: (...args: Tensor[]) => Tensor | Tensor[],
  args: ReturnType<typeof waves>[],
  threads = 2,
): Promise<Profile> => profile(optimize(record(fn, ...args).program), args, { threads, milliseconds: 20 });

const loop = (w: Tensor, xs: Tensor, start: Tensor): Tensor =>
  scan((total: Tensor, x: Tensor) => [add(total, tanh(matmul(x, w))), []] as const, start, xs)[0];
const inOrder = (w: Tensor, xs: Tensor, start: Tensor): Tensor =>
  scan((state: Tensor, x: Tensor) => [tanh(add(matmul(w, state), x)), []] as const, start, xs)[0];
const inBlocks = (w: Tensor, xs: Tensor, start: Tensor): Tensor =>
  scan((state: Tensor, x: Tensor) => [tanh(add(matmul(state, w), x)), []] as const, start, xs)[0];
const padding: [number, number][] = [
  [1, 1],
  [1, 1],
];
const steps = [waves(64, 64), waves(20, 64, 64), waves(64, 64)];

describe("profile", () => {
  it("counts operations and bytes, and divides the whole time among kernels", async () => {
    const { kernels, milliseconds, machine, runs } = await profileOf(
      (a, b) => tanh(matmul(a, b)),
      [waves(256, 128), waves(128, 256)],
    );
    expect(kernels.map(({ operations, bytes, times }) => [operations, bytes, times])).toEqual([
      [2 * 256 * 256 * 128, 4 * (2 * 256 * 128 + 256 * 256), 1],
      [256 * 256, 2 * 4 * 256 * 256, 1],
    ]);
    expect(runs).toBeGreaterThan(0);
    const total = kernels.reduce((all, kernel) => all + kernel.milliseconds, 0);
    expect(total).toBeGreaterThan(0.5 * milliseconds);
    expect(total).toBeLessThanOrEqual(1.001 * milliseconds);
    for (const { floor } of kernels) expect(floor).toBeGreaterThan(0);
    expect(machine.all.threads).toBe(2);
    for (const { gigaflops, memory } of [machine.one, machine.all]) {
      expect(Math.min(gigaflops.f32, gigaflops.f64, ...memory.map(({ gigabytes }) => gigabytes))).toBeGreaterThan(0);
    }
  });

  it.each([
    ["side by side", loop, ["scan", "dot", "loop tanh", "in turn: loop add"], 20],
    ["in order", inOrder, ["scan", "dot", "loop add tanh"], 20],
    ["in blocks of rows", inBlocks, ["scan", "dot", "loop add tanh"], 80],
  ])("measures the steps of loops %s, each kernel as often as it runs", async (_, fn, labels, runs) => {
    const { kernels } = await profileOf(fn, steps);
    expect(kernels.map(({ label }) => label).slice(0, labels.length)).toEqual(labels);
    for (const { times, milliseconds } of kernels.slice(1)) {
      expect(times).toBe(runs);
      expect(milliseconds).toBeGreaterThan(0);
    }
    expect(kernels[1]!.operations).toBe(20 * 2 * 64 ** 3);
  });

  it("takes the products of convolutions in tiles for what they are", async () => {
    const images = [waves(4, 32, 32, 16), waves(3, 3, 16, 16)];
    const [tiles] = (await profileOf((x, kernel) => conv(x, kernel, { padding }), images)).kernels;
    expect(tiles!.label).toBe("conv in tiles");
    expect(tiles!.operations).toBe(2 * 4 * 32 * 32 * 9 * 16 * 16);
    // Tiles of 4 x 4 outputs have 36 places.
    expect(tiles!.issued).toBe(2 * 4 * 8 * 8 * 36 * 16 * 16);
    expect(tiles!.boundBy).toBe("operations");
  });

  it("writes a trace that viewers open, of threads", async () => {
    const { trace } = await profileOf(loop, steps);
    const { traceEvents } = JSON.parse(trace) as {
      traceEvents: { ph: string; tid: number; name: string; ts: number; dur: number }[];
    };
    const spans = traceEvents.filter(({ ph }) => ph === "X");
    expect(spans.filter(({ name }) => name === "dot")).toHaveLength(20);
    for (const tid of [0, 1]) {
      const own = spans.filter((span) => span.tid === tid);
      for (const [i, { ts }] of own.slice(1).entries())
        expect(ts).toBeGreaterThanOrEqual(own[i]!.ts + own[i]!.dur - 0.002);
    }
  });

  it("is a table, and figures of a report", async () => {
    const { text, figures } = await profileOf((a, b) => tanh(matmul(a, b)), [waves(8, 4), waves(4, 16)]);
    expect(text.split("\n")).toHaveLength(5);
    expect(text).toMatch(/^[\d.]+ ms a run, mean of \d+; 2 kernels; floor [\d.]+ ms: [\d.]+ %\n/);
    const page = await renderReport({ title: "Profile", figures });
    expect(page).toContain("0: dot");
    expect(page).toContain("1: loop tanh");
  });

  it("goes on with what is donated", async () => {
    const { program } = record((x: Tensor) => add(x, 1), waves(8));
    const { kernels } = await profile(program, [waves(8)], { donate: [0], milliseconds: 5 });
    expect(kernels).toHaveLength(1);
  });

  it("refuses what cannot be right, and stops", async () => {
    const { program } = record((x: Tensor) => add(x, 1), waves(8));
    await expect(profile(program, [])).rejects.toThrow("profile: received 0 arrays; the program has 1 inputs.");
    await expect(profile(program, [waves(7)])).rejects.toThrow("[7]");
    await expect(profile(program, [waves(8)], { milliseconds: 0 })).rejects.toThrow("milliseconds");
    await expect(profile({} as never, [])).rejects.toThrow("profile");
    await expect(profile(program, [waves(8)], { signal: AbortSignal.abort() })).rejects.toThrow("abort");
  });
});

describe("profilingBackend", () => {
  it("computes the same bits, and has a profile of each program that ran", async () => {
    const large = (a: Tensor, b: Tensor, w: Tensor, xs: Tensor): Tensor[] => [
      sum(mul(matmul(a, b), a), { axes: [0] }),
      loop(w, xs, w),
    ];
    const args = [waves(256, 256), waves(256, 256), waves(64, 64), waves(20, 64, 64)] as const;
    const backend = profilingBackend({ threads: 2 });
    const [measured, plain] = await Promise.all(
      [backend, wasmBackend({ threads: 2 })].map((each) => compile(each, large)(...args)),
    );
    expect(measured).toEqual(plain);
    expect(await backend.profiles()).toHaveLength(1);
  });
});
