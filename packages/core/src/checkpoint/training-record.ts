// Where a training stands, as a checkpoint keeps it, and what each entry must look like.
import { type Check, checkOptions, checks, type OptionTable } from "@hooke/runtime";
import type { EpochRecord, History, Validation } from "../training/events.ts";
import { isRecord } from "./header.ts";

/** Choices that decide the batches and random numbers; a training resumes only under the same ones. */
export interface ResumeSettings {
  readonly seed: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly lastBatch: "keep" | "drop";
  /** Rows of training data. */
  readonly rows: number;
  /** Batches whose gradients make one update. Absent where each makes its own. */
  readonly accumulation?: number;
  /** Checksum of the training part, its inputs, targets, extras and weights: `"crc32c:12345678"`. */
  readonly data?: string;
}

/** Where a training stands and how it was set up. JSON. */
export interface TrainingRecord {
  /** Of the next batch. */
  readonly epoch: number;
  /** The next batch of that epoch; the number of batches if only the epoch's validation is left. */
  readonly batch: number;
  /** Updates made. */
  readonly step: number;
  /** Sum of loss times rows over the batches of the unfinished epoch. */
  readonly lossSum: number;
  /** What the rows of those batches count in the loss: their number, or the sum of their weights, which are 1 in the mean. */
  readonly weightSum: number;
  /** Sum of penalty times rows over them; 0 without a penalty. */
  readonly penaltySum: number;
  /** Rows of those of the batches whose update was made, or is being gathered. */
  readonly rowsSeen: number;
  readonly history: History;
  readonly settings: ResumeSettings;
  /** The learning rate as its schedule's JSON, `{type, config}`: for people, since a resume names its own. */
  readonly learningRate: unknown;
  /** The best epoch so far, where there is a validation part. */
  readonly best?: { readonly monitor: string; readonly epoch: number; readonly value: number };
}

// A loss may leave the finite numbers.
const number: Check = (value) => (typeof value === "number" ? undefined : "a number");
const text: Check = (value) => (typeof value === "string" ? undefined : "a name");

/** Expects a record with these entries; one that is added without a check, even an optional one, does not compile. */
const entries =
  <C>(who: string, table: Required<OptionTable<C>>): Check =>
  (value) => {
    checkOptions<C>(who, value, table);
    return undefined;
  };

const validation = entries<Validation>("validation", {
  required: {
    loss: number,
    metrics: (value) =>
      isRecord(value) && Object.values(value).every((item) => typeof item === "number")
        ? undefined
        : "a record of numbers",
  },
  optional: {
    undefinedMetrics: (value) =>
      isRecord(value) && Object.values(value).every((item) => typeof item === "string")
        ? undefined
        : "a record of texts",
  },
});
const epoch = entries<EpochRecord>("epoch", {
  required: { epoch: checks.wholeNumber, step: checks.wholeNumber, loss: number, learningRate: number },
  optional: { penalty: number, validation },
});

/** Expects a {@link TrainingRecord}. @throws on what is inside of it and wrong */
export const trainingCheck = entries<TrainingRecord>("training", {
  required: {
    epoch: checks.wholeNumber,
    batch: checks.wholeNumber,
    step: checks.wholeNumber,
    lossSum: number,
    weightSum: number,
    penaltySum: number,
    rowsSeen: checks.wholeNumber,
    history: (value) =>
      Array.isArray(value) ? value.map(epoch).find((expected) => expected !== undefined) : "a list of epochs",
    settings: entries<ResumeSettings>("settings", {
      required: {
        seed: checks.wholeNumber,
        batchSize: checks.count,
        shuffle: checks.flag,
        lastBatch: (value) => checks.oneOf(value, ["keep", "drop"]),
        rows: checks.count,
      },
      optional: { accumulation: checks.count, data: text },
    }),
    learningRate: (value) => (isRecord(value) ? undefined : "a schedule"),
  },
  optional: {
    best: entries<NonNullable<TrainingRecord["best"]>>("best", {
      required: { monitor: text, epoch: checks.wholeNumber, value: number },
      optional: {},
    }),
  },
});
