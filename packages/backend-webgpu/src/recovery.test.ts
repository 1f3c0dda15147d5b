// A lost device is opened again: a training goes on by itself, to the bits of one that lost nothing; what was held there is refused.
import {
  accumulate,
  adam,
  type Callback,
  dense,
  dropout,
  type FitResult,
  fit,
  mse,
  type RecoveryEvent,
  sequential,
  type TrainOptions,
} from "@hooke/core";
import { dataset, streamedDataset } from "@hooke/data";
import { add, array, HookeError, type HostArray, record, run, type Tensor, treeLeaves } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { devices, fate, lose, rows, watchDevices } from "./devices.fixture.ts";
import { skipped, status } from "./gpu.fixture.ts";

const options = (backend: WebgpuBackend): TrainOptions => ({
  backend,
  model: sequential([dense({ units: 4, activation: "tanh" }), dropout({ rate: 0.2 }), dense({ units: 2 })]),
  data: {
    train: dataset({ inputs: rows(20), targets: rows(20, 5) }),
    validation: dataset({ inputs: rows(8, 50), targets: rows(8, 55) }),
  },
  loss: mse(),
  optimizer: adam(),
  learningRate: 0.02,
  epochs: 3,
  batchSize: 8,
  seed: 1,
});

const bitsOf = (tree: unknown): unknown =>
  treeLeaves<HostArray>(tree as never).map(({ path, value }) => [
    path,
    [...new Uint8Array(value.data.buffer.slice(0))],
  ]);

describe.skipIf(!status.available)(`loss of the device${skipped}`, () => {
  beforeAll(watchDevices);
  afterAll(() => vi.restoreAllMocks());

  let backend: WebgpuBackend;
  let whole: FitResult;
  const checkpoints: Uint8Array[] = [];
  beforeAll(async () => {
    backend = await webgpuBackend();
    const save = (bytes: Uint8Array): void => void checkpoints.push(bytes);
    whole = await fit({ ...options(backend), checkpoint: { every: 1, save } });
  });

  const expectSame = (found: FitResult): void => {
    expect(found.history).toEqual(whole.history);
    for (const of of ["model", "best"] as const) {
      const [one, other] = of === "best" ? [found.best!.model, whole.best!.model] : [found.model, whole.model];
      expect(bitsOf(one.variables)).toEqual(bitsOf(other.variables));
    }
    expect(bitsOf(found.slots)).toEqual(bitsOf(whole.slots));
  };

  test("what the caller's own save loses is the caller's: no device is opened for it", async () => {
    const opened = devices.length;
    const save = (): void => {
      throw new HookeError("another device was lost", { code: "device-lost" });
    };
    const found = fit({ ...options(backend), checkpoint: { every: 1, save } });
    await expect(found).rejects.toThrow("the checkpoint of step 1 was not saved: another device was lost");
    expect(devices).toHaveLength(opened);
  });

  test("whenever it happens, a training goes on, says so, and ends with the same bits; nothing is told twice", async () => {
    const told: RecoveryEvent[] = [];
    const steps: number[] = [];
    const saved: Uint8Array[] = [];
    const seen: unknown[] = [];
    const callback: Callback = {
      onStep({ step }) {
        steps.push(step);
        if (step === 1 || step === 5) lose();
      },
      // Before it is validated.
      onEpoch: ({ epoch }) => void (epoch === 0 && lose()),
      async onValidation({ epoch, variables }) {
        if (epoch === 1) lose();
        seen.push(bitsOf(await variables()));
      },
      onRecovery: (event) => void told.push(event),
      onEnd: lose,
    };
    const save = (bytes: Uint8Array): void => {
      saved.push(bytes);
      if (saved.length === 8) lose();
    };
    const opened = devices.length;
    lose();
    const found = await fit({ ...options(backend), callbacks: [callback], checkpoint: { every: 1, save } });
    expectSame(found);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(saved).toEqual(checkpoints);
    expect(seen.at(-1)).toEqual(bitsOf(whole.model.variables));
    expect(devices.length - opened).toBe(7);
    // A loss costs the batches since the one before: what is computed again is copied. Nobody hears of that before the beginning, or after the end.
    expect(told.map(({ epoch, batch, step, repeated }) => [epoch, batch, step, repeated])).toEqual([
      [0, 1, 1, 1],
      [0, 3, 3, 2],
      [1, 2, 5, 1],
      [2, 0, 6, 1],
      [2, 2, 8, 1],
    ]);
    for (const { reason } of told) expect(reason).toMatch(/^backend webgpu: the GPU device was lost /);
  });

  test("the state is copied every ten seconds, and seldom enough that copying takes a hundredth of the time", async () => {
    // By the clock, reading an array takes 0.1 s, and a copy of the state, which is 13 of them, more than a second.
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const { read } = backend;
    const slow = vi.spyOn(backend, "read").mockImplementation((buffer) => {
      now += 100;
      return read(buffer);
    });
    const repeated: number[] = [];
    const callback: Callback = {
      onStep({ step }) {
        now += { 4: 10_000, 6: 100_000 }[step] ?? 0;
        if (step === 8) lose();
      },
      onRecovery: (event) => void repeated.push(event.repeated),
    };
    const found = await fit({ ...options(backend), callbacks: [callback] });
    for (const spy of [clock, slow]) spy.mockRestore();
    expectSame(found);
    // Since step 4.
    expect(repeated).toEqual([4]);
  });

  test("streamed rows are read again, gradients gathered again, whoever stops it meanwhile", async () => {
    const stop = new AbortController();
    const inputs = rows(20);
    const read = async (chosen: Int32Array, signal?: AbortSignal): Promise<HostArray> => {
      signal?.throwIfAborted();
      const data = Float32Array.from(
        { length: 2 * chosen.length },
        (_, i) => inputs.data[2 * chosen[i >> 1]! + (i % 2)]!,
      );
      return { shape: [chosen.length, 2], dtype: "f32", data };
    };
    const streamed = streamedDataset({
      inputs: { shape: [20, 2], dtype: "f32", checksum: "rows", read },
      targets: rows(20, 5),
      source: "rows",
    });
    const given = { ...options(backend), optimizer: accumulate(2, adam()), batchSize: 4, signal: stop.signal };
    const until = (last: number, also: () => void): Callback => ({
      onStep({ epoch, batch }) {
        if (5 * epoch + batch !== last) return;
        also();
        stop.abort();
      },
    });
    const lost = await fit({ ...given, data: { train: streamed }, callbacks: [until(7, lose)] });
    expect(lost.stopReason).toBe("aborted");
    const inMemory = { train: dataset({ inputs, targets: rows(20, 5) }) };
    const ends: Callback = { onStep: ({ epoch, batch }, { stop }) => void (5 * epoch + batch === 7 && stop("there")) };
    const kept = await fit({
      ...options(backend),
      ...given,
      signal: undefined,
      data: inMemory,
      callbacks: [ends],
    } as never);
    expect(bitsOf(lost.model.variables)).toEqual(bitsOf(kept.model.variables));
    expect(bitsOf(lost.slots)).toEqual(bitsOf(kept.slots));
  });

  test("what is read while a batch is trained loses nothing twice: variables that nobody waits for", async () => {
    const reading: Promise<unknown>[] = [];
    const repeated: number[] = [];
    const callback: Callback = {
      onValidation({ epoch, variables }) {
        if (epoch !== 1) return;
        lose();
        for (let i = 0; i < 3; i++) reading.push(variables());
      },
      onRecovery: (event) => void repeated.push(event.repeated),
    };
    expectSame(await fit({ ...options(backend), callbacks: [callback] }));
    await Promise.all(reading);
    expect(repeated).toEqual([6]);
  });

  test("two trainings on one device both go on", async () => {
    const both = [{}, { callbacks: [{ onStep: ({ step }) => void (step === 4 && lose()) } satisfies Callback] }];
    for (const found of await Promise.all(both.map((more) => fit({ ...options(backend), ...more })))) expectSame(found);
  });

  test("a device that is lost again and again is given up, with what to do", async () => {
    const callback: Callback = {
      onStep({ step }) {
        if (step !== 2) return;
        fate.losing = true;
        lose();
      },
    };
    const lost = fit({ ...options(backend), callbacks: [callback] });
    await expect(lost).rejects.toMatchObject({
      code: "device-lost",
      message: expect.stringMatching(/^train: the device was lost 3 times at batch 2 of epoch 0\. .*smaller batches/),
    });
    fate.losing = false;
    expectSame(await fit(options(backend)));
  });

  test("where none can be opened, a training says how it could go on", async () => {
    const callback: Callback = {
      onStep({ step }) {
        if (step !== 2) return;
        fate.refusing = true;
        lose();
      },
    };
    const save = (): void => {};
    const said =
      /^train: the device was lost after step 2: backend webgpu: .* none can be opened in its place: no driver /;
    for (const [more, cure] of [
      [{}, /resume: checkpoint \}\), where the option checkpoint keeps one\.$/],
      [{ checkpoint: { every: 1, save } }, /with another backend: fit\(\{ \.\.\., resume: checkpoint \}\)\.$/],
    ] as const) {
      const lost = fit({ ...options(backend), ...more, callbacks: [callback] });
      await expect(lost).rejects.toMatchObject({ code: "device-lost", message: expect.stringMatching(said) });
      await expect(lost).rejects.toThrow(cure);
      fate.refusing = false;
    }
  });

  test("programs stay, and what was held is refused by name until it is written", async () => {
    const other = await webgpuBackend();
    const x = array([1, 2, 3]);
    const { program } = record((a: Tensor) => add(a, array([10, 20, 30])), x);
    const executable = await other.prepare(program);
    const [held, spare] = [other.upload(x), other.upload(x)];
    await other.reopen!();
    expect((await other.read(held)).data).toEqual(x.data);
    lose();
    const gone = { code: "device-lost", message: expect.stringContaining("await backend.reopen()") };
    await expect(other.read(held)).rejects.toMatchObject(gone);
    expect(() => other.upload(x)).toThrow(expect.objectContaining(gone));
    await Promise.all([other.reopen!(), other.reopen!()]);
    const message =
      "backend webgpu: what the buffer f32[3] held was on a GPU device that was lost; write it again, or upload it anew.";
    await expect(other.read(held)).rejects.toMatchObject({ code: "device-lost", message });
    expect(() => executable.run([held])).toThrow(expect.objectContaining({ code: "device-lost", message }));
    other.write(held, x);
    const [sum] = executable.run([held]);
    expect([...(await other.read(sum!)).data]).toEqual([11, 22, 33]);
    // Programs that are freed, and arrays, leave nothing behind.
    for (const buffer of [held, spare, sum!]) other.free(buffer);
    executable.free();
    expect(other.liveArrays).toBe(0);
    expect((await run(other, (a: Tensor) => add(a, 1), x)).data).toEqual(Float32Array.of(2, 3, 4));
    // Each has memory of its own again, even if a device is lost while they are made ready on it.
    const tens = [10, 20, 30, 40];
    const adders = await Promise.all(
      tens.map((ten) => other.prepare(record((a: Tensor) => add(a, array([ten, ten + 1, ten + 2])), x).program)),
    );
    lose();
    await devices.at(-1)!.lost;
    fate.losingLate = true;
    await expect(other.reopen!()).rejects.toMatchObject({ code: "device-lost" });
    fate.losingLate = false;
    await other.reopen!();
    for (const [i, adder] of adders.entries()) {
      const given = other.upload(x);
      const [all] = adder.run([given]);
      expect([...(await other.read(all!)).data]).toEqual([1, 3, 5].map((value) => value + tens[i]!));
      for (const buffer of [given, all!]) other.free(buffer);
      adder.free();
    }
    expect(other.liveArrays).toBe(0);
    await other.close();
    await expect(other.reopen!()).rejects.toMatchObject({ code: "freed" });
  });
});
