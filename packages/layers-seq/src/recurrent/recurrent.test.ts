// Recurrent layers beyond parity: dropout between layers, and what may be carried.
import { apply, init, type Layer, sequential, summary, type TensorTree, type Variables } from "@hooke/core";
import { array, full, type HostArray, randomKey, record, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { causalConv1d, gru, lstm, rnn } from "../index.ts";

const backend = referenceBackend();

describe("dropout stands between the layers", () => {
  const size = 500;
  const rate = 0.2;
  const model = (layers: number) => rnn({ hiddenSize: size, layers, dropout: rate, activation: "relu" });
  // Every layer hands on what it gets, the first one 1: outputs show what happened in between.
  const variables = (layers: number): Variables => {
    const pass = (kernel: Tensor, bias: number): TensorTree => ({
      kernel,
      recurrentKernel: full([size, size], 0),
      bias: full([size], bias),
    });
    const identity = array(
      Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0)),
      { shape: [size, size] },
    ) as unknown as Tensor;
    const params = Object.fromEntries(
      Array.from({ length: layers }, (_, i) => [
        `layer${i}`,
        i === 0 ? pass(full([1, size], 0), 1) : pass(identity, 0),
      ]),
    );
    return { params, state: {} };
  };
  const output = async (layers: number, training: boolean, seed = 0) => {
    const forward = (x: Tensor, key: Tensor) => apply(model(layers), variables(layers), x, { training, key }).output;
    return (await run(backend, forward, array([[[0]]]), randomKey(seed))).data;
  };
  const counts = (values: HostArray["data"]): ReadonlyMap<number, number> => {
    const found = new Map<number, number>();
    for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
    return found;
  };

  it("of two, once, by the rate and with the mean kept; not after the last", async () => {
    const found = counts(await output(2, true));
    expect([...found.keys()].sort()).toEqual([0, Math.fround(1 / (1 - rate))]);
    expect(Math.abs(found.get(0)! / size - rate)).toBeLessThan(0.06);
    expect([...counts(await output(1, true)).keys()]).toEqual([1]);
  });

  it("of three twice, with other masks", async () => {
    const found = counts(await output(3, true));
    expect([...found.keys()].sort()[0]).toBe(0);
    expect(Math.abs(found.get(0)! / size - (1 - (1 - rate) ** 2))).toBeLessThan(0.08);
  });

  it("is the same for the same key, another for another, and none in inference", async () => {
    expect(await output(2, true, 3)).toEqual(await output(2, true, 3));
    expect(await output(2, true, 3)).not.toEqual(await output(2, true, 4));
    expect([...counts(await output(2, false)).keys()]).toEqual([1]);
  });
});

describe("what is carried", () => {
  const x = { shape: [1, 3, 2], dtype: "f32" } as const;
  const carrying = (model: Layer, carry: (x: Tensor) => TensorTree) => () =>
    record(
      (given: Tensor, key: Tensor) => apply(model, init(model, [3, 2], key), given, { carry: carry(given) }).output,
      x,
      randomKey(0),
    );
  const zeros = (...shape: number[]) => full(shape, 0);

  it("has the shape of a state", () => {
    const model = sequential({ memory: lstm({ hiddenSize: 4 }) });
    const message =
      'memory.layer0 (lstmPass): received the carried "memory.layer0.hidden" f32[4, 4], expected f32[1, 4]; ' +
      "carry what the application before this one returned, for the same sequences.";
    expect(carrying(model, () => ({ memory: { layer0: { hidden: zeros(4, 4), cell: zeros(4, 4) } } }))).toThrow(
      message,
    );
    expect(carrying(gru({ hiddenSize: 4 }), () => ({ layer0: { hidden: zeros(1, 3) } }))).toThrow("expected f32[1, 4]");
    expect(carrying(rnn({ hiddenSize: 4 }), () => ({ layer0: { hidden: zeros(4) } }))).toThrow("expected f32[1, 4]");
    expect(
      carrying(causalConv1d({ filters: 5, kernelSize: 3, dilation: 2 }), () => ({ past: zeros(1, 3, 2) })),
    ).toThrow('causalConv1d: received the carried "past" f32[1, 3, 2], expected f32[1, 4, 2]');
  });

  it("has the names of the states", () => {
    expect(carrying(lstm({ hiddenSize: 4 }), () => ({ hidden: zeros(1, 4) }))).toThrow(
      'lstm: received the carried tensor "hidden", which none of its layers reads. They read "layer0.cell", "layer0.hidden".',
    );
    expect(carrying(causalConv1d({ filters: 1, kernelSize: 1 }), () => ({ past: zeros(1, 0, 2) }))).toThrow(
      "They read none.",
    );
  });

  it("may be a part of the states; the others begin at 0", () => {
    expect(carrying(lstm({ hiddenSize: 4 }), () => ({ layer0: { hidden: zeros(1, 4) } }))).not.toThrow();
  });
});

it("a reset gate that acts before the product needs no second bias; other places are refused by name", () => {
  const parameters = (resetGate: "afterProduct" | "beforeProduct") =>
    summary(gru({ hiddenSize: 4, resetGate }), [3, 2]).parameters;
  expect(parameters("afterProduct") - parameters("beforeProduct")).toBe(4);
  expect(() => gru({ hiddenSize: 4, resetGate: "before" as never })).toThrow(
    'gru: option "resetGate" is "before"; expected one of "afterProduct", "beforeProduct".',
  );
});
