// Forecasts by networks: each is stopped by specimens left out of its training, and several are averaged.

import { fit, type Layer } from "@hooke/core";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { earlyStopping } from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { type Candidate, forecastBy, type Member, type MemberPart, memberParts, memberTraining } from "./members.ts";
import type { Forecasts, Method } from "./method.ts";
import { forecastSteps, futurePart, observedPart, type Specimen } from "./specimens.ts";

/** How networks are trained. */
export interface NetworkSettings {
  readonly candidates: readonly Candidate[];
  /** Networks to a candidate, each with another part of the training specimens for validation. */
  readonly members: number;
  /** At most. */
  readonly epochs: number;
  /** Epochs without a better validation error after which a training ends. */
  readonly patience: number;
  readonly batchSize: number;
}

/** Told of the work as it goes on. */
export interface NetworkWatch {
  readonly onTrained?: () => void;
  readonly onChosen?: (candidate: Candidate) => void;
}

/** What comes of one network. */
interface Tried {
  /** Of its validation part, mm². */
  readonly squaredErrors: readonly number[];
  /** Of the specimens held out. */
  readonly forecasts: Forecasts;
}

/**
 * A method that trains networks of this layer.
 *
 * @param run keeps what is finished. Default: nothing is kept
 */
export function networkMethod(
  name: string,
  layer: Layer,
  backend: Backend,
  settings: NetworkSettings,
  run: RunTrial = runDirectly,
  watch: NetworkWatch = {},
): Method {
  return {
    name,
    async forecast(lesson) {
      const { observed } = lesson;
      let best: { candidate: Candidate; members: readonly Tried[]; error: number } | undefined;
      for (const [number, candidate] of settings.candidates.entries()) {
        const members: Tried[] = [];
        for (const part of memberParts(lesson, settings.members)) {
          const trial = async (signal: AbortSignal): Promise<Tried> => {
            const member = await trainMember({ layer, backend, part, candidate, settings }, signal);
            const validated = await forecastBy(member, part.validation.map(observedPart), backend);
            const forecasts = await forecastBy(member, observed, backend);
            return { squaredErrors: squares(validated, part.validation), forecasts };
          };
          members.push(await run(`${name}, candidate ${number}, seed ${part.seed}`, trial));
          watch.onTrained?.();
        }
        const error = meanOf(members.flatMap(({ squaredErrors }) => squaredErrors));
        if (best === undefined || error < best.error) best = { candidate, members, error };
      }
      watch.onChosen?.(best!.candidate);
      return observed.map((_, row) =>
        Array.from({ length: forecastSteps }, (_, step) =>
          meanOf(best!.members.map(({ forecasts }) => forecasts[row]![step]!)),
        ),
      );
    },
  };
}

interface MemberOptions {
  readonly layer: Layer;
  readonly backend: Backend;
  readonly part: MemberPart;
  readonly candidate: Candidate;
  readonly settings: NetworkSettings;
}

/** @throws the signal's reason if it is aborted */
async function trainMember(
  { layer, backend, part, candidate, settings }: MemberOptions,
  signal: AbortSignal,
): Promise<Member> {
  const { options, reference } = memberTraining(layer, part, candidate);
  const { epochs, batchSize, patience } = settings;
  const callbacks = [earlyStopping({ patience })];
  const { model } = await fit({ ...options, backend, epochs, batchSize, signal, callbacks });
  signal.throwIfAborted();
  return { series: part.series, model, reference };
}

/** Squared errors in mm². */
const squares = (forecasts: Forecasts, specimens: readonly Specimen[]): number[] =>
  specimens.flatMap((specimen, row) =>
    futurePart(specimen).map((length, step) => (forecasts[row]![step]! - length) ** 2),
  );
