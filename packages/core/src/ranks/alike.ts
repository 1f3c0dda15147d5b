// Whether ranks are about to make the same training: what must be equal of programs, data, options and versions, and the first difference.
import { crc32c } from "@hooke/data/safetensors";
import { fail, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import { firstDifference } from "../checkpoint/metadata.ts";
import { preprocessingOf, scheduleOf, type TrainOptions } from "../training/options.ts";
import type { ComparedRun } from "../training/sharing.ts";
import type { Meetings } from "./meeting.ts";

/** Checksum of the bits of arrays, in order. */
export function checksumOf(tree: Tree<HostArray>): string {
  const sum = treeLeaves<HostArray>(tree).reduce(
    (before, { value: { data } }) => crc32c(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before),
    0,
  );
  return `crc32c:${sum.toString(16)}`;
}

/** What ranks compare before they begin, in the order in which a difference says most. JSON. */
export async function passportOf(
  options: TrainOptions,
  run: ComparedRun,
  program: string,
  versions: Readonly<Record<string, string>>,
): Promise<unknown> {
  // Loaded later: pages that train would download it with what they share with this file.
  const { dataChecksum } = await import("../training/data-checksum.ts");
  const { train, validation, sampleWeights, validationWeights } = options.data;
  const { inputNames, targetNames, classes, extras } = train;
  const names = Object.keys(extras).sort();
  const { type, config } = scheduleOf(options.learningRate);
  const { epoch, batch, step } = run.progress;
  return {
    versions,
    columns: { inputs: inputNames, targets: targetNames, classes, extras: names },
    rows: train.count,
    data: run.settings.data ?? dataChecksum(train, sampleWeights),
    ...(validation && { validation: dataChecksum(validation, validationWeights) }),
    preprocessing: preprocessingOf(options),
    model: options.model,
    settings: { ...run.settings, data: undefined },
    epochs: options.epochs,
    learningRate: { type, config },
    metrics: (options.metrics ?? []).map(({ name }) => name),
    monitor: run.monitor,
    checkpoints: options.checkpoint?.every,
    begins: { epoch, batch, step },
    program,
    state: checksumOf(run.trainer.initial as unknown as Tree<HostArray>),
  };
}

/** @throws on all ranks, if one says anything else than rank 0, naming the first difference */
export async function requireAlike(meetings: Meetings, passport: unknown): Promise<void> {
  const all = await meetings.tell(JSON.stringify(passport));
  const [first] = all;
  const other = all.findIndex((text) => text !== first);
  if (other < 0) return;
  const difference = firstDifference(JSON.parse(first!), JSON.parse(all[other]!))!;
  const { path, a, b } = difference;
  const has = (value: unknown): string => shortened(value === undefined ? "nothing" : JSON.stringify(value));
  fail(
    "ranks",
    `rank 0 begins with ${path} ${has(a)}, rank ${other} with ${has(b)}; all ranks train the same model on the same data, by ` +
      `the same program and versions. ${cureOf(path)}`,
    "mismatch",
  );
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);

function cureOf(path: string): string {
  const [part] = path.split(".");
  if (part === "versions") return "Install the same versions on all machines.";
  if (part === "columns" || part === "rows" || part === "data" || part === "validation" || part === "preprocessing")
    return "Read the same files on all machines, in the same order, and split them by the same seed.";
  if (part === "state" || part === "begins")
    return "Resume all ranks from the same checkpoint, or give all the same seed; processors that round differently do not go together.";
  return "Start the same file with the same arguments on all machines.";
}
