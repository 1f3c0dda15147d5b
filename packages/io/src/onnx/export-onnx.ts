// A trained model as an ONNX file: its program of inference, recorded and written operator by operator.
import { apply, precisionOf, type TrainedModel, trainedModelCheck, type Variables } from "@hooke/core";
import {
  type Aval,
  type Check,
  checkArgument,
  checkOptions,
  convert,
  describe,
  fail,
  type HostArray,
  isFloat,
  optimize,
  type Program,
  record,
  type Tensor,
  type Tree,
  treeLeaves,
} from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import { type OpenValue, openProgram, placeOf, recordedRows } from "./dims.ts";
import { Graph, operand } from "./graph.ts";
import { graphMessage, modelMessage, valueMessage } from "./messages.ts";
import { restored, transformed } from "./preprocessing.ts";
import { walk } from "./rules/index.ts";
import { known } from "./rules/structure.ts";

/** Options of {@link exportOnnx}. */
export interface ExportOnnxOptions {
  /** Texts that the file carries along, besides the names: units, which models do not know, a date, a source. Default none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const metadataCheck: Check = (value) =>
  typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string")
    ? undefined
    : 'texts by name, such as { unit: "MPa" }';

/** Protobuf's limit for one file. */
const largestFile = 2 ** 31 - 1;

/**
 * Writes a model as an ONNX file (operators of version 18), as it predicts: in units of the data, for any number of rows.
 *
 * The file's inputs are `inputs`, `[batch, ...]`, and the extras by their names; its output is `predictions`. A model with
 * preprocessing takes f64 and computes it in f64, as `predict` does; where targets are restored, predictions are f64. Values that
 * `predict` refuses, such as logarithms of what is not above 0, become NaN there. What
 * stands behind the ends of sequences is read as it is, and must be finite: `predict` puts the last step there. Models of graphs take the rows of `graphDataset`
 * with their extras, padded to the largest graph of the training; what says where they stand in a union is not needed.
 *
 * Its metadata say what the columns and classes are called (`inputNames`, `targetNames`, `classes`, as JSON), and whether preprocessing is
 * included; its producer is `hooke`, in the version of this package.
 *
 * Recorded twice, with 1013 rows and 2003: what a layer does only at other numbers of rows is not seen.
 *
 * @returns the bytes of a `.onnx` file
 * @throws naming the primitive and the layer, if ONNX has no operator for it or its rows cannot be left open (`"unsupported"`); if the
 *   file would be larger than 2 GiB (`"unsupported"`)
 * @example
 * ```ts
 * import { dense, initialize, sequential } from "@hooke/core";
 * import { exportOnnx } from "@hooke/io/onnx";
 * import { referenceBackend } from "@hooke/runtime";
 *
 * const layer = sequential([dense({ units: 8, activation: "tanh" }), dense({ units: 1 })]);
 * const variables = await initialize(referenceBackend(), layer, [3], 0);
 * const file = exportOnnx({ layer, inputShape: [3], variables }, { metadata: { unit: "MPa" } });
 * console.log(file.length < 2000); // true
 * ```
 */
export function exportOnnx(model: TrainedModel, options: ExportOnnxOptions = {}): Uint8Array<ArrayBuffer> {
  checkArgument("exportOnnx", "the model", model, trainedModelCheck);
  checkOptions<ExportOnnxOptions>("exportOnnx", options, { optional: { metadata: metadataCheck } });
  const { variables } = model;
  const leaves = treeLeaves<HostArray>([variables.params, variables.state] as Tree<HostArray>);
  const bytes = leaves.reduce((sum, { value }) => sum + value.data.byteLength, 0);
  if (bytes > largestFile) tooLarge(bytes);
  const [few, many] = recordedRows.map((rows) => recorded(model, rows)) as [Recorded, Recorded];
  refuseSorting(few.program);
  const program = openProgram(few.program, many.program);

  const graph = new Graph("inputs");
  const given = program.inputs.slice(leaves.length);
  const messages = few.names.map((name, i) => {
    graph.unique(name);
    return valueMessage(name, given[i]!.dtype, given[i]!.shape);
  });
  graph.unique("predictions");
  const [predictions] = walk(graph, program, [
    // "0.hidden.kernel": a parameter of the layer "hidden"; 1 is the state.
    ...leaves.map(({ path, value }) => known(path.slice(2), value)),
    ...given.map(({ dtype, shape }, i) => operand(few.names[i]!, dtype, shape)),
  ]);
  checkRows(model, program.outputs[0]!);
  graph.output("predictions", predictions!);
  const message = graphMessage({
    name: model.layer.type,
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: messages,
    outputs: [valueMessage("predictions", predictions!.dtype, predictions!.shape)],
  });
  const file = modelMessage(message, manifest.version, { ...namesOf(model), ...options.metadata });
  if (file.size > largestFile) tooLarge(file.size);
  return file.finish();
}

/** Before numbers of rows are compared: what sorts has many sizes of its own. */
function refuseSorting({ nodes }: Program): void {
  const node = nodes.find(({ primitive }) => primitive === "sort" || primitive === "argSort");
  if (node === undefined) return;
  const cure =
    'Of graphs, the largest and softmax are found by sorting: take the readout "sum" or "mean", not "max" or "attentive", and layers without attention';
  fail("exportOnnx", `${placeOf(node)} cannot be exported: ONNX leaves the place of NaN open. ${cure}.`, "unsupported");
}

function tooLarge(bytes: number): never {
  return fail("exportOnnx", `the file would have ${bytes} bytes; ONNX files have less than 2 GiB.`, "unsupported");
}

/** A recording at a number of rows; its inputs are the variables, then what is named. */
interface Recorded {
  readonly program: Program;
  readonly names: readonly string[];
}

function recorded({ layer, inputShape, variables, preprocessing }: TrainedModel, rows: number): Recorded {
  const { extras = {}, ...spec } = "shape" in inputShape ? inputShape : { shape: inputShape };
  const precision = precisionOf(variables);
  const isWide = preprocessing !== undefined && preprocessing.inputs.length > 0;
  const exact = spec.dtype ?? precision;
  const inputs: Aval = { shape: [rows, ...spec.shape], dtype: isWide && isFloat(exact) ? "f64" : exact };
  const others = Object.entries(extras).map(([name, extra]): [string, Aval] => {
    if (name === "inputs" || name === "predictions") {
      fail("exportOnnx", `the model has an extra named "${name}", which the file's own arrays are called.`);
    }
    return [name, { shape: [rows, ...extra.shape], dtype: extra.dtype ?? precision }];
  });
  const forward = (given: Variables, x: Tensor, besides: Readonly<Record<string, Tensor>>): Tensor => {
    const prepared = isWide ? convert(transformed(preprocessing, x), exact) : x;
    const { output } = apply(layer, given, prepared, { extras: besides });
    return preprocessing === undefined ? output : restored(preprocessing, output);
  };
  const { program } = record(
    forward as (...args: unknown[]) => Tensor,
    { params: variables.params, state: variables.state },
    inputs,
    Object.fromEntries(others),
  );
  return { program: optimize(program), names: ["inputs", ...others.map(([name]) => name)] };
}

function checkRows({ layer }: TrainedModel, output: OpenValue): void {
  const [rows] = output.shape;
  if (typeof rows === "object" && rows.rows === 1) return;
  const shape = output.shape.map((dimension) => (typeof dimension === "number" ? dimension : dimension.rows));
  fail(
    "exportOnnx",
    `the model (${layer.type}) yields ${describe({ shape, dtype: output.dtype })}, with other rows than its inputs.`,
    "unsupported",
  );
}

/** What the columns are called, and what is done to them inside: nothing is left to whoever runs the file. */
function namesOf({ preprocessing }: TrainedModel): Record<string, string> {
  if (preprocessing === undefined) return { preprocessing: "none" };
  const { inputNames, targetNames, classes, inputs, targets } = preprocessing;
  return {
    preprocessing:
      inputs.length + targets.length === 0 ? "none" : "included: inputs and predictions are in the units of the data",
    inputNames: JSON.stringify(inputNames),
    targetNames: JSON.stringify(targetNames),
    ...(classes && { classes: JSON.stringify(classes) }),
  };
}
