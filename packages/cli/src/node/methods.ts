// Methods by the names that advice has for them: with hyphens on the command line, where spaces would need quotes.
import { type Method, type Samples, sequenceChannels } from "@hooke/baselines";
import { candidatesFor, withBounds } from "@hooke/model-advisor";
import { networksFor, type Uncertainty } from "@hooke/model-advisor/network";
import { fail, suggestion } from "@hooke/runtime";

/** For the help; which of them there are for a table depends on its target and its columns. */
export const methodNames =
  "dummy, ridge, elastic-net, quadratic, logistic, neighbours, forest, gaussian-process, boosting, tuned-boosting, blend, network; of sequences also " +
  "features-with-a-line, features-with-a-forest, random-kernels-with-a-line, convolutional-network, lstm, transformer";

const hyphens = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

/** Whether a method is a network, which says how sure it is as it was told to. */
export const isNetwork = ({ method }: Method): boolean => /network$/i.test(method);

/** A candidate by its name, with bounds of its predictions. @throws listing those that there are for these samples */
export function methodFor(samples: Samples, name: string, uncertainty: Uncertainty | undefined): Method {
  const training = uncertainty === undefined ? {} : { uncertainty };
  const ofSteps =
    sequenceChannels(samples).length === 0
      ? []
      : candidatesFor(samples, true, networksFor("sequences", training), "sequences");
  const candidates = [...candidatesFor(samples, true, networksFor("table", training)), ...ofSteps];
  const found = candidates.find((candidate) => hyphens(candidate.name) === hyphens(name));
  if (found !== undefined) {
    if (uncertainty !== undefined && !isNetwork(found.method)) {
      fail(
        "train",
        `received uncertainty: "${uncertainty}", which is of networks, and method: "${name}"; leave one out.`,
      );
    }
    return withBounds(found.method, samples);
  }
  const known = [...new Set(candidates.map((candidate) => hyphens(candidate.name)))];
  return fail(
    "train",
    `received the method "${name}"; for "${samples.target.name}" there are ${known.join(", ")}.${suggestion(hyphens(name), known)}`,
    "mismatch",
  );
}
