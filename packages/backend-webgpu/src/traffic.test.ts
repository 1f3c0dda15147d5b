// What a training moves and waits for, counted at the device: parameters stay, losses are read behind the queue.
import { adam, dense, fit, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { sample } from "@hooke/testkit";
import { afterAll, describe, expect, test, vi } from "vitest";
import { webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { openDevice } from "./printed/open.fixture.ts";

describe.skipIf(!status.available)(`traffic${skipped}`, () => {
  afterAll(() => vi.restoreAllMocks());

  test("a step sends its rows, its number and its rate, reads its loss, makes no buffer and waits for nothing", async () => {
    const device = await openDevice();
    const { queue } = device;
    const counted = {
      runs: vi.spyOn(queue, "submit"),
      writes: vi.spyOn(queue, "writeBuffer"),
      waits: vi.spyOn(queue, "onSubmittedWorkDone"),
      buffers: vi.spyOn(device, "createBuffer"),
    };
    const sent = (): number =>
      counted.writes.mock.calls.reduce((sum, [, , data]) => sum + (data as unknown as ArrayBufferView).byteLength, 0);
    const counts: (readonly number[])[] = [];
    const [batch, width, batches] = [32, 10, 8];
    await fit({
      backend: await webgpuBackend({ device }),
      model: sequential([dense({ units: 64, activation: "relu" }), dense({ units: 1 })]),
      data: { train: dataset({ inputs: sample([batches * batch, width]), targets: sample([batches * batch, 1]) }) },
      loss: mse(),
      optimizer: adam(),
      learningRate: 1e-3,
      epochs: 3,
      batchSize: batch,
      seed: 0,
      callbacks: [
        {
          onEpoch: () => {
            const { runs, waits, buffers } = counted;
            counts.push([runs.mock.calls.length, waits.mock.calls.length, buffers.mock.calls.length, sent()]);
          },
        },
      ],
    });
    const [, before, after] = counts;
    const epoch = after!.map((count, i) => count - before![i]!);
    // Two words besides the rows. A run, and a copy of its loss.
    expect(epoch).toEqual([2 * batches, 0, 0, batches * 4 * (batch * (width + 1) + 2)]);
    device.destroy();
  });
});
