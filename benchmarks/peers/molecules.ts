// A training step of 64 molecules: directed message passing on the union of their graphs.
import { batchReader, dense, inputShapeOf, sequential } from "@hooke/core";
import { directedMessages, type Graph, graphDataset, graphUnion, readout } from "@hooke/layers-graph";
import { array, type Backend } from "@hooke/runtime";
import { updates } from "./networks.ts";
import { values } from "./problem.ts";
import type { Task } from "./protocol.ts";

const count = 64;
const [atomFeatures, bondFeatures, width] = [26, 7, 64];

/** Chains of 8 to 20 atoms, the first six in a ring. networks.py makes the same ones. */
function molecule(number: number): Graph {
  const size = 8 + ((number * 7) % 13);
  const from = [...Array.from({ length: size - 1 }, (_, i) => i), 0];
  const to = [...Array.from({ length: size - 1 }, (_, i) => i + 1), 5];
  return {
    nodes: array(values(size * atomFeatures, 100 + number), { shape: [size, atomFeatures] }),
    senders: [...from, ...to],
    receivers: [...to, ...from],
    edges: array(values(2 * size * bondFeatures, 200 + number), { shape: [2 * size, bondFeatures] }),
  };
}

/** Updates with Adam. */
export function moleculesStep(backend: Backend): Promise<Task> {
  const graphs = Array.from({ length: count }, (_, i) => molecule(i));
  const data = graphDataset({ graphs, targets: array(values(count, 2), { shape: [count, 1] }) });
  const model = graphUnion(
    sequential([
      directedMessages({ units: width, steps: 3 }),
      readout({ kind: "sum" }),
      dense({ units: width, activation: "relu" }),
      dense({ units: 1 }),
    ]),
  );
  const batch = batchReader(data, undefined)(Int32Array.from({ length: count }, (_, i) => i));
  return updates(backend, model, inputShapeOf(data.inputs, data.extras), batch);
}
