// The origin of a loss that is not finite, in words: a tensor of the step, or a value of its batch. Loaded when a loss is not finite.
import { type Dataset, rowName } from "@hooke/data";
import { type Aval, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import { type Batch, batchParts } from "./batch.ts";
import { describeNode, firstBadTensor, position } from "./diagnose.ts";
import type { TrainingState } from "./record-step.ts";
import type { PreparedStep, StepMoment } from "./step.ts";

/** The update that failed. */
export interface FailedStep {
  readonly prepared: Pick<PreparedStep, "program" | "operands">;
  readonly batch: Batch<HostArray>;
  readonly moment: StepMoment;
  /** Structure of the training state. */
  readonly state: TrainingState<unknown>;
  readonly loss: number;
  readonly epoch: number;
  /** Number of the batch in the epoch. */
  readonly batchIndex: number;
  /** Rows of the training data in the batch. */
  readonly rows: Int32Array;
  readonly data: Dataset<Aval>;
}

/** A sentence on where the values of a failed step that are not finite come from. */
export async function originOf(failed: FailedStep): Promise<string> {
  const { prepared, batch, moment } = failed;
  const { program } = prepared;
  const operands = await prepared.operands(batch, moment);
  const found = firstBadTensor(program, operands, program.outputs.at(-1)!);
  if (found === undefined) return "The reference interpreter finds it finite: values are near the limits of the dtype.";
  if (found.kind === "node") return `First bad tensor: ${describeNode(found)}.`;
  const { index, element, value } = found;
  const names = operandNames(failed.state);
  const name = names[index];
  if (name !== undefined) return `${name} already holds ${value}: an earlier update put it there.`;
  const parts = batchParts(batch);
  const { name: part, array } = parts[index - (program.inputs.length - parts.length)]!;
  const { shape, data } = array;
  const row = failed.rows[Math.floor(element / (data.length / shape[0]!))]!;
  const { inputNames, targetNames } = failed.data;
  const columns = part === "inputs" ? inputNames : part === "targets" ? targetNames : [];
  const column = columns[element % columns.length];
  const where = column === undefined ? position(element, { shape }) : ` in column "${column}"`;
  return `The ${part} hold ${value}${where}, ${rowName(row, failed.data.lines)}.`;
}

/** Names of a step's leading operands, the leaves of its training state. */
export function operandNames(state: TrainingState<unknown>): string[] {
  const named = (kind: string, tree: Tree<unknown>): string[] =>
    treeLeaves<unknown>(tree).map(({ path }) => `The ${kind} "${path}"`);
  return [
    ...named("parameter", state.params),
    ...named("model state", state.state),
    ...named("optimizer slot", state.slots),
  ];
}
