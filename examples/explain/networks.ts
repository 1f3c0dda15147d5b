// The networks that learn the tasks, and which of their layers are asked.
import { sequenceTransformer } from "@hooke/attention";
import { dense, type Layer, sequential } from "@hooke/core";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { lstm } from "@hooke/layers-seq";
import { histories } from "./histories.ts";
import { micrographs } from "./micrographs.ts";
import type { Task } from "./task.ts";

export interface Network {
  readonly name: string;
  readonly task: Task;
  readonly layer: Layer;
  /** Asked by Grad-CAM, from the first to the last; none where no layer keeps places apart. */
  readonly mapped: readonly string[];
  readonly attends: boolean;
  readonly learningRate: number;
}

export const networks: readonly Network[] = [
  {
    name: "CNN",
    task: micrographs,
    layer: sequential({
      first: conv2d({ filters: 8, kernelSize: 5, stride: 2, activation: "relu" }),
      second: conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      third: conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      pool: globalAveragePool(),
      head: dense({ units: 1 }),
    }),
    mapped: ["first", "third"],
    attends: false,
    learningRate: 3e-3,
  },
  {
    name: "LSTM",
    task: histories,
    layer: sequential({ steps: lstm({ hiddenSize: 24 }), mean: globalAveragePool(), head: dense({ units: 1 }) }),
    mapped: [],
    attends: false,
    learningRate: 5e-3,
  },
  {
    name: "Transformer",
    task: histories,
    layer: sequenceTransformer({ outputs: 1, width: 16, heads: 2, blocks: 2 }),
    mapped: ["embedding", "encoder"],
    attends: true,
    learningRate: 3e-3,
  },
];
