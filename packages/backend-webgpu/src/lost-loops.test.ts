// Loops besides `fit` on a device that is lost: what they compute again, and what they refuse by name.
import { adam, type Callback, dense, dropout, evaluate, fit, mse, predict, sequential } from "@hooke/core";
import { dataset, metrics, streamedDataset } from "@hooke/data";
import { findLearningRate } from "@hooke/regularization";
import { add, array, type HostArray, record, type Tensor } from "@hooke/runtime";
import { fitEnsemble } from "@hooke/uncertainty";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { devices, fate, lose, rows, watchDevices } from "./devices.fixture.ts";
import { skipped, status } from "./gpu.fixture.ts";

const options = (backend: WebgpuBackend) => ({
  backend,
  model: sequential([dropout({ rate: 0.2 }), dense({ units: 2 })]),
  data: { train: dataset({ inputs: rows(20), targets: rows(20, 5) }) },
  loss: mse(),
  optimizer: adam(),
  learningRate: 0.02,
  epochs: 3,
  batchSize: 8,
  seed: 1,
});

describe.skipIf(!status.available)(`loss of the device${skipped}`, () => {
  beforeAll(watchDevices);
  afterAll(() => vi.restoreAllMocks());
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });

  /** Loses the device before the reads of these numbers, counted from 1. */
  const losingAt = (...numbers: number[]) => {
    const { read } = backend;
    let count = 0;
    return vi.spyOn(backend, "read").mockImplementation((buffer) => {
      if (numbers.includes(++count)) lose();
      return read(buffer);
    });
  };

  test("findLearningRate begins anew, and finds the same", async () => {
    const given = { ...options(backend), steps: 30 };
    const whole = await findLearningRate(given);
    const opened = devices.length;
    const spy = losingAt(8, 20);
    expect(await findLearningRate(given)).toEqual(whole);
    spy.mockRestore();
    expect(devices.length - opened).toBe(2);
    lose();
    expect(await findLearningRate(given)).toEqual(whole);
  });

  test("predictions and evaluations are made anew, of streamed rows too, and leave nothing behind", async () => {
    const { model } = await fit(options(backend));
    const data = dataset({ inputs: rows(20), targets: rows(20, 5) });
    const read = async (chosen: Int32Array): Promise<HostArray> => {
      const data = [...chosen].flatMap((row) => [...rows(20).data.subarray(2 * row, 2 * row + 2)]);
      return array(data, { shape: [chosen.length, 2] });
    };
    const inputs = { shape: [20, 2], dtype: "f32", checksum: "rows", read } as const;
    const streamed = streamedDataset({ inputs, targets: rows(20, 5), source: "rows" });
    const given = { backend, batchSize: 8 };
    const judged = { ...given, loss: mse(), metrics: [metrics.mae] };
    const [whole, values] = [await predict(model, data, given), await evaluate(model, data, judged)];
    const arrays = backend.liveArrays;
    for (const each of [data, streamed]) {
      lose();
      const spy = losingAt(3);
      expect(await predict(model, each, given)).toEqual(whole);
      spy.mockRestore();
      const again = losingAt(1, 4);
      expect(await evaluate(model, each, judged)).toEqual(values);
      again.mockRestore();
    }
    expect(backend.liveArrays).toBe(arrays);
  });

  test("an ensemble goes on, tells every epoch once, and ends with the same bits", async () => {
    const given = { ...options(backend), members: 2 };
    const whole = await fitEnsemble(given);
    // By the clock, copies of what the members hold are due after every epoch, or never.
    let now = 0;
    const clock = vi.spyOn(performance, "now");
    for (const copies of [false, true]) {
      clock.mockImplementation(() => {
        now += copies ? 10_000 : 0;
        return now;
      });
      const epochs: number[] = [];
      const arrays = backend.liveArrays;
      // In an epoch, between two of them, and while the variables are read.
      lose();
      const spy = losingAt(7, 40);
      const found = await fitEnsemble({
        ...given,
        onEpoch({ epoch }) {
          epochs.push(epoch);
          if (epoch !== 0) lose();
        },
      });
      spy.mockRestore();
      expect(epochs).toEqual([0, 1, 2]);
      expect(found).toEqual(whole);
      expect(backend.liveArrays).toBe(arrays);
    }
    clock.mockRestore();
  });

  test("what is lost again and again is given up by name", async () => {
    fate.losing = true;
    lose();
    const message = (who: string) =>
      new RegExp(`^${who}: the device was lost 3 times before it could go on\\. .*smaller batches`);
    const gone = (who: string) => ({ code: "device-lost", message: expect.stringMatching(message(who)) });
    await expect(findLearningRate(options(backend))).rejects.toMatchObject(gone("findLearningRate"));
    await expect(fitEnsemble(options(backend))).rejects.toMatchObject(gone("fitEnsemble"));
    fate.losing = false;
    expect((await findLearningRate(options(backend))).losses.length).toBeGreaterThan(0);
  });

  test("a device that was given is not replaced: every loop says who can open another", async () => {
    const adapter = await navigatorAdapter();
    const given = await webgpuBackend({ device: await adapter.requestDevice() });
    expect(given.reopen).toBeUndefined();
    const callback: Callback = { onStep: ({ step }) => void (step === 2 && lose()) };
    const cure =
      /the GPU device was lost \(.*\), and what it held is gone\. It was given to webgpuBackend\({ device }\), and only who opened it can open another: start the backend again with that one, .*resume: checkpoint/;
    const gone = { code: "device-lost", message: expect.stringMatching(cure) };
    await expect(fit({ ...options(given), callbacks: [callback] })).rejects.toMatchObject(gone);
    await expect(findLearningRate(options(given))).rejects.toMatchObject(gone);
    await expect(fitEnsemble(options(given))).rejects.toMatchObject(gone);
    expect(given.liveArrays).toBe(0);
  });

  test("what is refused before it comes to the device is refused at once", async () => {
    const { program } = record((a: Tensor) => add(a, 1), array([1], { dtype: "f64" }));
    const waits = vi.spyOn(globalThis, "setTimeout");
    await expect(backend.prepare(program)).rejects.toMatchObject({ code: "unsupported" });
    expect(waits.mock.calls.filter(([, milliseconds]) => milliseconds === 100)).toEqual([]);
    waits.mockRestore();
  });
});

async function navigatorAdapter(): Promise<GPUAdapter> {
  const { findAdapter } = await import("./gpu.ts");
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter;
}
