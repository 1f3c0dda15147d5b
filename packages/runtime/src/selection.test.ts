// Selection: work counted from programs by hand, and the backend that should finish it first.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zeros } from "./array.ts";
import { referenceBackend } from "./interpret.ts";
import { tanh } from "./ops/elementwise.ts";
import { conv, matmul } from "./ops/linear.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import { optimize } from "./passes/optimize.ts";
import { type BackendFactory, definePlugin } from "./plugin.ts";
import { record } from "./record.ts";
import { createRuntime } from "./runtime.ts";
import type { Tensor } from "./tensor.ts";
import { grad } from "./transforms/grad.ts";
import { durationOf, type Speed, workOf } from "./work.ts";

describe("the work of a program", () => {
  const workOfFunction = (fn: (...args: Tensor[]) => Tensor, ...shapes: readonly (readonly number[])[]) =>
    workOf(optimize(record(fn as never, ...(shapes.map((shape) => zeros(shape)) as never[])).program));

  it("a product and what follows it", () => {
    const work = workOfFunction((a, b) => tanh(matmul(a!, b!)), [3, 5], [5, 7]);
    expect(work).toEqual({ launches: 2, operations: 2 * 3 * 5 * 7, bytes: 2 * 4 * 21 });
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
    expect(workOfFunction(loop as never, [4]).launches).toBe(10);
  });

  it("takes as long as its parts", () => {
    const speed: Speed = { launch: 10, gigaflops: 2, gigabytes: 4 };
    expect(durationOf({ launches: 100, operations: 2e6, bytes: 4e6 }, speed)).toBeCloseTo(1 + 1 + 1, 12);
  });
});

describe('"auto"', () => {
  const backend = (name: string, speed?: Speed): BackendFactory => ({
    name,
    available: async () => ({ available: true, device: `the ${name} device`, ...(speed && { speed }) }),
    create: async () => ({ ...referenceBackend(), name }),
  });
  const near = backend("near", { launch: 0.2, gigaflops: 50, gigabytes: 5 });
  const wide = backend("wide", { launch: 20, gigaflops: 1000, gigabytes: 50 });
  const unknown = backend("unknown");
  const missing: BackendFactory = {
    name: "missing",
    available: async () => ({ available: false, reason: "there is no device", cure: "Plug one in." }),
    create: () => Promise.reject(),
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
        "near: about 0.28 ms a run on the near device; wide: about 4 ms a run on the wide device; " +
        "unknown: of unknown speed on the unknown device; missing: unavailable, there is no device",
    });
    const workload = { launches: 200, operations: 1e10, bytes: 1e8 };
    expect((await createRuntime({ plugins, backend: "auto", workload })).choice.name).toBe("wide");
  });

  it("takes one of unknown speed where there is no other", async () => {
    const only = [definePlugin({ name: "only", backends: { missing, unknown } })] as const;
    expect((await createRuntime({ plugins: only, backend: "auto" })).backend.name).toBe("unknown");
  });

  it("says who chose otherwise", async () => {
    expect((await createRuntime({ plugins, backend: "wide" })).choice.reason).toBe("named in createRuntime");
    const given = await createRuntime({ plugins, backend: referenceBackend() });
    expect(given.choice).toEqual({ name: "reference", reason: "given to createRuntime" });
  });
});
