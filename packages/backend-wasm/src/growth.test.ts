// The memory grows under buffers and programs that are already there: no view of it may outlive that.
import { add, array, broadcastTo, record, sum, type Tensor, zeros } from "@hooke/runtime";
import { expect, test } from "vitest";
import { wasmBackend } from "./backend.ts";

const mebibyte = 2 ** 18;

test("by an upload: what was there is still read, written and run", async () => {
  const backend = wasmBackend();
  const { program } = record((a: Tensor, b: Tensor) => [add(a, b), sum(a)], zeros([3]), zeros([3]));
  const executable = await backend.prepare(program, { donate: [0, null] });
  const [a, b] = [backend.upload(array([1, 2, 3])), backend.upload(array([10, 20, 30]))];
  const run = async () => {
    const [donated, total] = executable.run([a, b]);
    expect(donated).toBe(a);
    const results = [...(await backend.read(a)).data, ...(await backend.read(total!)).data];
    backend.free(total!);
    return results;
  };
  expect(await run()).toEqual([11, 22, 33, 6]);
  for (const size of [2, 8, 32]) {
    const large = zeros([size * mebibyte]);
    large.data.fill(size);
    const buffer = backend.upload(large);
    expect((await backend.read(a)).data).toEqual(Float32Array.of(11, 22, 33));
    backend.write(a, array([1, 2, 3]));
    expect(await run()).toEqual([11, 22, 33, 6]);
    expect((await backend.read(buffer)).data.every((value) => value === size)).toBe(true);
  }
});

test("by a run: its outputs take memory after its inputs were found", async () => {
  const backend = wasmBackend();
  const { program } = record((x: Tensor) => [broadcastTo(x, [8 * mebibyte]), add(x, 1)], zeros([]));
  const executable = await backend.prepare(program);
  const x = backend.upload(array(5));
  const before = backend.usedBytes;
  const outputs = executable.run([x]);
  expect(backend.usedBytes - before).toBeGreaterThanOrEqual(8 * 2 ** 20);
  const [wide, next] = await Promise.all(outputs.map((buffer) => backend.read(buffer)));
  expect(wide!.data.every((value) => value === 5)).toBe(true);
  expect(next!.data[0]).toBe(6);
});

test("by preparing another program", async () => {
  const backend = wasmBackend();
  const first = await backend.prepare(record((x: Tensor) => add(x, 1), zeros([])).program);
  const constant = zeros([4 * mebibyte]);
  constant.data.fill(2);
  const second = await backend.prepare(record((x: Tensor) => sum(add(constant, x)), zeros([])).program);
  const x = backend.upload(array(1));
  expect((await backend.read(first.run([x])[0]!)).data[0]).toBe(2);
  expect((await backend.read(second.run([x])[0]!)).data[0]).toBe(3 * 4 * mebibyte);
});
