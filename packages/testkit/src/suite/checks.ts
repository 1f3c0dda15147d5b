// The conformance suite as a list: what every backend must do as the reference interpreter does.
import {
  type Backend,
  type DType,
  type HostArray,
  type Program,
  referenceBackend,
  run,
  type Tensor,
} from "@hooke/runtime";
import type { PrimitiveCase } from "../cases/case.ts";
import { primitiveCases } from "../cases/index.ts";
import { sample } from "../cases/samples.ts";
import {
  caseProgram,
  checkCase,
  checkKnown,
  checkProgram,
  checkRepeats,
  checkSharing,
  checkThirdDerivative,
  checkTraining,
  checkWrite,
  runs,
} from "../check.ts";
import { derivativePrograms } from "../programs/derivatives.ts";
import { donationPrograms } from "../programs/donation.ts";
import { functionPrograms, wholePrograms } from "../programs/functions.ts";
import { fuzzProgram } from "../programs/fuzz.ts";
import { longSums } from "../programs/long-sums.ts";
import { packedPrograms } from "../programs/packed.ts";
import { sequenceTrainingStep } from "../programs/sequence-training.ts";
import { edgePrograms, fusedPrograms } from "../programs/small.ts";
import { thirdDerivatives } from "../programs/third-derivatives.ts";
import { trainingStep } from "../programs/training.ts";
import { checkInstances, contractChecks } from "./contract.ts";

/** What one check found. JSON. */
export interface CheckReport {
  /** Cases that ran. */
  readonly ran: number;
  /** Cases that did not, each with the reason. */
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
  /** What differs from the reference. */
  readonly problems: readonly string[];
}

/** One test of the suite. */
export interface ConformanceCheck {
  /** `"primitives"`, `"fused programs"`, ... */
  readonly group: string;
  /** Unique within its group. */
  readonly name: string;
  /** @param skip reasons by the title of a case; only primitives have several */
  run(backend: Backend, skip?: Readonly<Record<string, string>>): Promise<CheckReport>;
}

const dtypes = ["f32", "f64", "i32", "u32", "bool"] as const satisfies readonly DType[];

/** Why a backend skips what needs other dtypes than it has. */
export function missingDTypes(backend: Backend): string {
  return `no ${dtypes.filter((dtype) => !backend.dtypes.includes(dtype)).join(", ")}`;
}

function primitiveCheck(primitive: string, cases: readonly PrimitiveCase[]): ConformanceCheck {
  return {
    group: "primitives",
    name: primitive,
    async run(backend, skip = {}) {
      const skipped: { title: string; reason: string }[] = [];
      const problems: string[] = [];
      for (const entry of cases) {
        const title = `${primitive}: ${entry.note}`;
        const reason = skip[title] ?? (runs(backend, caseProgram(entry)) ? undefined : missingDTypes(backend));
        if (reason !== undefined) skipped.push({ title, reason });
        else problems.push(...(await checkCase(backend, entry)).map((problem) => `${title}: ${problem}`));
      }
      return { ran: cases.length - skipped.length, skipped, problems };
    },
  };
}

function programChecks<
  T extends { readonly name: string; readonly inputs: readonly HostArray[]; readonly program: Program },
>(group: string, entries: readonly T[], check: (backend: Backend, entry: T) => Promise<string[]>): ConformanceCheck[] {
  return entries.map((entry) => ({
    group,
    name: entry.name,
    async run(backend) {
      const takes = entry.inputs.every(({ dtype }) => backend.dtypes.includes(dtype));
      if (takes && runs(backend, entry.program)) {
        return { ran: 1, skipped: [], problems: await check(backend, entry) };
      }
      return { ran: 0, skipped: [{ title: entry.name, reason: missingDTypes(backend) }], problems: [] };
    },
  }));
}

function bufferCheck(
  name: string,
  check: (backend: Backend) => Promise<string[]>,
  group = "buffers",
): ConformanceCheck {
  return {
    group,
    name,
    run: async (backend) => ({ ran: 1, skipped: [], problems: await check(backend) }),
  };
}

async function checkRefusals(backend: Backend): Promise<string[]> {
  const problems: string[] = [];
  for (const dtype of dtypes) {
    if (backend.dtypes.includes(dtype)) continue;
    const error = await run(backend, (x: Tensor) => x, sample([1], dtype)).then(
      () => new Error("nothing was thrown"),
      (thrown: Error) => thrown,
    );
    if (!error.message.includes(dtype)) problems.push(`an input of ${dtype}: ${error.message}`);
  }
  return problems;
}

/** A check for each function that has derivatives: the third ones, which products lack, beside those of the reference in `f64`. */
export function thirdDerivativeChecks(): ConformanceCheck[] {
  return programChecks("third derivatives", thirdDerivatives(), checkThirdDerivative);
}

/**
 * Every check, in the order of the documentation: each case of every primitive, functions of several, fused programs, nested derivatives, composed functions, donated
 * inputs, random programs, sums of a million terms, training steps, buffers, and the contract of {@link Backend}. What needs a dtype
 * that the backend does not list is skipped; refusing it is checked.
 *
 * @param terms of most long sums; 1e4 where a million take too long
 */
export function conformanceChecks(terms = 1e6): ConformanceCheck[] {
  return [
    ...[...primitiveCases()].map(([primitive, cases]) => primitiveCheck(primitive, cases)),
    ...programChecks(
      "functions",
      [...functionPrograms("f32"), ...functionPrograms("f64"), ...wholePrograms()],
      checkProgram,
    ),
    ...programChecks("fused programs", [...fusedPrograms("f32"), ...fusedPrograms("f64")], checkProgram),
    ...programChecks("packed programs", packedPrograms(), checkProgram),
    ...programChecks("derivatives", [...derivativePrograms("f32"), ...derivativePrograms("f64")], checkProgram),
    ...programChecks("inputs and outputs", edgePrograms(), checkProgram),
    ...programChecks("donated inputs", donationPrograms(), checkProgram),
    ...programChecks(
      "random programs",
      [
        ...Array.from({ length: 12 }, (_, seed) => fuzzProgram(seed, 60, "f64")),
        ...Array.from({ length: 6 }, (_, seed) => fuzzProgram(seed + 100, 60, "f32")),
        fuzzProgram(200, 200, "f64"),
        fuzzProgram(201, 200, "f32"),
      ],
      checkProgram,
    ),
    ...programChecks("long sums", longSums(terms), checkKnown),
    ...programChecks(
      "training",
      [trainingStep("f32"), trainingStep("f64"), sequenceTrainingStep("f32"), sequenceTrainingStep("f64")],
      checkTraining,
    ),
    bufferCheck("several programs share buffers", checkSharing),
    bufferCheck("write replaces the contents", checkWrite),
    bufferCheck("the same bits every time", checkRepeats),
    ...Object.entries(contractChecks).map(([name, check]) => bufferCheck(name, check, "contract")),
    bufferCheck(
      "buffers of another backend are refused",
      (backend) => checkInstances(backend, referenceBackend()),
      "contract",
    ),
    bufferCheck("dtypes outside its list are refused by name", checkRefusals),
  ];
}
