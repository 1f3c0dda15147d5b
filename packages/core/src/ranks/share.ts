// Ranks that share trainings: each computes on its rows of every batch; what they find is added up, and all make the same update.
import type { StreamedArray } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import { checkArgument, checkOptions, checks, HookeError, type HostArray, type Tree } from "@hooke/runtime";
import { isLoss } from "../recovery/reopening.ts";
import type { Batch } from "../training/batch.ts";
import { sliceRows } from "../training/batch-reader.ts";
import type { CheckpointOptions, TrainOptions } from "../training/options.ts";
import type { PlannedBatch } from "../training/plan.ts";
import { recordStep } from "../training/record-step.ts";
import type { ComparedRun, Sharing, SharingRanks } from "../training/sharing.ts";
import { trainerOf } from "../training/step.ts";
import { batchOf } from "../training/steps.ts";
import { checksumOf, passportOf, requireAlike } from "./alike.ts";
import type { Communicator } from "./communicator.ts";
import { createMeetings } from "./meeting.ts";
import { sharedPredictor } from "./predictor.ts";
import { spanOf } from "./span.ts";
import { sharedSteps } from "./step.ts";

/** Options of {@link ranksOf}. */
export interface RanksOptions {
  /**
   * What batch norms normalise by. `"reduced"`: the statistics of all rows of the batch, so that the training is that of one process; ranks
   * wait for one another at each of these layers. `"perRank"`: those of the rows of each rank, without waiting, which makes
   * another training for every number of ranks; running statistics are averaged. Default `"reduced"`.
   */
  readonly statistics?: "reduced" | "perRank";
  /** Versions of what ranks run on, by name: they are to be the same on all. Default none. */
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Ranks that share trainings, from what connects them.
 *
 * @throws on wrong options
 */
export function ranksOf(communicator: Communicator, options: RanksOptions = {}): SharingRanks {
  checkArgument("ranksOf", "the communicator", communicator, (value) =>
    typeof (value as Partial<Communicator> | undefined)?.gather === "function"
      ? undefined
      : "{ rank, size, gather, sum, open, close }",
  );
  checkOptions<RanksOptions>("ranksOf", options, {
    optional: {
      statistics: (value) => checks.oneOf(value, ["reduced", "perRank"]),
      versions: (value) => (typeof value === "object" && value !== null ? undefined : "a record of texts"),
    },
  });
  const { rank, size } = communicator;
  const spent = { waiting: 0, adding: 0 };
  const timed = timedBy(spent, communicator);
  return { rank, size, spent, share: (training) => (size === 1 ? undefined : shareTraining(timed, options, training)) };
}

/** A communicator that notes what it takes. */
function timedBy(spent: { waiting: number; adding: number }, communicator: Communicator): Communicator {
  const noting = async <T>(what: "waiting" | "adding", work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    spent[what] += performance.now() - began;
    return result;
  };
  return {
    ...communicator,
    gather: (bytes) => noting("waiting", () => communicator.gather(bytes)),
    sum: (values) => noting("adding", () => communicator.sum(values)),
  };
}

/** The loss of a device, of which the others would have to compute everything again, too. */
const lostByOne = (loss: HookeError): HookeError =>
  new HookeError(
    `${loss.message} Start all ranks again, from the last checkpoint that rank 0 stored: fit({ ..., resume: checkpoint }).`,
    { code: "device-lost", cause: loss },
  );

function shareTraining(
  communicator: Communicator,
  { statistics = "reduced", versions = {} }: RanksOptions,
  given: TrainOptions,
): Sharing {
  const { rank, size } = communicator;
  const stopping = new AbortController();
  let ownLossIsFinite = true;
  const meetings = createMeetings(communicator, {
    stopping: () => given.signal?.aborted === true,
    stop: () => stopping.abort(given.signal?.reason),
    innocent: (error) => error instanceof HookeError && error.code === "non-finite" && ownLossIsFinite,
  });
  communicator.open();
  const options: TrainOptions = {
    ...given,
    signal: stopping.signal,
    ...(given.checkpoint && { checkpoint: sharedCheckpoints(given.checkpoint) }),
  };
  /** A rank without rows reads one, so that it knows what they look like. */
  const read = (rows: number): readonly [number, number] => {
    const [first, end] = spanOf(rows, rank, size);
    return [first, Math.max(end, first + 1)];
  };
  const byRow = given.augment === undefined || given.augment.byRow === true;
  let ended = false;

  /** Rank 0 alone stores them; all make them, and none is stored that others would not have. */
  function sharedCheckpoints({ every, save, open, close }: CheckpointOptions): CheckpointOptions {
    return {
      every,
      async save(bytes, info) {
        await meetings.meet("checkpoint", info.step);
        await requireSameState(crc32c(bytes).toString(16), info.step);
        if (rank === 0) await save(bytes, info);
      },
      // What waits for a folder hears this rank's own signal: no meeting passes on that of another one.
      ...(rank === 0 && open && { open: () => open(given.signal) }),
      ...(rank === 0 && close && { close }),
    };
  }

  async function requireSameState(checksum: string, step: number): Promise<void> {
    const all = await meetings.tell(checksum);
    const other = all.findIndex((text) => text !== all[0]);
    if (other < 0) return;
    throw new HookeError(
      `ranks: after ${step} updates rank ${other} holds other numbers than rank 0, by the same updates: their processors round ` +
        "differently. Nothing was stored. Run on machines of one kind, from the last checkpoint.",
      { code: "mismatch" },
    );
  }

  const make = sharedSteps({
    span: (rows) => spanOf(rows, rank, size),
    reduced: statistics === "reduced",
    noteLoss: (finite) => {
      ownLossIsFinite = finite;
    },
    meet: meetings.meet,
    sum: communicator.sum,
  });

  return {
    options,
    span: read,
    plan(batch: PlannedBatch): PlannedBatch {
      if (!byRow) return batch;
      const part = (rows: Int32Array): Int32Array => rows.subarray(...read(rows.length));
      return { ...batch, rows: part(batch.rows), next: batch.next && part(batch.next) };
    },
    createTrainer: (trainer) => trainerOf(trainer, make),
    augmented(augment, batch, number, whole) {
      const [first, end] = read(whole);
      return byRow ? augment(batch, number, first) : rowsOf(augment(batch, number, 0), first, end);
    },
    predictor: (own) => sharedPredictor(own, communicator, meetings),
    async begin(run) {
      await meetings.meet("begin", 0);
      await requireAlike(meetings, await passportOf(given, run, programOf(given, run), versions));
      checkReading(given, size, run.settings.batchSize);
    },
    async end({ trainer, progress }: ComparedRun) {
      await meetings.meet("end", progress.step);
      await requireSameState(checksumOf((await trainer.read()) as unknown as Tree<HostArray>), progress.step);
      ended = true;
    },
    failed: (error) => meetings.failed(isLoss(error) ? lostByOne(error) : error),
    async close() {
      if (!ended) await meetings.leave();
      communicator.close();
    },
  };
}

/** @throws if files are dealt to other ranks than those that train, which would all read each other's */
function checkReading({ data, resume }: TrainOptions, size: number, batchSize: number): void {
  const { ranks: dealt } = data.train.inputs as Partial<StreamedArray>;
  if (dealt === undefined) return;
  // What is resumed keeps its order, and may have lost a rank.
  if (dealt.batchSize === batchSize && (dealt.size === size || resume !== undefined)) return;
  const shown = (ranks: { size: number; batchSize: number }): string =>
    `{ size: ${ranks.size}, batchSize: ${ranks.batchSize} }`;
  throw new HookeError(
    `ranks: the files of the training data are dealt to ranks ${shown(dealt)}, and ${shown({ size, batchSize })} train: they would read each ` +
      "other's. Give openShards the same ranks: { size: ranks.size, batchSize }.",
    { code: "mismatch" },
  );
}

/** Rows of a batch that follow one another. */
function rowsOf(batch: Batch<HostArray>, first: number, end: number): Batch<HostArray> {
  const part = (values: HostArray): HostArray => sliceRows(values, first, end);
  const { weights, extras } = batch;
  return {
    inputs: part(batch.inputs),
    targets: part(batch.targets),
    ...(weights && { weights: part(weights) }),
    ...(extras && { extras: Object.fromEntries(Object.entries(extras).map(([name, values]) => [name, part(values)])) }),
  };
}

/** The program of the whole batch's step, in short. */
function programOf(options: TrainOptions, { trainer, data, settings, weights }: ComparedRun): string {
  const rows = Math.min(settings.batchSize, settings.rows);
  const batch = batchOf({ data, weights: weights?.given }, rows);
  const text = recordStep(options, trainer.initial, batch).toString();
  return `${text.split("\n").length} lines, crc32c:${crc32c(new TextEncoder().encode(text)).toString(16)}`;
}
