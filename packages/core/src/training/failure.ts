// What is said when a loss is not finite: where training stood, the batch and the first tensor that went bad.
import { HookeError, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import type { Dataset } from "../data/dataset.ts";
import { rowName } from "../data/row-name.ts";
import { type Batch, batchParts } from "./batch.ts";
import { type BadTensor, describeNode, firstBadTensor, position } from "./diagnose.ts";
import type { TrainingState } from "./record-step.ts";
import type { PreparedStep, StepMoment } from "./step.ts";

/** The update that failed. */
export interface FailedStep {
  readonly prepared: PreparedStep;
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
  readonly data: Dataset;
}

/** The error for a step whose loss is not finite. The training state must still be as it was before the step. */
export async function nonFiniteLoss(failed: FailedStep): Promise<HookeError> {
  const { prepared, batch, moment, loss, epoch, batchIndex, rows } = failed;
  const { program } = prepared;
  const operands = await prepared.operands(batch, moment);
  const found = firstBadTensor(program, operands, program.outputs.at(-1)!);
  return new HookeError(
    `train: the loss of step ${moment.step} (epoch ${epoch}, batch ${batchIndex}) is ${loss}. ${origin(found, failed)} ` +
      `Rows of the batch: ${list(rows)}. Nothing was updated by this step. ` +
      "Lower the learning rate, clip gradients, standardize the data, or look at these rows.",
    { code: "non-finite" },
  );
}

function origin(found: BadTensor | undefined, failed: FailedStep): string {
  if (found === undefined) return "The reference interpreter finds it finite: values are near the limits of the dtype.";
  if (found.kind === "node") return `First bad tensor: ${describeNode(found)}.`;
  const { index, element, value } = found;
  const names = operandNames(failed.state);
  const name = names[index];
  if (name !== undefined) return `${name} already holds ${value}: an earlier update put it there.`;
  const parts = batchParts(failed.batch);
  const { name: part, array } = parts[index - (failed.prepared.program.inputs.length - parts.length)]!;
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

function list(rows: Int32Array): string {
  const shown = rows.subarray(0, 64).join(", ");
  return rows.length <= 64 ? shown : `${shown} and ${rows.length - 64} more`;
}
