// Summary of a model: its layers with output shapes and parameter counts.
import { full, record, type Shape, sizeOf, type Tensor } from "@hooke/runtime";
import { applyModel, createFrame } from "./frame.ts";
import { exampleBatch, type InputShape } from "./input.ts";
import { internalsOf, type Layer } from "./layer.ts";

/** One layer of a {@link Summary}. */
export interface SummaryRow {
  /** Dotted path in the model; empty if the model is this one layer. */
  readonly path: string;
  readonly type: string;
  readonly config: unknown;
  /** Without the batch dimension. */
  readonly outputShape: Shape;
  /** Number of trained values that are this layer's own. */
  readonly parameters: number;
}

/** The layers of a model in the order they run. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Number of trained values of the whole model. */
  readonly parameters: number;
  /** A table for people. */
  toString(): string;
}

/**
 * Lists the layers of a model that have no children or have parameters of their own.
 *
 * @param input shape of one row, without the batch dimension; or {@link InputShape} with dtype and extras
 * @throws if a layer refuses the shape it would receive, with the layer's path; if no layer reads one of the extras
 */
export function summary(layer: Layer, input: InputShape): Summary {
  const rows = new Map<string, SummaryRow>();
  const visit = (visited: Layer, path: string, output: Tensor, own: readonly Tensor[]): void => {
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
    });
  };
  record(() => {
    const create = (_path: string, spec: { readonly shape: Shape }): Tensor => full(spec.shape, 0);
    const { x, extras } = exampleBatch(input, "f32");
    return applyModel(createFrame({ create, visit }), layer, x, extras);
  });
  const list = [...rows.values()];
  const parameters = list.reduce((count, row) => count + row.parameters, 0);
  return { rows: list, parameters, toString: () => table(list, parameters) };
}

const digits = (count: number): string => count.toLocaleString("en-US");

function table(rows: readonly SummaryRow[], parameters: number): string {
  const cells = [
    ["layer", "type", "output", "parameters"],
    ...rows.map((row) => [row.path, row.type, `[${row.outputShape.join(", ")}]`, digits(row.parameters)]),
    ["", "", "", digits(parameters)],
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(cells[0]!), rule, ...cells.slice(1, -1).map(line), rule, line(cells.at(-1)!)].join("\n");
}
