// Slopes of a model's outputs in what leaves its dense layers, row by row.
import { apply, applyTapped, type TrainedModel, type Variables } from "@hooke/core";
import {
  describe,
  expandDims,
  fail,
  grad,
  type HostArray,
  sliceAxis,
  sum,
  type Tensor,
  type Tree,
  vmap,
} from "@hooke/runtime";
import type { ModelRows } from "../draws/sampler.ts";
import { denseConfig, densePaths, overRows, type RecordedRows, type RowsRun } from "./dense-layers.ts";

/** Paths of the dense layers whose weights are not known. @throws where there are none, or one has no bias */
export function slopedPaths(who: string, model: TrainedModel): string[] {
  const paths = densePaths(model);
  if (paths.length === 0)
    fail(who, `the model (${model.layer.type}) has no dense layer that training changes.`, "unsupported");
  const bare = paths.find((path) => denseConfig(model, path).bias === false);
  if (bare !== undefined)
    fail(who, `the dense layer "${bare}" has no bias, by which its gradients are taken; give it one.`, "unsupported");
  return paths;
}

/** What reaches each dense layer, `[rows, width]`, and the slopes of outputs in what leaves it, before its activation, `[rows, columns, units]`. */
export interface Jacobian {
  readonly inputs: readonly HostArray[];
  readonly slopes: readonly HostArray[];
}

/** A bias has the gradient of what it is added to: of one row, that is what leaves the layer. */
export async function eachJacobian(
  who: string,
  { layer, variables, inputShape, preprocessing }: TrainedModel,
  paths: readonly string[],
  columns: number,
  rows: ModelRows,
  run: RowsRun,
  use: (jacobian: Jacobian) => void,
): Promise<void> {
  const slope = (given: Variables, { inputs, extras }: RecordedRows, column: number) => {
    const biases = paths.map((path) => leafAt(given.params, `${path}.bias`));
    const outputOf = (own: readonly Tensor[], row: Tensor, more: Readonly<Record<string, Tensor>>): Tensor => {
      const params = paths.reduce<Tree<Tensor>>(
        (tree, path, l) => withLeaf(tree, `${path}.bias`, own[l]!),
        given.params,
      );
      const one = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, expandDims(value, 0)]));
      const { output } = apply(layer, { params, state: given.state }, expandDims(row, 0), { extras: one });
      if (output.rank !== 2 || output.shape[1] !== columns)
        fail(
          who,
          `the model predicts ${describe(output)} for ${columns} targets of a row; it takes one number each.`,
          "unsupported",
        );
      return sum(sliceAxis(output, 1, column, column + 1));
    };
    const ofRow = (row: Tensor, more: Readonly<Record<string, Tensor>>) =>
      grad((own: readonly Tensor[]) => outputOf(own, row, more))(biases) as readonly Tensor[];
    return vmap(ofRow as never, 0)(inputs as never, extras as never) as readonly Tensor[];
  };
  const found = await overRows(
    { layer, variables, inputShape, ...(preprocessing && { preprocessing }) },
    rows,
    run,
    (given, batch) => {
      const { inputs } = applyTapped(layer, given, batch.inputs, { inputs: paths, extras: batch.extras });
      const reached = paths.map((path) => inputs[path]!);
      for (const [l, input] of reached.entries()) {
        if (input.rank !== 2)
          fail(
            who,
            `the dense layer "${paths[l]}" gets ${describe(input)}; it takes rows of numbers, not steps or pixels.`,
            "unsupported",
          );
      }
      const all = Array.from({ length: columns }, (_, column) => slope(given, batch, column));
      return [...reached, ...all.flat()];
    },
  );
  const inputs = found.slice(0, paths.length);
  const slopes = paths.map((_, l) => {
    const own = Array.from({ length: columns }, (_, column) => found[paths.length * (1 + column) + l]!);
    const units = own[0]!.shape[1]!;
    const data = new Float64Array(rows.inputs.shape[0]! * columns * units);
    for (const [column, each] of own.entries()) {
      for (let i = 0; i < each.data.length; i++)
        data[(Math.floor(i / units) * columns + column) * units + (i % units)] = each.data[i]!;
    }
    return { shape: [rows.inputs.shape[0]!, columns, units], dtype: "f64" as const, data };
  });
  use({ inputs, slopes });
}

/** An entry of a tree of parameters, by its dotted path. */
export function leafAt(tree: Tree<Tensor>, path: string): Tensor {
  return path
    .split(".")
    .filter(Boolean)
    .reduce((node, name) => (node as Readonly<Record<string, Tree<Tensor>>>)[name]!, tree) as Tensor;
}

function withLeaf(tree: Tree<Tensor>, path: string, leaf: Tensor): Tree<Tensor> {
  const [name, ...others] = path.split(".").filter(Boolean);
  const record = tree as Readonly<Record<string, Tree<Tensor>>>;
  return { ...record, [name!]: others.length === 0 ? leaf : withLeaf(record[name!]!, others.join("."), leaf) };
}
