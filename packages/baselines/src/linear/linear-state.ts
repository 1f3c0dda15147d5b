// What linear methods learn, and predicting from it: sums over the columns of a design and products of two of them.
import { type Design, designForm, designMatrix, fitDesign } from "../design/design.ts";
import { type Form, forms } from "../method/form.ts";
import type { Inputs, Samples } from "../method/samples.ts";
import { dot, type Linear, type Rows } from "./rows.ts";
import { softmaxInPlace } from "./softmax-fit.ts";

/** What a linear method has learned. Its terms are the columns of the design, then products of two of these. */
export type LinearState = {
  readonly design: Design;
  /** `[products, 2]`: columns of the design. */
  readonly products: Int32Array;
  /** `[outputs, terms]`. Outputs: the target; of two classes the log-odds of the second; of more the logit of each. */
  readonly weights: Float64Array;
  /** `[outputs]`. */
  readonly bias: Float64Array;
  /** How many classes the target has; 0 where it is numbers. */
  readonly classes: number;
  /** That was given or chosen. */
  readonly penalty: number;
  /** The share of it that is on magnitudes, not on squares. */
  readonly mixing: number;
};

/** Expects what a linear method has learned. */
export const linearForm = (): Form<LinearState> => {
  const { number, f64, i32, record } = forms;
  return record({
    design: designForm(),
    products: i32,
    weights: f64,
    bias: f64,
    classes: number,
    penalty: number,
    mixing: number,
  });
};

/** Samples as rows of a design. */
export interface DesignRows {
  readonly design: Design;
  readonly rows: Rows;
}

export function designRows(who: string, samples: Samples, warn: (sentence: string) => void): DesignRows {
  const design = fitDesign(who, samples, warn);
  return { design, rows: termRows(design, new Int32Array(0), samples) };
}

/** The terms of some rows. */
export function termRows(design: Design, products: Int32Array, inputs: Inputs): Rows {
  const matrix = designMatrix(design, inputs);
  const columns = design.names.length;
  const count = inputs.rowCount;
  if (products.length === 0) return { count, width: columns, data: matrix };
  const width = columns + products.length / 2;
  const data = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    data.set(matrix.subarray(row * columns, (row + 1) * columns), row * width);
    for (let p = 0, at = row * width + columns; p < products.length; p += 2, at++) {
      data[at] = matrix[row * columns + products[p]!]! * matrix[row * columns + products[p + 1]!]!;
    }
  }
  return { count, width, data };
}

const noProducts = new Int32Array(0);

/** A state of its parts; of two classes the difference of their functions is kept. */
export function linearState(parts: {
  readonly design: Design;
  readonly products?: Int32Array;
  readonly linear: Linear;
  readonly classes?: number;
  readonly penalty: number;
  readonly mixing: number;
}): LinearState {
  const { design, products = noProducts, linear, classes = 0, penalty, mixing } = parts;
  const { weights, bias } = classes === 2 ? difference(linear) : linear;
  const width = weights[0]!.length;
  const all = new Float64Array(weights.length * width);
  for (const [output, each] of weights.entries()) all.set(each, output * width);
  return { design, products, weights: all, bias: Float64Array.from(bias), classes, penalty, mixing };
}

const difference = ({ weights: [first, second], bias }: Linear): Linear => ({
  weights: [second!.map((weight, j) => weight - first![j]!)],
  bias: [bias[1]! - bias[0]!],
});

/** Numbers, or `[rows, classes]` probabilities. */
export function predictLinear(state: LinearState, inputs: Inputs): Float64Array {
  const { design, products, classes } = state;
  const outputs = outputsOf(state, termRows(design, products, inputs));
  if (classes === 0) return outputs;
  if (classes === 2) {
    return Float64Array.from({ length: 2 * outputs.length }, (_, i) => {
      const logit = i % 2 === 1 ? outputs[i >> 1]! : -outputs[i >> 1]!;
      return 1 / (1 + Math.exp(-logit));
    });
  }
  for (let at = 0; at < outputs.length; at += classes) softmaxInPlace(outputs.subarray(at, at + classes));
  return outputs;
}

function outputsOf({ weights, bias }: LinearState, { count, width, data }: Rows): Float64Array {
  const outputs = new Float64Array(count * bias.length);
  for (let output = 0; output < bias.length; output++) {
    const own = weights.subarray(output * width, (output + 1) * width);
    for (let row = 0; row < count; row++) {
      outputs[row * bias.length + output] = bias[output]! + dot(own, data, row * width);
    }
  }
  return outputs;
}
