import { add, array, broadcastTo, record, sort, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { wasmBackend } from "./backend.ts";
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
    const heap = new Heap();
    const before = heap.allocate(1000);
    expect(() => heap.allocate(2 ** 33)).toThrow(
      /backend wasm: cannot allocate 8589934592 bytes beside the 1024 in use.* use a smaller batch/,
    );
    expect(heap.usedBytes).toBe(1024);
    expect(heap.allocate(64)).toBe(before + 1024);
  });

  it("joins free neighbours and divides them again", () => {
    const heap = new Heap();
    const size = 2 ** 18;
    const blocks = Array.from({ length: 4 }, () => heap.allocate(size));
    const last = heap.allocate(64);
    for (const block of [2, 0, 1, 3]) heap.release(blocks[block]!);
    expect(heap.allocate(3 * size)).toBe(blocks[0]);
    expect(heap.allocate(size / 2)).toBe(blocks[3]);
    expect(heap.allocate(size / 2)).toBe(blocks[3]! + size / 2);
    heap.release(last);
    expect(heap.allocate(5 * size)).toBe(last);
  });

  it("holds six thousand sizes, one after the other, in the memory of the largest few", () => {
    const heap = new Heap();
    const kept: number[] = [];
    for (let i = 0; i < 6000; i++) {
      const parts = [250_000 + 64 * i, 4096 + (i % 100) * 64, 250_000 + 64 * i].map((bytes) => heap.allocate(bytes));
      // Something small stays now and then, between the large ones.
      if (i % 100 === 0) kept.push(heap.allocate(64));
      for (const part of parts) heap.release(part);
    }
    expect(heap.usedBytes).toBe(64 * kept.length);
    expect(heap.memory.buffer.byteLength).toBeLessThan(8 * 2 ** 20);
  });

  it("never hands out the same bytes twice, whatever the order", () => {
    const heap = new Heap();
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const alive: { address: number; size: number }[] = [];
    let [peak, now] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      if (alive.length > 0 && random(100) < (i % 4000 < 2000 ? 40 : 60)) {
        const [gone] = alive.splice(random(alive.length), 1);
        heap.release(gone!.address);
        now -= gone!.size;
        continue;
      }
      const size = 64 * (1 + random(random(4) === 0 ? 2000 : 20));
      alive.push({ address: heap.allocate(size), size });
      now += size;
      peak = Math.max(peak, now);
    }
    expect(heap.usedBytes).toBe(now);
    const sorted = alive.toSorted((a, b) => a.address - b.address);
    for (const [i, { address, size }] of sorted.entries()) {
      expect(address % 64).toBe(0);
      expect(address + size).toBeLessThanOrEqual(sorted[i + 1]?.address ?? heap.memory.buffer.byteLength - 256);
    }
    expect(heap.memory.buffer.byteLength).toBeLessThan(3 * peak);
  });
});

it("a backend out of memory says what it wanted, and goes on", async () => {
  const backend = wasmBackend();
  const x = backend.upload(array([1, 2]));
  const used = backend.usedBytes;
  const wide = record((y: Tensor) => [add(y, 1), broadcastTo(y, [2 ** 29, 2])], x).program;
  const executable = await backend.prepare(wide);
  const prepared = backend.usedBytes;
  expect(() => executable.run([x])).toThrow(/backend wasm: cannot allocate 4294967296 bytes beside the \d+ in use/);
  expect(backend.usedBytes).toBe(prepared);
  const temporary = record((y: Tensor) => sum(sort(broadcastTo(y, [2 ** 29, 2]), 0)), x).program;
  await expect(backend.prepare(temporary)).rejects.toMatchObject({ code: "out-of-memory" });
  expect(backend.usedBytes).toBe(prepared);
  executable.free();
  expect(backend.usedBytes).toBe(used);
  const small = await backend.prepare(record((y: Tensor) => add(y, 1), x).program);
  expect((await backend.read(small.run([x])[0]!)).data).toEqual(Float32Array.of(2, 3));
});
