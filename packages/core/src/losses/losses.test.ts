// Losses: refusals, and what PyTorch does not have. Agreement with PyTorch is tested in testkit.
import { array, grad, type HostArray, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { crossEntropy } from "./cross-entropy.ts";
import type { Loss } from "./loss.ts";
import { gaussianNll, huber, mae, mse } from "./regression.ts";

const backend = referenceBackend();

async function value(loss: Loss, predictions: HostArray, targets: HostArray, weights?: HostArray): Promise<number> {
  const result =
    weights === undefined
      ? await run(backend, (p: Tensor, t: Tensor) => loss(p, t), predictions, targets)
      : await run(backend, (p: Tensor, t: Tensor, w: Tensor) => loss(p, t, w), predictions, targets, weights);
  return result.data[0]!;
}

const column = array([[1], [2], [4]]);

describe("weights", () => {
  const targets = array([[0], [0], [0]]);

  it("multiply the samples' losses, whose mean is taken", async () => {
    expect(await value(mse(), column, targets)).toBe(7);
    // Of mean 1 they give sum(w l) / sum(w).
    expect(await value(mse(), column, targets, array([0.75, 0, 2.25]))).toBe((3 + 9 * 16) / 12);
    expect(await value(mae(), column, targets, array([0, 0, 0]))).toBe(0);
  });

  it("of steps are taken step by step", async () => {
    const predictions = array([
      [
        [1, 3],
        [5, 5],
      ],
      [
        [2, 2],
        [7, 7],
      ],
    ]);
    const weights = array([
      [2, 0],
      [1, 1],
    ]);
    const zero = array([
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(await value(mae(), predictions, zero, weights)).toBe((2 * 2 + 2 + 7) / 4);
    const classes = array(
      [
        [0, 1],
        [1, 0],
      ],
      { dtype: "i32" },
    );
    const even = Math.log(2);
    const odds = Math.log(1 + Math.exp(-2));
    expect(await value(crossEntropy(), predictions, classes, weights)).toBeCloseTo(
      (2 * (odds + 2) + even + even) / 4,
      6,
    );
  });
});

it("integers are targets, too", async () => {
  expect(await value(mse(), column, array([[0], [2], [2]], { dtype: "i32" }))).toBeCloseTo(5 / 3, 6);
  expect(await value(binaryCrossEntropy(), array([[0]]), array([[true]]))).toBeCloseTo(Math.log(2), 6);
});

describe("gaussianNll", () => {
  it("is the log-likelihood of mean and log variance", async () => {
    const loss = await value(gaussianNll(), array([[1, Math.log(4)]]), array([[4]]));
    expect(loss).toBeCloseTo((Math.log(4) + 9 / 4) / 2, 6);
  });

  it("still learns from below the bound of the variance", async () => {
    const { data } = await run(
      backend,
      (p: Tensor, t: Tensor) => grad((q: Tensor) => gaussianNll()(q, t))(p),
      array([[1, -50]]),
      array([[0]]),
    );
    expect(data[1]).toBeLessThan(-1e5);
    expect(Number.isFinite(data[0])).toBe(true);
  });
});

describe("crossEntropy", () => {
  it("is NaN for a class that does not exist", async () => {
    const logits = array([[1, 2, 3]]);
    expect(await value(crossEntropy(), logits, array([3], { dtype: "i32" }))).toBeNaN();
    expect(await value(crossEntropy(), logits, array([-1], { dtype: "i32" }))).toBeNaN();
    expect(await value(crossEntropy(), logits, array([2], { dtype: "i32" }))).toBeCloseTo(
      Math.log(1 + Math.exp(-1) + Math.exp(-2)),
      6,
    );
  });

  it("takes impossible classes", async () => {
    expect(await value(crossEntropy(), array([[0, -Infinity]]), array([0], { dtype: "i32" }))).toBeCloseTo(0, 6);
  });
});

describe("what is impossible or certain", () => {
  const gradientOf = async (loss: Loss, predictions: HostArray, targets: HostArray): Promise<number[]> => {
    const slope = (p: Tensor, t: Tensor): Tensor => grad((q: Tensor) => loss(q, t))(p);
    return [...(await run(backend, slope, predictions, targets)).data];
  };
  const classes = array([0], { dtype: "i32" });

  it.each([
    ["the only possible class", [[0, -Infinity, -Infinity]], [0, 0, 0]],
    ["an impossible class", [[-Infinity, 0, 0]], [-1, 0.5, 0.5]],
    ["a certain class", [[Infinity, 0, 0]], [0, 0, 0]],
  ])("crossEntropy of %s", async (_, logits, expected) => {
    expect(await value(crossEntropy(), array(logits), classes)).toBe(expected[0] === 0 ? 0 : Infinity);
    expect(await gradientOf(crossEntropy(), array(logits), classes)).toEqual(expected);
  });

  it("crossEntropy of probabilities is not spoilt by a class that is neither expected nor possible", async () => {
    const found = await value(crossEntropy(), array([[0, 0, -Infinity]]), array([[0.5, 0.5, 0]]));
    expect(found).toBeCloseTo(Math.log(2), 6);
  });

  it("crossEntropy keeps the digits of small differences of large logits", async () => {
    expect(await value(crossEntropy(), array([[1e4, 1e4, 1e4]]), classes)).toBeCloseTo(Math.log(3), 6);
  });

  it("targets have derivatives, those of 0 too", async () => {
    const inTargets = (loss: Loss) => (t: Tensor, p: Tensor) => grad((u: Tensor) => loss(p, u))(t);
    const binary = await run(backend, inTargets(binaryCrossEntropy()), array([[0], [1]]), array([[3], [3]]));
    expect([...binary.data]).toEqual([-1.5, -1.5]);
    const { data } = await run(backend, inTargets(crossEntropy()), array([[0, 1]]), array([[2, 2]]));
    expect(data[0]).toBeCloseTo(Math.log(2), 6);
  });

  it("crossEntropy of one class is 0", async () => {
    expect(await gradientOf(crossEntropy(), array([[3]]), classes)).toEqual([0]);
  });
});

describe("messages", () => {
  const i32 = (values: number[]) => array(values, { dtype: "i32" });
  it.each([
    [
      "a vector for a column",
      () => value(mse(), column, array([1, 2, 3])),
      "mse: expected targets of the predictions' shape [3, 1], received [3]. Give the last layer as many units as there are target columns",
    ],
    [
      "weights of another length",
      () => value(mae(), column, column, array([1, 2])),
      "mae: expected one weight per sample, [3], or per step, [3, 1], received f32[2].",
    ],
    [
      "an odd width",
      () => value(gaussianNll(), column, column),
      "gaussianNll: expected means and log variances, [batch, ..., 2 k], received f32[3, 1].",
    ],
    [
      "classes of another shape",
      () => value(crossEntropy(), column, i32([0, 1])),
      "crossEntropy: expected class labels i32[3] or probabilities [3, 1], received i32[2]. Labels are whole numbers",
    ],
    [
      "probabilities of another shape",
      () => value(crossEntropy(), column, array([0, 1, 1])),
      "crossEntropy: expected class labels i32[3] or probabilities [3, 1], received f32[3]. Labels are whole numbers",
    ],
    [
      "logits without classes",
      () => value(crossEntropy(), array([1, 2]), i32([0, 1])),
      "crossEntropy: expected logits [batch, ..., classes], f32 or f64, received f32[2].",
    ],
    [
      "whole numbers for logits",
      () => value(crossEntropy(), array([[1, 2]], { dtype: "i32" }), i32([0])),
      "crossEntropy: expected logits [batch, ..., classes], f32 or f64, received i32[1, 2].",
    ],
    [
      "whole numbers for predictions",
      () => value(mse(), array([[1], [2]], { dtype: "i32" }), i32([0, 1])),
      'mse: expected predictions f32 or f64, received i32[2, 1]; convert them: convert(x, "f32").',
    ],
  ])("%s", async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  it("wrong options", () => {
    expect(() => huber({ delta: 0 })).toThrow('huber: option "delta" is 0; expected a number above 0.');
    expect(() => crossEntropy({ smoothing: 0.1 } as never)).toThrow('unknown option "smoothing"');
  });
});
