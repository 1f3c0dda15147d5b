// Methods by the names that advice has for them: with hyphens on the command line, where spaces would need quotes.
import { type Method, type Samples, sequenceChannels } from "@hooke/baselines";
import { candidatesFor } from "@hooke/model-advisor";
import { networksFor, type Uncertainty } from "@hooke/model-advisor/network";
import { fail, suggestion } from "@hooke/runtime";

/** For the help; which of them there are for a table depends on its target and its columns. */
export const methodNames =
  "dummy, ridge, elastic-net, quadratic, logistic, neighbours, forest, gaussian-process, boosting, tuned-boosting, blend, network; of sequences also " +
  "features-with-a-line, features-with-a-forest, random-kernels-with-a-line, convolutional-network, lstm, transformer; of images also convolutional-network; of molecules also message-passing";

const hyphens = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

/** Whether a method is a network, which says how sure it is as it was told to. */
export const isNetwork = ({ method }: Method): boolean => /network$/i.test(method);

/** A candidate by its name. @throws listing those that there are for these samples */
export function methodFor(samples: Samples, name: string, uncertainty: Uncertainty | undefined): Method {
  const training = uncertainty === undefined ? {} : { uncertainty };
  const ofSteps =
    sequenceChannels(samples).length === 0
      ? []
      : candidatesFor(samples, true, networksFor("sequences", training), "sequences");
  // Of equal names that for tables comes first.
  const all = [...ofSteps, ...candidatesFor(samples, true, networksFor("table", training))];
  const methods = Object.fromEntries(all.map((candidate) => [candidate.name, candidate.method]));
  return methods[candidateNamed(methods, name, uncertainty)]!;
}

/** The name of a candidate as the advisor has it. @throws listing those that there are, and on an uncertainty of what is no network */
export function candidateNamed(
  methods: Readonly<Record<string, Method>>,
  name: string,
  uncertainty: Uncertainty | undefined,
): string {
  const known = Object.keys(methods).map(hyphens);
  const found = Object.keys(methods).find((each) => hyphens(each) === hyphens(name));
  if (found === undefined) {
    const near = suggestion(hyphens(name), known);
    return fail("train", `received the method "${name}"; here there are ${known.join(", ")}.${near}`, "mismatch");
  }
  if (uncertainty !== undefined && !isNetwork(methods[found]!)) {
    fail(
      "train",
      `received uncertainty: "${uncertainty}", which is of networks, and method: "${name}"; leave one out.`,
    );
  }
  return found;
}
