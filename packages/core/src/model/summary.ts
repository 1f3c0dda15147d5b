// Summary of a model: its layers with output shapes and parameter counts.
import { checkArgument, full, nothingMore, record, type Shape, sizeOf, type Tensor } from "@hooke/runtime";
import { applyModel, createFrame } from "./frame.ts";
import { exampleBatch, type InputShape, inputCheck } from "./input.ts";
import { internalsOf, type Layer, layerCheck } from "./layer.ts";

/** One layer of a {@link Summary}. */
export interface SummaryRow {
  /** Dotted path in the model; empty if the model is this one layer. */
  readonly path: string;
  readonly type: string;
  readonly config: unknown;
  /** Without the batch dimension. */
  readonly outputShape: Shape;
  /** Number of parameters that are this layer's own. */
  readonly parameters: number;
  /** Whether it is inside of a `frozen` layer, so that training leaves its parameters as they are. */
  readonly frozen: boolean;
}

/** The layers of a model in the order they run. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Number of parameters of the whole model: those that training changes and those that are frozen. */
  readonly parameters: number;
  readonly trainedParameters: number;
  readonly frozenParameters: number;
  /** A table for people. */
  toString(): string;
}

/**
 * Lists the layers of a model that have no children or have parameters of their own.
 *
 * @param input shape of one row, without the batch dimension; or {@link InputShape} with dtype and extras
 * @throws if a layer refuses the shape it would receive, with the layer's path; if no layer reads one of the extras
 */
export function summary(layer: Layer, input: InputShape, ...more: []): Summary {
  nothingMore("summary", more);
  checkArgument("summary", "the model", layer, layerCheck);
  checkArgument("summary", "the input", input, inputCheck);
  const rows = new Map<string, SummaryRow>();
  const visit = (visited: Layer, path: string, output: Tensor, own: readonly Tensor[], frozen: boolean): undefined => {
    const inner = Object.keys(internalsOf(visited).children).length > 0;
    // A layer that runs twice is listed once: its parameters exist once.
    if ((inner && own.length === 0) || rows.has(path)) return;
    const parameters = own.reduce((count, { shape }) => count + sizeOf(shape), 0);
    rows.set(path, {
      path,
      type: visited.type,
      config: visited.config,
      outputShape: output.shape.slice(1),
      parameters,
      frozen,
    });
  };
  record(() => {
    const create = (_path: string, spec: { readonly shape: Shape }): Tensor => full(spec.shape, 0);
    const { x, extras } = exampleBatch(input, "f32");
    return applyModel(createFrame({ create, visit }), layer, x, extras);
  });
  const list = [...rows.values()];
  const count = (counted: readonly SummaryRow[]): number => counted.reduce((sum, row) => sum + row.parameters, 0);
  const totals = {
    parameters: count(list),
    trainedParameters: count(list.filter(({ frozen }) => !frozen)),
    frozenParameters: count(list.filter(({ frozen }) => frozen)),
  };
  return { rows: list, ...totals, toString: () => table(list, totals) };
}

const digits = (count: number): string => count.toLocaleString("en-US");

type Totals = Pick<Summary, "parameters" | "trainedParameters" | "frozenParameters">;

function table(rows: readonly SummaryRow[], totals: Totals): string {
  const footer =
    totals.frozenParameters === 0
      ? [["", "", "", digits(totals.parameters)]]
      : [
          ["trained", "", "", digits(totals.trainedParameters)],
          ["frozen", "", "", digits(totals.frozenParameters)],
          ["all", "", "", digits(totals.parameters)],
        ];
  const layers = rows.map(({ path, type, outputShape, parameters, frozen }) => [
    path,
    frozen ? `${type} (frozen)` : type,
    `[${outputShape.join(", ")}]`,
    digits(parameters),
  ]);
  const cells = [["layer", "type", "output", "parameters"], ...layers, ...footer];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(cells[0]!), rule, ...layers.map(line), rule, ...footer.map(line)].join("\n");
}
