// What hooks into a training: penalties, histories for schedules, batches changed on the way, what callbacks may do at the end.
import { add, mul, square, sum, type Tensor, treeLeaves, treeMap, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { Penalty } from "../losses/loss.ts";
import { sgd } from "../optimizers/sgd.ts";
import type { FitControl } from "./callback.ts";
import type { History } from "./events.ts";
import { fit } from "./fit.ts";
import type { Schedule } from "./schedule.ts";
import { train } from "./train.ts";
import { bits, collect, only, options, richModel } from "./training.fixture.ts";

const halfSquares =
  (strength: number): Penalty =>
  (params) =>
    mul(
      treeLeaves<Tensor>(params)
        .map(({ value }) => sum(square(value)))
        .reduce((a, b) => add(a, b)),
      strength / 2,
    );

describe("a penalty", () => {
  it("of half the squares trains as weight decay does, and is reported apart from the loss", async () => {
    const penalized = await collect(train(options({ penalty: halfSquares(0.1), optimizer: sgd() })));
    const decayed = await collect(train(options({ optimizer: sgd({ weightDecay: 0.1 }) })));
    const losses = (events: typeof decayed) => only(events, "step").map(({ loss }) => loss);
    for (const [i, loss] of losses(decayed).entries()) expect(losses(penalized)[i]).toBeCloseTo(loss, 6);
    expect(only(decayed, "step")[0]).not.toHaveProperty("penalty");
    const steps = only(penalized, "step").filter(({ epoch }) => epoch === 2);
    const mean = steps.reduce((total, { penalty, rows }) => total + penalty! * rows, 0) / 10;
    expect(mean).toBeGreaterThan(0);
    expect(only(penalized, "epoch")[2]!.penalty).toBe(mean);
    expect(only(penalized, "end")[0]!.history[2]!.penalty).toBe(mean);
    const [before, after] = [penalized, decayed].map((events) => only(events, "validation")[2]!.loss);
    expect(before).toBeCloseTo(after!, 6);
  });

  it("that is not a number ends the training as a loss does", async () => {
    const penalty: Penalty = (params) => mul(halfSquares(1)(params), Number.POSITIVE_INFINITY);
    await expect(collect(train(options({ penalty })))).rejects.toThrow(/the loss of step 1 .* is Infinity/);
  });

  it("that is no scalar is refused", async () => {
    const penalty: Penalty = (params) => square(treeLeaves<Tensor>(params)[0]!.value);
    await expect(collect(train(options({ penalty })))).rejects.toThrow(
      "penalty: returned f32[2, 4]; it must return one number for all parameters together.",
    );
  });
});

it("a training with a penalty, augmentation and a schedule that looks back resumes to the same bits from every update", async () => {
  const seen: History[] = [];
  const falling: Schedule = {
    type: "test/falling",
    config: {},
    at: ({ history }) => {
      seen.push(history);
      return 0.05 / (1 + history.length) / (1 + (history.at(-1)?.validation?.loss ?? 0));
    },
  };
  const run = async (resume?: Uint8Array) => {
    const saved: Uint8Array[] = [];
    const save = (bytes: Uint8Array): void => void saved.push(bytes);
    await collect(
      train(
        options({
          model: richModel(),
          penalty: halfSquares(0.01),
          augment: (batch, key) => ({
            ...batch,
            inputs: { ...batch.inputs, data: batch.inputs.data.map((x) => x * (1 + key.data[0]! / 2 ** 34)) },
          }),
          learningRate: falling,
          checkpoint: { every: 1, save },
          ...(resume && { resume }),
        }),
      ),
    );
    return saved;
  };
  const whole = await run();
  expect(seen.map(({ length }) => length)).toContain(2);
  for (const bytes of whole) expect((await run(bytes)).at(-1)).toEqual(whole.at(-1));
});

describe("a callback", () => {
  it("sees the history, the monitor and the best epoch so far, and makes models", async () => {
    const lengths: number[] = [];
    await fit({
      ...options(),
      callbacks: [
        {
          async onValidation({ history, monitor, best, epoch, loss, variables }, { modelWith }) {
            lengths.push(history.length);
            expect(monitor).toEqual({ name: "loss", direction: "minimize" });
            expect(history.at(-1)!.validation!.loss).toBe(loss);
            expect(best!.epoch).toBeLessThanOrEqual(epoch);
            expect(modelWith(await variables()).inputShape).toEqual([2]);
          },
        },
      ],
    });
    expect(lengths).toEqual([1, 2, 3]);
  });

  it("may have other variables returned than the last", async () => {
    const { model, best } = await fit({
      ...options({ epochs: 6, learningRate: 0.4 }),
      callbacks: [{ onEnd: ({ best }, { restore }) => restore(best!.variables) }],
    });
    expect(best!.epoch).toBeLessThan(5);
    expect(bits(model.variables)).toEqual(bits(best!.model.variables));
  });
});

it("fit returns what the optimizer remembers", async () => {
  const { slots } = await fit(options({ optimizer: sgd({ momentum: 0.9 }) }));
  expect(treeLeaves(slots).map(({ path }) => path)).toContain("velocity.0.kernel");
});

describe("variables that a callback restores or makes a model of", () => {
  it.each<[string, unknown, string]>([
    ["nothing", {}, "received {} as variables; expected { params, state }, such as initialize makes."],
    ["no parameters", { params: {}, state: {} }, 'structures differ at "params": expected [0, 1], received [].'],
  ])("%s", async (_, variables, message) => {
    const callbacks = [{ onEpoch: (_event: unknown, control: FitControl) => control.restore(variables as never) }];
    await expect(fit({ ...options(), callbacks })).rejects.toThrow(message);
  });

  it("another model's", async () => {
    const own = await fit(options());
    const wide = treeMap(own.model.variables as never, () => zeros([3])) as never;
    const callbacks = [{ onEpoch: (_event: unknown, control: FitControl) => control.restore(wide) }];
    await expect(fit({ ...options(), callbacks })).rejects.toThrow(
      "restore: received params.0.kernel f32[3], in the model f32[2, 4]; give variables of this model.",
    );
  });

  it("no variables at all", async () => {
    const callbacks = [
      { onEpoch: (_event: unknown, control: FitControl) => void control.modelWith(undefined as never) },
    ];
    await expect(fit({ ...options(), callbacks })).rejects.toThrow("modelWith: received undefined as variables;");
  });
});
