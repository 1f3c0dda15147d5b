// Pauses by time, with and without setImmediate.
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPauses } from "./pause.ts";

describe("pauses", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("are taken by time, not by round", async () => {
    const pause = createPauses();
    expect(pause()).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 15));
    const pausing = pause();
    expect(pausing).toBeInstanceOf(Promise);
    await pausing;
    expect(pause()).toBeUndefined();
  });

  it("use messages where there is no setImmediate, as in browsers", async () => {
    vi.stubGlobal("setImmediate", undefined);
    const pause = createPauses();
    await new Promise((resolve) => setTimeout(resolve, 15));
    let ran = false;
    setTimeout(() => {
      ran = true;
    }, 0);
    const until = performance.now() + 4_000;
    while (!ran && performance.now() < until) await pause();
    expect(ran).toBe(true);
  });
});
