// Monte Carlo dropout: a model that keeps dropping units is many models.
import { applyTapped, type InferenceOptions, type TrainedModel, trainedModelCheck, type Variables } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import {
  array,
  type Buffer,
  checkArgument,
  checkOptions,
  checks,
  createPauses,
  fail,
  foldHost,
  type HostArray,
  optimize,
  randomKey,
  record,
  type Tensor,
  type Tree,
  uploadAll,
  vmap,
} from "@hooke/runtime";
import { functionCheck } from "../checks.ts";
import { drawsArray, inUnits, type ModelRows, place, rowsCheck, rowsFor, sliceRows } from "./sampler.ts";

/** Options of {@link monteCarloDropout}. */
export interface MonteCarloDropoutOptions extends InferenceOptions {
  /** Of the masks. */
  readonly seed: number;
  /** How many times each row goes through the model, from 2. Default 100. */
  readonly samples?: number;
  /** Called after every program run, of which each computes 16 draws of a batch of rows. */
  readonly onProgress?: (progress: { readonly completed: number; readonly total: number }) => void;
}

/** Draws that one run of the program makes. */
const perRun = 16;

/**
 * Draws of a model whose dropout stays on (Gal and Ghahramani, ICML 2016): all layers that draw random numbers in training do so, those with running
 * statistics keep them. What comes before the first of them is computed once for all draws. The mean of the draws is the prediction; their spread says how far the
 * model itself is sure. It needs no other training, and says little where the rate is small.
 *
 * @param model trained with dropout, or other layers that draw random numbers
 * @param inputs `[rows, ...]`, or a dataset in memory
 * @returns `[samples, rows, ...]` in the units of the targets, or logits: for `mixtureOf`, `classMixtureOf`
 * @throws on a model without such layers, or where they are frozen; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dense, dropout, initialize, sequential } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { mixtureOf, monteCarloDropout } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = sequential([dense({ units: 8 }), dropout({ rate: 0.5 }), dense({ units: 1 })]);
 * const model = { layer, inputShape: [1], variables: await initialize(backend, layer, [1], 0) };
 * const draws = await monteCarloDropout(model, array([[1], [2]]), { backend, samples: 20, seed: 0 });
 * const { modelDeviation } = mixtureOf(draws);
 * console.log(draws.shape, modelDeviation.data[1]! > modelDeviation.data[0]!); // [ 20, 2, 1 ] true
 * ```
 */
export async function monteCarloDropout(
  model: TrainedModel,
  inputs: HostArray | Dataset,
  options: MonteCarloDropoutOptions,
): Promise<HostArray> {
  checkArgument("monteCarloDropout", "the model", model, trainedModelCheck);
  checkArgument("monteCarloDropout", "the inputs", inputs, rowsCheck);
  checkOptions<MonteCarloDropoutOptions>("monteCarloDropout", options, {
    required: { backend: checks.backend, seed: checks.wholeNumber },
    optional: {
      samples: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
      batchSize: checks.count,
      signal: checks.signal,
      onProgress: functionCheck,
    },
  });
  const { backend, seed, samples = 100, batchSize = 256, signal, onProgress } = options;
  const rows = rowsFor("monteCarloDropout", model, inputs);
  const { layer, variables } = model;
  const draw = (
    given: Variables,
    { inputs: x, extras }: { inputs: Tensor; extras: Record<string, Tensor> },
    keys: Tensor,
  ) => vmap((key: Tensor) => applyTapped(layer, given, x, { sampling: true, key, extras }).output)(keys);
  const base = foldHost(randomKey(seed), "monteCarloDropout");
  const keysFrom = (first: number): HostArray =>
    array(
      Uint32Array.from(
        Array.from({ length: perRun }, (_, i) => [...(foldHost(base, first + i).data as Uint32Array)]).flat(),
      ),
      { shape: [perRun, 2] },
    );
  const held = uploadAll(backend, [variables.params, variables.state] as Tree<HostArray>);
  const pause = createPauses();
  const count = rows.inputs.shape[0]!;
  const runs = Math.ceil(samples / perRun);
  let all: HostArray | undefined;
  try {
    for (let from = 0, completed = 0; from < count; from += batchSize) {
      const to = Math.min(from + batchSize, count);
      const batch: ModelRows = {
        inputs: sliceRows(rows.inputs, from, to),
        extras: Object.fromEntries(
          Object.entries(rows.extras).map(([name, value]) => [name, sliceRows(value, from, to)]),
        ),
      };
      const { program } = record(
        draw as (...args: never[]) => Tensor,
        variables as never,
        batch as never,
        keysFrom(0) as never,
      );
      const ready = optimize(program);
      const keys = program.inputs.at(-1)!;
      if (!ready.nodes.some((node) => node.inputs.includes(keys))) refuse(model);
      const executable = await backend.prepare(ready);
      let own: Buffer[] = [];
      try {
        own = uploadAll(backend, [batch as unknown as Tree<HostArray>, keysFrom(0)]);
        for (let run = 0; run < runs; run++) {
          signal?.throwIfAborted();
          backend.write(own.at(-1)!, keysFrom(run * perRun));
          const [output] = executable.run([...held, ...own]);
          const reading = backend.read(output!);
          backend.free(output!);
          const block = await reading;
          all ??= drawsArray(samples, count, block);
          place(all, block, run * perRun, from);
          onProgress?.({ completed: ++completed, total: runs * Math.ceil(count / batchSize) });
          await pause();
        }
      } finally {
        executable.free();
        for (const buffer of own) backend.free(buffer);
      }
    }
  } finally {
    for (const buffer of held) backend.free(buffer);
  }
  return inUnits(model, all!);
}

function refuse({ layer }: TrainedModel): never {
  return fail(
    "monteCarloDropout",
    `no layer of the model (${layer.type}) draws random numbers, so that all draws would be equal: it has no dropout, or only with the rate 0 or inside of frozen(...). ` +
      "Train it with dropout({ rate }) between its layers, or take predictMembers of several models, or lastLayerLaplace.",
    "mismatch",
  );
}
