// Selection: work counted from programs by hand, and the backend that should finish it first.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DType } from "./array.ts";
import { referenceBackend } from "./interpret.ts";
import { zeros } from "./make-array.ts";
import { convert, tanh } from "./ops/elementwise.ts";
import { conv, matmul } from "./ops/linear.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import { reshape } from "./ops/structure.ts";
import { optimize } from "./passes/optimize.ts";
import { type BackendFactory, definePlugin } from "./plugin.ts";
import { record } from "./record.ts";
import { createRuntime } from "./runtime.ts";
import type { Tensor } from "./tensor.ts";
import { grad } from "./transforms/grad.ts";
import { durationOf, type Speed, type Work, workOf } from "./work.ts";

describe("the work of a program", () => {
  const workOfFunction = (fn: (...args: Tensor[]) => Tensor, ...shapes: readonly (readonly number[])[]) =>
    workOf(optimize(record(fn as never, ...(shapes.map((shape) => zeros(shape)) as never[])).program));

  it("a product and what follows it", () => {
    const work = workOfFunction((a, b) => tanh(matmul(a!, b!)), [3, 5], [5, 7]);
    // The function of an element is some multiplications, too.
    const launches = { count: 2, bytes: 4 * (15 + 35 + 21 + 21 + 21) };
    expect(work).toEqual({
      primitives: launches,
      kernels: launches,
      operations: 2 * 3 * 5 * 7 + 32 * 21,
      dtypes: ["f32"],
    });
  });

  it("a convolution and both of its gradients", () => {
    const forward = 2 * (2 * 4 * 4 * 6) * (3 * 3 * 5);
    const convolved = (x: Tensor, kernel: Tensor): Tensor => conv(x, kernel);
    expect(workOfFunction(convolved as never, [2, 6, 6, 5], [3, 3, 5, 6]).operations).toBe(forward);
    const both = (x: Tensor, kernel: Tensor): Tensor => grad((z: Tensor) => sum(convolved(z, kernel)))(x);
    expect(workOfFunction(both as never, [2, 6, 6, 5], [3, 3, 5, 6]).operations).toBe(forward);
    const kernels = (x: Tensor, kernel: Tensor): Tensor => grad((z: Tensor) => sum(convolved(x, z)))(kernel);
    expect(workOfFunction(kernels as never, [2, 6, 6, 5], [3, 3, 5, 6]).operations).toBe(forward);
  });

  it("a loop counts its body as often as it runs", () => {
    const loop = (x: Tensor): Tensor => scan((carry: Tensor) => [tanh(carry), []] as const, x, [], { length: 10 })[0];
    expect(workOfFunction(loop as never, [4])).toMatchObject({
      primitives: { count: 10, bytes: 10 * 32 },
      kernels: { count: 10, bytes: 10 * 32 },
    });
  });

  it("leaves out what costs nothing, and knows every dtype, those inside of loops too", () => {
    const counts = (x: Tensor): Tensor =>
      scan((carry: Tensor) => [reshape(reshape(carry, [2, 2]), [4]), convert(carry, "f64")] as const, x, [], {
        length: 3,
      })[1];
    const launches = { count: 3, bytes: 3 * (16 + 32) };
    expect(workOf(record(counts as never, zeros([4])).program)).toEqual({
      primitives: launches,
      kernels: launches,
      operations: 0,
      dtypes: ["f32", "f64"],
    });
  });

  it("takes as long as its parts", () => {
    const speed = { launch: 10, gigaflops: 2, gigabytes: 4 };
    const work: Work = {
      primitives: { count: 100, bytes: 4e6 },
      kernels: { count: 20, bytes: 1e6 },
      operations: 2e6,
      dtypes: [],
    };
    expect(durationOf(work, { launches: "primitives", ...speed })).toBeCloseTo(1 + 1 + 1, 12);
    expect(durationOf(work, { launches: "kernels", ...speed })).toBeCloseTo(0.2 + 1 + 0.25, 12);
  });
});

describe('"auto"', () => {
  const backend = (name: string, speed?: Speed, dtypes: readonly DType[] = ["f32"]): BackendFactory => ({
    name,
    available: async () => ({ available: true, device: `the ${name} device`, dtypes, ...(speed && { speed }) }),
    create: async () => ({ ...referenceBackend(), name }),
  });
  const near = backend("near", { launches: "kernels", launch: 0.2, gigaflops: 50, gigabytes: 5 }, ["f32", "f64"]);
  const wide = backend("wide", { launches: "primitives", launch: 20, gigaflops: 1000, gigabytes: 50 });
  const unknown = backend("unknown");
  const missing: BackendFactory = {
    name: "missing",
    available: async () => ({ available: false, reason: "there is no device", cure: "Plug one in." }),
    create: () => Promise.reject(),
  };
  const large: Work = {
    primitives: { count: 200, bytes: 3e8 },
    kernels: { count: 40, bytes: 1e8 },
    operations: 1e10,
    dtypes: ["f32"],
  };
  const plugins = [definePlugin({ name: "some", backends: { unknown, missing, wide, near } })] as const;

  beforeEach(() => vi.stubEnv("HOOKE_BACKEND", ""));
  afterEach(() => vi.unstubAllEnvs());

  it("keeps small work near and gives large work to the wide device, and says why", async () => {
    const small = await createRuntime({ plugins, backend: "auto" });
    expect(small.backend.name).toBe("near");
    expect(small.choice).toEqual({
      name: "near",
      reason:
        "near: about 0.15 ms a run of 25 kernels on the near device; " +
        "wide: about 3 ms a run of 150 primitives on the wide device; " +
        "unknown: of unknown speed on the unknown device; missing: unavailable, there is no device",
    });
    expect((await createRuntime({ plugins, backend: "auto", workload: large })).choice.name).toBe("wide");
  });

  it("leaves out what does not run a dtype of the work", async () => {
    const workload: Work = { ...large, dtypes: ["f64"] };
    const { choice } = await createRuntime({ plugins, backend: "auto", workload });
    expect(choice.name).toBe("near");
    expect(choice.reason).toContain("wide: does not run f64");
    const only = [definePlugin({ name: "only", backends: { missing, wide } })] as const;
    await expect(createRuntime({ plugins: only, backend: "auto", workload })).rejects.toThrow(
      "no backend can do this. missing: unavailable, there is no device. Plug one in. wide: does not run f64. It runs f32.",
    );
  });

  it("takes one of unknown speed where there is no other", async () => {
    const only = [definePlugin({ name: "only", backends: { missing, unknown } })] as const;
    expect((await createRuntime({ plugins: only, backend: "auto" })).backend.name).toBe("unknown");
  });

  it("goes on without a backend that fails to tell whether it is there", async () => {
    const broken = { ...near, name: "broken", available: () => Promise.reject(new Error("boom")) };
    const mixed = [definePlugin({ name: "mixed", backends: { broken, near } })] as const;
    const runtime = await createRuntime({ plugins: mixed, backend: "auto" });
    expect(runtime.choice.reason).toContain("broken: unavailable, looking for it failed: boom");
    expect((await runtime.backends())[0]).toMatchObject({ name: "broken", available: false });
  });

  it("names the variable that asked for what is not there, and the package that has it", async () => {
    vi.stubEnv("HOOKE_BACKEND", "missing");
    await expect(createRuntime({ plugins, backend: "auto" })).rejects.toThrow(
      "backend missing: is unavailable: there is no device. Plug one in. It is named by HOOKE_BACKEND.",
    );
    vi.stubEnv("HOOKE_BACKEND", "cuda");
    await expect(createRuntime({ plugins, backend: "auto" })).rejects.toThrow(
      /^HOOKE_BACKEND: no plugin provides "cuda" among backends. It is in @hooke\/backend-cuda: install it/,
    );
  });

  it("says who chose otherwise", async () => {
    expect((await createRuntime({ plugins, backend: "wide" })).choice.reason).toBe("named in createRuntime");
    const given = await createRuntime({ plugins, backend: referenceBackend() });
    expect(given.choice).toEqual({ name: "reference", reason: "given to createRuntime" });
  });
});
