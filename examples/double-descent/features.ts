// Regression on random features: a network of one hidden layer whose first weights are drawn and stay, so that its best fit is known exactly.
import {
  abs,
  add,
  array,
  type Backend,
  compile,
  fold,
  type Key,
  matmul,
  maximum,
  mean,
  mul,
  normal,
  randomKey,
  sliceAxis,
  solvePositive,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from "@hooke/runtime";

/** Numbers of an input. */
export const inputSize = 4;

/** `2 x0 x1 + 2 |x2| - x3` of inputs `[rows, 4]`. */
export function truth(x: Tensor): Tensor {
  const column = (i: number): Tensor => sliceAxis(x, 1, i, i + 1);
  return sub(mul(add(mul(column(0), column(1)), abs(column(2))), 2), column(3));
}

/** What is fitted, and to what. */
export interface FeatureSettings {
  readonly trainRows: number;
  readonly testRows: number;
  /** Standard deviation of the noise in the targets that are learnt from. */
  readonly noise: number;
  /** Ridge penalty over the mean of the kernel's diagonal; the least, 1e-9, leaves the interpolation of least norm. */
  readonly penalty: number;
}

/** What a fit comes to. */
export interface FeatureFit {
  /** Root mean square of the error on the rows that are known. */
  readonly train: number;
  /** The same on new inputs, against the truth without noise. */
  readonly test: number;
  /** The norm of the weights that are fitted. */
  readonly norm: number;
  /** What it says along {@link line}. */
  readonly shown: readonly number[];
}

/** Inputs of which the third goes from -3 to 3, the others 0: the truth there is `2 |x2|`. */
export const line: readonly number[] = Array.from({ length: 61 }, (_, i) => (i - 30) / 10);

const rms = (error: Tensor): Tensor => sqrt(mean(square(error)));

/**
 * Fits of one width, `sum_k c_k relu(w_k x + b_k) / sqrt(width)` with `w` and `b` that are drawn, one for each seed. The `c` are those of least squares; where several
 * fit all rows, those of least norm.
 */
export async function featureFits(
  backend: Backend,
  settings: FeatureSettings,
  width: number,
  seeds: readonly number[],
): Promise<readonly FeatureFit[]> {
  const along = array(
    line.map((at) => [0, 0, at, 0]),
    { dtype: "f64" },
  );
  const fit = compile(backend, recorded(settings, width));
  const fits: FeatureFit[] = [];
  for (const seed of seeds) {
    const { train, test, norm, shown } = await fit(randomKey(seed), along);
    fits.push({ train: train.data[0]!, test: test.data[0]!, norm: norm.data[0]!, shown: Array.from(shown.data) });
  }
  fit.free();
  return fits;
}

function recorded({ trainRows, testRows, noise, penalty }: FeatureSettings, width: number) {
  const identity = array(
    Array.from({ length: trainRows }, (_, i) => Array.from({ length: trainRows }, (_, j) => Number(i === j))),
    {
      dtype: "f64",
    },
  );
  return (key: Key, shown: Tensor) => {
    const draw = (purpose: string, shape: readonly number[]): Tensor => normal(fold(key, purpose), shape, "f64");
    const [directions, offsets] = [draw("directions", [inputSize, width]), draw("offsets", [width])];
    const features = (x: Tensor): Tensor =>
      mul(
        maximum(add(mul(matmul(x, directions), 1 / Math.sqrt(inputSize)), mul(offsets, 0.3)), 0),
        1 / Math.sqrt(width),
      );
    const [x, unseen] = [draw("rows", [trainRows, inputSize]), draw("unseen", [testRows, inputSize])];
    const targets = add(truth(x), mul(draw("noise", [trainRows, 1]), noise));
    const known = features(x);
    const kernel = matmul(known, transpose(known));
    // c = F' (F F' + lambda)^-1 y, which for a vanishing lambda is least squares on either side of the threshold.
    const lambda = mul(sum(square(known)), penalty / trainRows);
    const loaded = add(kernel, mul(identity, lambda));
    const coefficients = matmul(transpose(known), solvePositive(loaded, targets));
    const predicted = (at: Tensor): Tensor => matmul(features(at), coefficients);
    return {
      train: rms(sub(predicted(x), targets)),
      test: rms(sub(predicted(unseen), truth(unseen))),
      norm: sqrt(sum(square(coefficients))),
      shown: predicted(shown),
    };
  };
}
