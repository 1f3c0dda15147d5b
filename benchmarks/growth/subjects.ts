// What grows, and along what: images and sequences of a batch, steps of a sequence, points, layers.
import { dense, type Layer, layerNorm, recomputed, residual, sequential } from "@hooke/core";
import { microstructureCNN } from "@hooke/layers-conv";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import type { Backend } from "@hooke/runtime";
import { publishedObjective } from "../peers/hooke-tasks.ts";
import { type Subject, updateOf } from "./update.ts";

/** Something of which there may be more. */
export interface Growing {
  readonly label: string;
  /** What is counted. */
  readonly unit: string;
  /** How many are measured, from few to many. */
  readonly sizes: readonly number[];
  /** How many are counted, 64 times more where that is planned in no time. */
  readonly tested: readonly number[];
  /** As many as this, to be run on a backend. */
  at(size: number, backend: Backend): Promise<Subject>;
}

const block = (width: number) =>
  residual(sequential([layerNorm(), dense({ units: 4 * width, activation: "gelu" }), dense({ units: width })]));

/** A chain of blocks of a width that sees so many rows. */
const chain = (width: number, rows: number, around: (layer: Layer) => Layer): Growing["at"] => {
  return (size, backend) => {
    const blocks = Array.from({ length: size }, () => around(block(width)));
    return updateOf({ model: sequential([...blocks, dense({ units: 1 })]), shape: [rows, width] }, backend);
  };
};

export const growing: readonly Growing[] = [
  {
    label: "MLP 10-64-64-1",
    unit: "row",
    sizes: [64, 512, 4096, 32_768],
    tested: [64, 4096],
    at: (size, backend) => {
      const model = sequential(
        [64, 64].map((units) => dense({ units, activation: "relu" })).concat(dense({ units: 1 })),
      );
      return updateOf({ model, shape: [size, 10] }, backend);
    },
  },
  {
    label: "microstructureCNN",
    unit: "image",
    sizes: [1, 8, 64, 512],
    tested: [1, 64],
    at: (size, backend) => updateOf({ model: microstructureCNN(), shape: [size, 64, 64, 1] }, backend),
  },
  {
    label: "crackGrowthLSTM, 64 rows",
    unit: "step",
    sizes: [16, 128, 1024],
    tested: [16, 1024],
    at: (size, backend) => updateOf({ model: crackGrowthLSTM(), shape: [64, size, 3] }, backend),
  },
  {
    label: "Burgers as published, f64",
    unit: "point",
    sizes: [1000, 8000, 64_000, 512_000],
    tested: [1000, 64_000],
    async at(size, backend) {
      const objective = await publishedObjective(backend, size);
      return {
        run: async () => void (await objective.evaluate(objective.start)),
        free: () => objective.free(),
      };
    },
  },
  {
    label: "blocks of dense 64-256-64, 512 rows",
    unit: "block",
    sizes: [2, 16, 128],
    tested: [2, 16],
    at: chain(64, 512, (layer) => layer),
  },
  {
    label: "the same, computed again",
    unit: "block",
    sizes: [2, 16, 128],
    tested: [2, 16],
    at: chain(64, 512, recomputed),
  },
  {
    label: "blocks of dense 16-64-16, 64 rows",
    unit: "block",
    sizes: [4, 32, 256],
    tested: [4, 32],
    at: chain(16, 64, (layer) => layer),
  },
];
