// A step that ranks share: gradients of the rows that are here, a sum over all ranks, the update that each of them makes.
import {
  type Aval,
  add,
  type Buffer,
  convert,
  fail,
  fold,
  type HostArray,
  type Key,
  mul,
  record,
  type Shape,
  sameShape,
  slice,
  sum,
  type Tensor,
  type Tree,
  treeMap,
  valueAuxAndGrad,
} from "@hooke/runtime";
import { trainedPart, withTrainedPart } from "../layers/frozen-parameters.ts";
import type { BatchShare } from "../model/batch-share.ts";
import type { TensorTree } from "../model/variables.ts";
import { type Batch, batchParts, orderedBatch } from "../training/batch.ts";
import { checkWeightsRead } from "../training/fits.ts";
import {
  lossAt,
  momentOf,
  recordStep,
  type StepPart,
  stateAfter,
  type TrainingState,
} from "../training/record-step.ts";
import type { StepRoom } from "../training/step.ts";
import type { AnyStep } from "../training/steps.ts";
import { commonDType, packed, packedSize, unpacked } from "./packing.ts";
import { type Exchange, idleStages, prepareStages } from "./stages.ts";

/** What a shared step needs of the ranks. */
export interface StepRanks {
  /** The rows of a batch of so many that are here. */
  span(rows: number): readonly [first: number, end: number];
  /** Whether statistics of the batch are those of all ranks' rows. */
  readonly reduced: boolean;
  /** Waits for all ranks. @param number the same on all of them: that of the batch, say */
  meet(purpose: "statistics" | "batch", number: number): Promise<void>;
  /** Adds up an array over all ranks, which have met, in place. */
  sum(values: Float32Array | Float64Array): Promise<void>;
  /** Told what the last batch gave here: whether its loss is finite. */
  noteLoss(finite: boolean): void;
}

type Moment = Readonly<Record<string, Tensor>>;
type Variables<T> = Pick<TrainingState<T>, "params" | "state">;

/** What all ranks find together, apart from the gradients: the model's next state and the loss, or `[loss, penalty]`. */
interface Packed<T> {
  readonly gradients: Tree<T>;
  readonly state: Tree<T>;
  readonly reported: T;
}

/** Makes the steps of a training that ranks share. */
export function sharedSteps(ranks: StepRanks) {
  /** Updates, by what they do: the same for batches of all shapes. */
  const updates = new Map<StepPart, Promise<Update>>();

  return async (room: StepRoom, batch: Batch<Aval>, part: StepPart, whole: number): Promise<AnyStep> => {
    const { backend } = room.options;
    const [first, end] = ranks.span(whole);
    const absent = end === first;
    const share = shareOf(first, batch.inputs.shape[0]!, whole);
    const own = recordGradients(room, batch, share, ranks.reduced);
    let update = updates.get(part);
    if (update === undefined) {
      update = prepareUpdate(room, own.layout, part);
      updates.set(part, update);
    }
    const apply = await update;
    const sums = (arrays: readonly HostArray[]): Promise<void> =>
      sumTogether(arrays, async (values) => {
        await ranks.meet("statistics", values.length);
        await ranks.sum(values);
      });
    const gradients = absent
      ? idleStages(backend, own.program, own.exchanges, sums)
      : await prepareStages(backend, own.program, own.exchanges, room.prepare, sums);
    const parts = room.reserve(batchParts(batch).map(({ array }) => array));
    const inputs = [...room.state.slice(0, room.variableCount), ...room.moment, ...parts];
    return {
      // For the search of what is not finite, which looks at the rows that are here.
      get program() {
        return recordStep(room.options, room.initial, batch, part);
      },
      operands: room.operands,
      async run(rowsOf, moment) {
        room.write(rowsOf, moment, parts);
        const found = await gradients.run(inputs);
        try {
          // What cannot be read is told at the meeting: behind it, others would wait for numbers.
          const read = backend.view === undefined ? await backend.read(found) : undefined;
          await ranks.meet("batch", moment.batch ?? moment.step);
          const values = read ?? backend.view!(found);
          ranks.noteLoss(values.data.subarray(own.lossAt).every(Number.isFinite));
          await ranks.sum(values.data as Float32Array | Float64Array);
          if (backend.view === undefined) backend.write(found, values);
          return apply(found);
        } finally {
          backend.free(found);
        }
      },
    };
  };
}

/** Sums several arrays at once. */
async function sumTogether(
  arrays: readonly HostArray[],
  sumOf: (values: Float64Array) => Promise<void>,
): Promise<void> {
  const starts = [0];
  for (const { data } of arrays) starts.push(starts.at(-1)! + data.length);
  const all = new Float64Array(starts.at(-1)!);
  for (const [i, { data }] of arrays.entries()) all.set(data, starts[i]);
  await sumOf(all);
  for (const [i, { data }] of arrays.entries()) data.set(all.subarray(starts[i], starts[i + 1]));
}

/** What rows from `first` on are of a batch of so many. */
function shareOf(first: number, rows: number, of: number): BatchShare {
  return {
    rows,
    of,
    key: (key: Key) => fold(key, first),
    take(shape: Shape, draw) {
      const each = shape[0]! / rows;
      if (!Number.isInteger(each)) {
        fail(
          "rowRng",
          `was asked for [${shape.join(", ")}] for ${rows} rows; the first axis are rows, or as many for each.`,
          "mismatch",
        );
      }
      const rest = shape.slice(1);
      const all = draw([of * each, ...rest]);
      return slice(all, [first * each, ...rest.map(() => 0)], [(first + rows) * each, ...rest]);
    },
  };
}

/** The program of gradients, and what it lays one after another. */
interface Gradients {
  readonly program: ReturnType<typeof record>["program"];
  readonly exchanges: readonly Exchange[];
  readonly layout: Packed<Aval>;
  /** Where the loss begins in what is summed. */
  readonly lossAt: number;
}

/** This rank's part of the gradients, of the next state and of the loss; the sum over all ranks is the batch's. */
function recordGradients(
  { options: spec, initial }: StepRoom,
  batch: Batch<Aval>,
  share: BatchShare,
  reduced: boolean,
): Gradients {
  const variables: Variables<Aval> = { params: initial.params, state: initial.state };
  const moment = momentOf(spec.optimizer);
  const ordered = orderedBatch(batch);
  const statistics = reduced ? statisticsOf(spec, variables, moment, ordered, share) : [];
  let layout: Packed<Aval> | undefined;
  const weight = share.rows / share.of;
  const step = (
    now: Variables<Tensor>,
    at: Moment,
    rows: Batch<Tensor>,
    sums: readonly Tensor[],
    pulls: readonly Tensor[],
  ): readonly Tensor[] => {
    type Free = { readonly params: Tree<Tensor>; readonly sums: readonly Tensor[] };
    const differentiated = (free: Free) => {
      const owns: Tensor[] = [];
      const total = (own: Tensor): Tensor => free.sums[owns.push(own) - 1]!;
      const params = withTrainedPart(now.params, free.params);
      const known = { share: statistics.length > 0 ? { ...share, total } : share };
      const [value, found] = lossAt(spec, { ...now, params }, at, rows, known);
      // A sum over all ranks changes with what is here; the others say by `pulls` how their losses, and this one, change with the sum.
      const pulled = owns.map((own, i) => sum(mul(own, pulls[i]!)));
      const scalar = pulled.reduce<Tensor>((all, one) => add(all, convert(one, value.dtype)), mul(value, weight));
      return [scalar, { ...found, owns }] as const;
    };
    const free: Free = { params: trainedPart(spec.model, now.params), sums };
    const [, found, gradients] = valueAuxAndGrad(
      differentiated as never,
      spec.activations,
    )(free as never) as unknown as readonly [
      Tensor,
      { readonly state: TensorTree; readonly reported: Tensor; readonly owns: readonly Tensor[] },
      Free,
    ];
    const share1 = (x: Tensor): Tensor => mul(x, weight);
    const all: Packed<Tensor> = {
      gradients: gradients.params,
      state: treeMap(found.state, share1) as Tree<Tensor>,
      reported: share1(found.reported),
    };
    commonDType("the shared", all as unknown as Tree<Tensor>);
    layout = treeMap(all, ({ shape, dtype }: Tensor) => ({ shape, dtype })) as unknown as Packed<Aval>;
    return [packed(all as unknown as Tree<Tensor>), ...found.owns, ...gradients.sums];
  };
  const { program } = record(
    step as (...args: never[]) => unknown,
    variables as never,
    moment as never,
    ordered as never,
    statistics as never,
    statistics as never,
  );
  const first = program.inputs.length - 2 * statistics.length;
  checkWeightsRead({ ...program, inputs: program.inputs.slice(0, first) } as typeof program, batchParts(batch));
  return {
    program,
    exchanges: Array.from({ length: 2 * statistics.length }, (_, i) => ({ output: 1 + i, input: first + i })),
    layout: layout!,
    lossAt: packedSize(layout as unknown as Tree<Aval>) - packedSize(layout!.reported),
  };
}

/** What layers ask for the sum of over all ranks, in order. */
function statisticsOf(
  spec: StepRoom["options"],
  variables: Variables<Aval>,
  moment: Readonly<Record<string, Aval | undefined>>,
  batch: Batch<Aval>,
  share: BatchShare,
): readonly Aval[] {
  const asked: Aval[] = [];
  const total = (own: Tensor): Tensor => {
    asked.push({ shape: own.shape, dtype: own.dtype });
    return own;
  };
  const forward = (now: Variables<Tensor>, at: Moment, rows: Batch<Tensor>): Tensor =>
    lossAt(spec, now, at, rows, { share: { ...share, total } })[0];
  record(forward as (...args: never[]) => unknown, variables as never, moment as never, batch as never);
  return asked;
}

/** The update of what all ranks found. @returns the loss */
type Update = (found: Buffer) => Buffer;

async function prepareUpdate(room: StepRoom, layout: Packed<Aval>, part: StepPart): Promise<Update> {
  const { options: spec, initial } = room;
  const update = (
    now: TrainingState<Tensor>,
    at: Moment,
    all: Tensor,
  ): TrainingState<Tensor> & { readonly loss: Tensor } => {
    const found = unpacked(layout as unknown as Tree<Aval>, all) as unknown as Packed<Tensor>;
    const { reported } = found;
    const value = sameShape(reported.shape, []) ? reported : sum(reported);
    return stateAfter(spec, part, now, at, {
      ...(found as Packed<Tensor> & { state: TensorTree; gradients: TensorTree }),
      value,
    });
  };
  const flat: Aval = { shape: [packedSize(layout as unknown as Tree<Aval>)], dtype: layout.reported.dtype };
  const { program } = record(
    update as (...args: never[]) => unknown,
    initial as never,
    momentOf(spec.optimizer) as never,
    flat as never,
  );
  const executable = await room.prepare(program, [...room.state.keys(), null]);
  return (found) => executable.run([...room.state, ...room.moment, found])[room.state.length]!;
}
