// Every layer as an ONNX file, run by onnxruntime: the predictions of the WebAssembly backend, for one row and for six.
import { wasmBackend } from "@hooke/backend-wasm";
import { type Layer, predict } from "@hooke/core";
import { fillPadding, lengthsOf } from "@hooke/data";
import { exportOnnx } from "@hooke/io/onnx";
import { allocate, type HostArray, sizeOf } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { runOnnx } from "../onnx.fixture.ts";
import { batchOf, type LayerCase, setUp, titleOf } from "./case.ts";
import { attentionCases } from "./cases/attention.ts";
import { convolutionCases } from "./cases/convolution.ts";
import { coreCases } from "./cases/core.ts";
import { graphsCases } from "./cases/graphs.ts";
import { pinnCases } from "./cases/pinn.ts";
import { regularizationCases } from "./cases/regularization.ts";
import { sequencesCases } from "./cases/sequences.ts";
import { transferCases } from "./cases/transfer.ts";

const tables = [
  coreCases,
  convolutionCases,
  sequencesCases,
  attentionCases,
  graphsCases,
  pinnCases,
  regularizationCases,
  transferCases,
];
/** Long ones, of blocks that have cases of their own. */
const isLong = ({ layer }: LayerCase): boolean => layer.type.startsWith("resnet") && process.env.HOOKE_TESTS !== "full";
const cases = tables
  .flatMap((table): readonly LayerCase[] => Object.values(table).flat())
  .filter((entry) => !isLong(entry));

const rowsOf = ({ shape: [, ...row], dtype, data }: HostArray, rows: number): HostArray => {
  const repeated = allocate(dtype, rows * sizeOf(row));
  for (let i = 0; i < repeated.length; i++) repeated[i] = data[i % data.length]!;
  return { shape: [rows, ...row], dtype, data: repeated };
};

/** Of the largest value. Through eighteen layers and more either rounds by up to 3e-6 from f64, and where they cancel by more. */
const toleranceOf = ({ layer }: LayerCase): number => (layer.type.startsWith("resnet") ? 3e-5 : 1e-5);

/** Whether it sorts nodes, to find the largest of a graph. */
const sorts = ({ layer }: LayerCase): boolean => {
  const { kind, readout } = layer.config as { readonly kind?: string; readonly readout?: string };
  return /^(gat|graphAttention|attentive\w+)$/.test(layer.type) || /^(max|attentive)$/.test(kind ?? readout ?? "");
};

describe("layers as ONNX files", () => {
  const backend = wasmBackend();

  it.each(cases.filter(sorts).map((entry) => [titleOf(entry), entry] as const))("%s is refused", async (_, entry) => {
    const { variables } = await setUp(entry, backend);
    const model = { layer: entry.layer as Layer, inputShape: entry.input, variables };
    expect(() => exportOnnx(model)).toThrow('take the readout "sum" or "mean", not "max" or "attentive"');
  });

  it.each(cases.filter((entry) => !sorts(entry)).map((entry) => [titleOf(entry), entry] as const))(
    "%s",
    async (_, entry) => {
      const { variables } = await setUp(entry, backend);
      const model = { layer: entry.layer as Layer, inputShape: entry.input, variables };
      const file = exportOnnx(model);
      const { x: drawn, extras } = batchOf(entry);
      const lengths = lengthsOf(extras);
      const x = lengths === undefined ? drawn : fillPadding(drawn, lengths);
      for (const rows of [1, 6]) {
        const inputs = rowsOf(x, rows);
        const besides = Object.fromEntries(Object.entries(extras).map(([name, extra]) => [name, rowsOf(extra, rows)]));
        const expected = await predict(model, inputs, { backend, extras: besides });
        const found = await runOnnx(file, { inputs, ...besides });
        expect(found.shape).toEqual(expected.shape);
        const scale = Math.max(1, ...expected.data.map(Math.abs));
        const error = Math.max(...found.data.map((value, i) => Math.abs(value - expected.data[i]!))) / scale;
        expect(error).toBeLessThan(toleranceOf(entry));
      }
    },
  );
});
