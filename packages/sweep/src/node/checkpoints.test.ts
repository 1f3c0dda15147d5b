// Checkpoints are written as often as a twentieth of the time allows; the last one always is.
import { expect, test, vi } from "vitest";
import { checkpointKeeper } from "./checkpoints.ts";

test("what comes too soon waits, and is written at the end or when the trial is stopped", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  try {
    const written: number[] = [];
    const stopping = new AbortController();
    const keeper = checkpointKeeper("test", "/nowhere", stopping.signal, async (bytes) => {
      written.push(bytes[0]!);
      now += 10;
    });
    const { checkpoint, resume } = await keeper.options("epoch");
    expect(resume).toBeUndefined();
    const memory = new Uint8Array(1);
    const saved = async (value: number, at: number): Promise<void> => {
      now = at;
      memory[0] = value;
      await checkpoint.save(memory);
    };
    // Each takes 10 ms: the next is written 200 ms later.
    await saved(1, 0);
    await saved(2, 100);
    await saved(3, 209);
    expect(written).toEqual([1]);
    await saved(4, 210);
    await saved(5, 300);
    memory[0] = 99;
    await keeper.flush();
    await keeper.flush();
    expect(written).toEqual([1, 4, 5]);
    await saved(6, 320);
    stopping.abort();
    await saved(7, 330);
    expect(written).toEqual([1, 4, 5, 7]);
  } finally {
    clock.mockRestore();
  }
});
