// An ensemble as a list of trainings that any process can compute: each member by itself, as `fit` trains it.
import { type Callback, type FitOptions, fit, fitChecks, type TrainedModel, type TrainingSweep } from "@hooke/core";
import { decodeModel, encodeModel } from "@hooke/core/checkpoint";
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import { functionCheck } from "../checks.ts";

/** Options of {@link ensembleSweep}: those of `fit`, and of the ensemble. */
export interface EnsembleSweepOptions extends Omit<FitOptions, "callbacks" | "checkpoint" | "resume" | "signal"> {
  /** From 2. Default 5. */
  readonly members?: number;
  /** New callbacks for each member, which is counted from 0. Default none. */
  readonly callbacks?: (member: number) => readonly Callback[];
}

/** What {@link ensembleSweep} returns. */
export interface EnsembleSweep {
  /** For `defineSweep` of `@hooke/sweep`. */
  readonly sweep: TrainingSweep<{ readonly member: number }, MemberRecord>;
  /** The members from their files. @param files the bytes of every member's `model.safetensors` @throws if one is missing */
  join(files: readonly Uint8Array[]): TrainedModel[];
}

/** What is kept of a member; its model goes to a file. */
export interface MemberRecord {
  readonly epochs: number;
  /** Of the last epoch, on the training part. */
  readonly loss: number;
  readonly stopReason: string;
}

/**
 * The members of a deep ensemble as a list, for processes of this machine or the tasks of a cluster's job: member `m` is what `fit` makes of the seed
 * `seed + m`, as with {@link fitEnsemble}, which trains small ones at once. Its model is in the file `model.safetensors` of its trial.
 *
 * @throws on an ensemble of one
 * @example
 * ```ts
 * import { adam, dense, mse, sequential } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { ensembleSweep } from "@hooke/uncertainty";
 *
 * const train = dataset({ inputs: array([[0], [1], [2]]), targets: array([[1], [3], [5]]) });
 * const { sweep } = ensembleSweep({ backend: referenceBackend(), model: sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]),
 *   data: { train }, loss: mse(), optimizer: adam(), learningRate: 0.03, epochs: 40, batchSize: 3, seed: 0, members: 3 });
 * console.log(sweep.trials); // [ { member: 0 }, { member: 1 }, { member: 2 } ]
 * ```
 */
export function ensembleSweep(options: EnsembleSweepOptions): EnsembleSweep {
  const who = "ensembleSweep";
  checkSweepOptions(who, options);
  const { members = 5, callbacks, ...rest } = options;
  const { epochs, batchSize, seed, data } = rest;
  return {
    sweep: {
      settings: { members, epochs, batchSize, seed, rows: data.train.count },
      trials: Array.from({ length: members }, (_, member) => ({ member })),
      async run({ member }, { signal, checkpoints, keep }) {
        const { model, history, stopReason } = await fit({
          ...rest,
          seed: seed + member,
          signal,
          ...(callbacks && { callbacks: callbacks(member) }),
          ...(await checkpoints("epoch")),
        });
        signal.throwIfAborted();
        await keep("model.safetensors", encodeModel(model));
        return { epochs: history.length, loss: history.at(-1)?.loss ?? Number.NaN, stopReason };
      },
    },
    join(files) {
      checkArgument("join", "the files", files, (value) =>
        Array.isArray(value) && value.every((file) => file instanceof Uint8Array)
          ? undefined
          : "a list of files' bytes",
      );
      if (files.length !== members) {
        fail(who, `received ${files.length} of ${members} members; compute those that are missing first.`, "mismatch");
      }
      return files.map((file) => decodeModel(file, { layer: rest.model }));
    },
  };
}

function checkSweepOptions(who: string, options: EnsembleSweepOptions): void {
  const { backend, model, data, loss, optimizer, epochs, batchSize, seed, learningRate, ...others } = fitChecks;
  const { callbacks: _, checkpoint, resume, signal, ...optional } = others;
  checkOptions<Readonly<Record<string, unknown>>>(who, options, {
    required: { backend, model, data, loss, optimizer, epochs, batchSize, seed, learningRate } as never,
    optional: { ...optional, members: checks.count, callbacks: functionCheck } as never,
  });
  if (options.members === 1) {
    fail(
      who,
      "received members: 1, whose spread is 0; an ensemble has two at least, five as a rule.",
      "invalid-argument",
    );
  }
}
