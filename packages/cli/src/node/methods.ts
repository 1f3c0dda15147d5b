// Methods by the names that advice has for them: with hyphens on the command line, where spaces would need quotes.
import { conformal, type Method, type Samples, sequenceChannels } from "@hooke/baselines";
import { candidatesFor } from "@hooke/model-advisor";
import { networksFor } from "@hooke/model-advisor/network";
import { fail, suggestion } from "@hooke/runtime";

/** For the help; which of them there are for a table depends on its target and its columns. */
export const methodNames =
  "dummy, ridge, elastic-net, quadratic, logistic, neighbours, forest, gaussian-process, boosting, tuned-boosting, blend, network; of sequences also " +
  "features-with-a-line, features-with-a-forest, random-kernels-with-a-line, convolutional-network, lstm, transformer";

const hyphens = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

/** A candidate by its name, with bounds of its predictions. @throws listing those that there are for these samples */
export function methodFor(samples: Samples, name: string): Method {
  const ofSteps =
    sequenceChannels(samples).length === 0 ? [] : candidatesFor(samples, true, networksFor("sequences"), "sequences");
  const candidates = [...candidatesFor(samples, true, networksFor("table")), ...ofSteps];
  const found = candidates.find((candidate) => hyphens(candidate.name) === hyphens(name));
  if (found !== undefined) return withBounds(found.method, samples);
  const known = [...new Set(candidates.map((candidate) => hyphens(candidate.name)))];
  return fail(
    "train",
    `received the method "${name}"; for "${samples.target.name}" there are ${known.join(", ")}.${suggestion(hyphens(name), known)}`,
    "mismatch",
  );
}

/** Rows below which folds bound nothing. */
const fewest = 10;

const withBounds = (method: Method, { target, rowCount }: Samples): Method =>
  method.bounds !== undefined || target.type === "class" || rowCount < fewest ? method : conformal({ method });
