// Whatever is handed to a public function first: a result, or a HookeError. Layers, optimizers, losses, schedules, penalties
// and what trains, predicts, reads and writes are called with values of every other kind; functions of tensors inside of a recording, with
// tensors before these values.
import * as attention from "@hooke/attention";
import * as tfjs from "@hooke/backend-tfjs";
import * as wasm from "@hooke/backend-wasm";
import * as baselines from "@hooke/baselines";
import * as commands from "@hooke/cli";
import * as core from "@hooke/core";
import * as trainingFiles from "@hooke/core/node";
import * as sharing from "@hooke/core/ranks";
import * as tables from "@hooke/data";
import * as files from "@hooke/data/node";
import * as distributed from "@hooke/distributed-mpi";
import * as explain from "@hooke/explain";
import * as hdf5 from "@hooke/io/hdf5";
import * as images from "@hooke/io/images";
import * as keras from "@hooke/io/keras";
import * as decodedFiles from "@hooke/io/node";
import * as numpy from "@hooke/io/numpy";
import * as onnx from "@hooke/io/onnx";
import * as parquet from "@hooke/io/parquet";
import * as pytorch from "@hooke/io/pytorch";
import * as volumes from "@hooke/io/volumes";
import * as convolution from "@hooke/layers-conv";
import * as graphs from "@hooke/layers-graph";
import * as smiles from "@hooke/layers-graph/smiles";
import * as sequences from "@hooke/layers-seq";
import * as advisor from "@hooke/model-advisor";
import * as advisedGraphs from "@hooke/model-advisor/graphs";
import * as pinn from "@hooke/pinn";
import * as regularization from "@hooke/regularization";
import * as report from "@hooke/report";
import * as livePages from "@hooke/report/browser";
import * as reportFiles from "@hooke/report/node";
import * as runtime from "@hooke/runtime";
import { array, HookeError } from "@hooke/runtime";
import * as sweep from "@hooke/sweep";
import * as transfer from "@hooke/transfer";
import * as transferFiles from "@hooke/transfer/node";
import * as uncertainty from "@hooke/uncertainty";
import { expect, test } from "vitest";

const data = tables.dataset({ inputs: array([[1], [2]]), targets: array([[1], [2]]) });
const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  number: 3,
  NaN: Number.NaN,
  text: "adam",
  true: true,
  bigint: 3n,
  "empty list": [],
  list: [[1, 2]],
  "empty record": {},
  function: () => undefined,
  "typed array": new Float32Array(2),
  array: array([[1, 2]]),
  promise: Promise.resolve(1),
  dataset: data,
  layer: core.dense({ units: 1 }),
};

/** Functions of tensors, for authors of layers: they are called inside of recordings, after these checks. */
const ofTensors =
  "allAttentionWeights attentionWeights attentionWeightsOf causalMask paddingMask rotary scaledDotProduct".split(" ");
/** What is offered to authors of primitives, backends, figures and packages, who have types. */
const ofAuthors = (
  "BufferChecks HookeError Program bind broadcastShapes checkArgument checkDonation checkOptions checkRecording checks dataTable describe durationOf " +
  "evaluate formatNumber html " +
  "fold foldHost fullLike inferOutputs interpret lastUses lookUp lowerings nearest normalizeAxes normalizeAxis optimize packed quoted remember " +
  "createFolder delay folderHolder isRunning lockFolder nothingMore packageProgram sobolPoints spanOf temporaryPath sameShape sizeOf stridesOf suggestion threefry threefryWords treeMap treeSignature treeUnflatten tryLockFolder updateBy uploadAll verify withScope workOf"
).split(" ");
/** What is offered to authors of methods, whose samples are checked. */
const ofMethods = (
  "conformalEnd crossBounds describeSplit designMatrix fitDesign fittedOf foldsFor forms foldsOf importancesOf inputsOf isMissing randomFrom samplesOf spreadOf " +
  "takeSamples"
).split(" ");
/** What packages that train ask of datasets that they have checked. */
const ofDatasets = (
  "alignInputs allFinite checkLabels checkLengths checkResolution countedSteps fillPadding inPrecision isStreamed lengthsOf mapRows rowName stepLengths " +
  "takeExtras trainingWarnings withoutTransforms"
).split(" ");
const exceptions = new Set([...ofTensors, ...ofAuthors, ...ofDatasets, ...ofMethods]);

const node = {
  ...trainingFiles,
  ...files,
  ...reportFiles,
  ...sweep,
  ...decodedFiles,
  ...transferFiles,
  ...distributed,
  ...commands,
};
const packages = {
  ...advisor,
  ...advisedGraphs,
  ...attention,
  ...baselines,
  ...convolution,
  ...graphs,
  ...smiles,
  ...sequences,
  ...regularization,
  ...pinn,
  ...explain,
  ...transfer,
  ...uncertainty,
  ...tables,
  ...core,
  ...sharing,
  ...report,
  ...livePages,
  ...hdf5,
  ...images,
  ...keras,
  ...numpy,
  ...onnx,
  ...parquet,
  ...pytorch,
  ...volumes,
  ...node,
  ...runtime,
  ...wasm,
  ...tfjs,
};
type Call = (...given: unknown[]) => unknown;
/** Functions by name, and those of a record inside: `rmse.compute`. */
const functionsOf = (records: object): (readonly [name: string, call: Call])[] =>
  Object.entries(records)
    .filter(([name]) => !exceptions.has(name))
    .flatMap(([name, value]: [string, unknown]) =>
      typeof value === "function"
        ? [[name, value as Call]]
        : Object.entries(value as object)
            .filter(([, inner]) => typeof inner === "function")
            .map(([inner, call]): [string, Call] => [`${name}.${inner}`, call]),
    );
const functions = functionsOf({ ...packages, ...tables.metrics });

test("there are many", () => expect(functions.length).toBeGreaterThan(220));

test.each(functions)("%s", async (name, call) => {
  for (const [kind, value] of Object.entries(values)) {
    // A text is a path, where a file would be left behind.
    if (kind === "text" && Object.hasOwn(node, name)) continue;
    for (const given of [[value], [value, value], [value, value, value]]) {
      try {
        const result = await call(...given);
        if (name === "stopOnInterrupt") (result as trainingFiles.Interruption).release();
        if (name === "train") await (result as AsyncGenerator).next();
      } catch (error) {
        if (!(error instanceof HookeError)) expect.fail(`${name}(${kind}, ${given.length} times): ${error}`);
      }
    }
  }
});

const tensorFunctions = Object.entries({ ...runtime, ...attention }).filter(
  ([name, value]) => typeof value === "function" && !ofAuthors.includes(name),
);

test.each(tensorFunctions)("%s inside of a recording", async (name, call) => {
  const rejections: Promise<unknown>[] = [];
  const wrong: string[] = [];
  const tryCall = (kind: string, given: unknown[]): void => {
    const note = (error: unknown): void => {
      if (!(error instanceof HookeError))
        wrong.push(`${name} with ${given.length} arguments, at last ${kind}: ${error}`);
    };
    try {
      const result = (call as (...given: unknown[]) => unknown)(...given);
      if (result instanceof Promise) rejections.push(result.catch(note));
    } catch (error) {
      note(error);
    }
  };
  runtime.record(
    (x, whole) => {
      for (const [kind, value] of Object.entries(values)) {
        for (const before of [[x], [x, x], [x, whole], [x, x, x], [x, [0], [0]]]) {
          tryCall(kind, [...before, value]);
          tryCall(kind, [...before, value, value]);
        }
      }
      return x;
    },
    { shape: [2, 3], dtype: "f32" },
    { shape: [2], dtype: "i32" },
  );
  await Promise.all(rejections);
  expect(wrong).toEqual([]);
});
