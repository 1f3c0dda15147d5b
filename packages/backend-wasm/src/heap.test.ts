import { describe, expect, it } from "vitest";
import { Heap } from "./heap.ts";

describe("heap", () => {
  it("hands out aligned blocks that do not overlap, and reuses what was released", () => {
    const heap = new Heap();
    const a = heap.allocate(100);
    const b = heap.allocate(1);
    expect(a % 64).toBe(0);
    expect(b - a).toBe(128);
    expect(heap.usedBytes).toBe(192);
    heap.release(a);
    expect(heap.allocate(65)).toBe(a);
    heap.release(b);
    heap.release(b);
    expect(heap.usedBytes).toBe(128);
  });
  it("grows, and views see the grown memory", () => {
    const heap = new Heap();
    const small = heap.allocate(4);
    heap.view("i32", small, 1)[0] = 7;
    const before = heap.memory.buffer.byteLength;
    const large = heap.allocate(before);
    expect(heap.memory.buffer.byteLength).toBeGreaterThan(before);
    heap.view("f32", large, before / 4)[before / 4 - 1] = 1;
    expect(heap.view("i32", small, 1)[0]).toBe(7);
  });
  it("says so when the limit is reached", () => {
    expect(() => new Heap().allocate(2 ** 33)).toThrow(
      /backend wasm: cannot allocate 8589934592 bytes .* use a smaller batch/,
    );
  });
});
