// The training loop: its events, its determinism, cancellation and weights.

import { dataset, fitPreprocessing, standardize, take } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { gaussianNll } from "../losses/regression.ts";
import { initialize } from "../model/init.ts";
import type { Schedule } from "./schedule.ts";
import { train } from "./train.ts";
import { bentLine, bits, collect, only, options, plainModel, richModel } from "./training.fixture.ts";

describe("events", () => {
  test("come in order: steps, epoch, validation, and one end", async () => {
    const events = await collect(train(options({ epochs: 2 })));
    expect(events.map(({ type }) => type)).toEqual([
      ...["step", "step", "step", "epoch", "validation"],
      ...["step", "step", "step", "epoch", "validation", "end"],
    ]);
    expect(only(events, "step").map(({ epoch, batch, step, rows }) => [epoch, batch, step, rows])).toEqual([
      [0, 0, 1, 4],
      [0, 1, 2, 4],
      [0, 2, 3, 2],
      [1, 0, 4, 4],
      [1, 1, 5, 4],
      [1, 2, 6, 2],
    ]);
    expect(only(events, "step")[0]).toMatchObject({ batches: 3, learningRate: 0.01, loss: expect.any(Number) });
  });

  test("an epoch's loss is the mean over its rows, and history keeps it", async () => {
    const events = await collect(train(options({ epochs: 2 })));
    const steps = only(events, "step").filter(({ epoch }) => epoch === 1);
    const mean = steps.reduce((sum, { loss, rows }) => sum + loss * rows, 0) / 10;
    const [end] = only(events, "end");
    expect(end!.history).toHaveLength(2);
    expect(end!.history[1]).toMatchObject({ epoch: 1, step: 6, loss: mean, learningRate: 0.01 });
    expect(end!.history[1]!.validation!.loss).toBe(only(events, "validation")[1]!.loss);
  });

  test("lastBatch drop leaves the smaller batch out", async () => {
    const events = await collect(train(options({ epochs: 1, lastBatch: "drop" })));
    expect(only(events, "step").map(({ rows }) => rows)).toEqual([4, 4]);
  });

  test("training lowers the loss", async () => {
    const events = await collect(train(options({ epochs: 40, learningRate: 0.05 })));
    const losses = only(events, "epoch").map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);
  });

  test("a schedule is asked for every update", async () => {
    const schedule: Schedule = { type: "test/inverse", config: {}, at: ({ step, epoch }) => 1 / step + epoch };
    const events = await collect(train(options({ epochs: 2, learningRate: schedule })));
    expect(only(events, "step").map(({ learningRate }) => learningRate)).toEqual([
      1,
      1 / 2,
      1 / 3,
      5 / 4,
      6 / 5,
      7 / 6,
    ]);
  });
});

describe("the same seed", () => {
  const run = async (seed: number) => {
    let variables: unknown;
    const events = [];
    for await (const event of train(options({ model: richModel(), seed }))) {
      if (event.type === "end") variables = bits(await event.variables());
      if (event.type === "step") events.push(event.loss);
    }
    return { variables, events };
  };

  test("gives the same bits, another seed others", async () => {
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect((await run(8)).variables).not.toEqual(first.variables);
  });
});

describe("starting point", () => {
  test("variables replace the initial ones", async () => {
    const backend = referenceBackend();
    const variables = await initialize(backend, plainModel(), [2], 99);
    const controller = new AbortController();
    controller.abort();
    for await (const event of train(options({ variables, signal: controller.signal }))) {
      if (event.type === "end") expect(bits(await event.variables())).toEqual(bits(variables));
    }
  });

  test("f64 data train an f64 model", async () => {
    const single = bentLine(8);
    const wide = dataset({
      inputs: array(single.inputs.data, { shape: [8, 2], dtype: "f64" }),
      targets: array(single.targets.data, { shape: [8, 1], dtype: "f64" }),
    });
    for await (const event of train(options({ data: { train: wide }, epochs: 2 }))) {
      if (event.type === "end")
        expect((await event.variables()).params).toMatchObject({ 0: { kernel: { dtype: "f64" } } });
    }
  });
});

describe("a signal", () => {
  test("ends the training after the current update, with everything trained so far", async () => {
    const controller = new AbortController();
    const types: string[] = [];
    for await (const event of train(options({ signal: controller.signal }))) {
      types.push(event.type);
      if (event.type === "step" && event.step === 2) controller.abort();
      if (event.type === "end") {
        expect(event).toMatchObject({ reason: "aborted", epoch: 0, step: 2, history: [] });
        expect(Object.keys(bits(await event.variables()))).toContain("params.0.kernel");
      }
    }
    expect(types).toEqual(["step", "step", "end"]);
  });

  test("that is aborted before the start trains nothing", async () => {
    const events = await collect(train(options({ signal: AbortSignal.abort() })));
    expect(events).toMatchObject([{ type: "end", reason: "aborted", step: 0 }]);
  });

  test("leaving the loop releases every buffer", async () => {
    const { backend, live } = counting();
    for await (const event of train(options({ backend }))) if (event.type === "step") break;
    expect(live()).toBe(0);
    await collect(train(options({ backend })));
    expect(live()).toBe(0);
  });

  test("memory does not grow with steps", async () => {
    const { backend, live } = counting();
    const counts: number[] = [];
    for await (const event of train(options({ backend }))) if (event.type === "epoch") counts.push(live());
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});

function counting() {
  const inner = referenceBackend();
  const live = new Set<unknown>();
  const backend = {
    ...inner,
    upload: (value: Parameters<typeof inner.upload>[0]) => {
      const buffer = inner.upload(value);
      live.add(buffer);
      return buffer;
    },
    free: (buffer: Parameters<typeof inner.free>[0]) => {
      inner.free(buffer);
      live.delete(buffer);
    },
    prepare: async (...args: Parameters<typeof inner.prepare>) => {
      const executable = await inner.prepare(...args);
      return {
        ...executable,
        run: (inputs: Parameters<typeof executable.run>[0]) => {
          const outputs = executable.run(inputs);
          for (const output of outputs) live.add(output);
          return outputs;
        },
      };
    },
  };
  return { backend, live: () => live.size };
}

describe("sample weights", () => {
  test("of zero take a row out of the loss", async () => {
    const whole = bentLine(8);
    const half = take(whole, [0, 1, 2, 3]);
    const sampleWeights = array([1, 1, 1, 1, 0, 0, 0, 0]);
    const one = { batchSize: 8, shuffle: false, epochs: 1 };
    const weighted = await collect(train(options({ ...one, data: { train: whole, sampleWeights } })));
    const cut = await collect(train(options({ ...one, data: { train: half } })));
    expect(only(weighted, "step")[0]!.loss).toBeCloseTo(only(cut, "step")[0]!.loss, 6);
  });
});

describe("targets of another shape than the predictions", () => {
  const { inputs } = bentLine(4);

  test("classes", async () => {
    const data = dataset({ inputs, targets: array([0, 2, 1, 0], { dtype: "i32" }) });
    const events = await collect(
      train(options({ data: { train: data }, model: dense({ units: 3 }), loss: crossEntropy() })),
    );
    expect(only(events, "epoch")).toHaveLength(3);
  });

  test("a mean and a variance for each", async () => {
    const data = dataset({ inputs, targets: array([[0], [2], [1], [0]]) });
    const events = await collect(
      train(options({ data: { train: data }, model: dense({ units: 2 }), loss: gaussianNll() })),
    );
    expect(only(events, "epoch")).toHaveLength(3);
  });
});

describe("preprocessing", () => {
  test("is applied to the data it is given", async () => {
    const data = bentLine(10);
    const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
    const events = await collect(
      train(options({ data: { train: data }, preprocessing, epochs: 1, learningRate: 1e-9 })),
    );
    const plain = await collect(train(options({ data: { train: data }, epochs: 1, learningRate: 1e-9 })));
    expect(only(events, "epoch")[0]!.loss).not.toBeCloseTo(only(plain, "epoch")[0]!.loss, 3);
  });
});
