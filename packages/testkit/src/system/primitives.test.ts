// Nothing can be forgotten: every primitive with a derivative is differentiated, meets extreme arguments, and is held to PyTorch's numbers.
import {
  evaluate,
  type HostArray,
  isFloat,
  type PrimitiveName,
  type Program,
  record,
  type Tensor,
  type Value,
  zeros,
} from "@hooke/runtime";
import { expect, test } from "vitest";
import { primitiveCases } from "../cases/index.ts";
import { derivativeCases } from "../derivatives/index.ts";
import { ofLosses } from "../extremes/losses.ts";
import { ofNumbers } from "../extremes/numbers.ts";
import { ofPairs } from "../extremes/pairs.ts";
import { ofRows } from "../extremes/rows.fixture.ts";
import { loadGolden } from "../golden.ts";
import { resultOf } from "../parity/functions.fixture.ts";

/** Primitives that make floats of floats: those that have a derivative. */
const differentiable = [...primitiveCases()]
  .filter(([primitive, cases]) =>
    cases.some(({ inputs, params }) => {
      if (!inputs.some(({ dtype }) => isFloat(dtype))) return false;
      return evaluate(primitive, inputs, params as never).some(({ dtype }) => isFloat(dtype));
    }),
  )
  .map(([primitive]) => primitive);

/**
 * Primitives that take what comes of the inputs, by any way, or `"as it is"`: nothing having been done to it but a change of shape.
 */
function reached(program: Program, how: "by any way" | "as it is"): PrimitiveName[] {
  const carried = new Set<Value>(program.inputs.filter(({ dtype }) => isFloat(dtype)));
  const found: PrimitiveName[] = [];
  for (const { primitive, inputs, outputs } of program.nodes) {
    if (!inputs.some((input) => carried.has(input))) continue;
    found.push(primitive);
    if (how === "as it is" && primitive !== "reshape" && primitive !== "broadcast") continue;
    for (const output of outputs) carried.add(output);
  }
  return found;
}

const recorded = (fn: (...inputs: Tensor[]) => unknown, inputs: readonly HostArray[]): Program =>
  record((...x: Tensor[]) => fn(...x) as Tensor, ...(inputs as never[])).program;

interface Suite {
  readonly name: string;
  /** What to do about a primitive that is missing. */
  readonly cure: string;
  readonly found: () => readonly PrimitiveName[];
  /** Primitives that it does without, and why. */
  readonly without: Partial<Record<PrimitiveName, string>>;
}

const moves = "moves or chooses numbers and computes none";
const adds = "adds up, or multiplies and adds: what overflows is infinite as in any sum";
const pivots =
  "matrices of extreme sizes are among the cases; derivatives divide by pivots twice, as JAX's, and overflow for subnormal ones";
const gradientOf = (primitive: PrimitiveName): string => `in the gradients that ${primitive} is held to`;

const suites: readonly Suite[] = [
  {
    name: "derivatives by differences",
    cure: "add a case to a table of testkit/src/derivatives, listed in its index.ts",
    found: () =>
      Object.values(derivativeCases)
        .flatMap((cases) => Object.values(cases))
        .flatMap(([fn, inputs]) => reached(recorded(fn, inputs), "by any way")),
    without: { convert: "its differences are those of rounding: closed-form.test.ts" },
  },
  {
    name: "extreme arguments",
    cure:
      "add a function that applies it to its argument to testkit/src/extremes and golden/extremes.py; " +
      "where no argument is extreme, enter it under `without`",
    found: () => [
      ...[...ofNumbers, ...ofLosses].flatMap(({ fn }) => reached(recorded(fn, [zeros([2], "f64")]), "as it is")),
      ...ofPairs.flatMap(({ fn }) => reached(recorded(fn, [zeros([2], "f64"), zeros([2], "f64")]), "as it is")),
      ...ofRows.flatMap(({ fn }) => reached(recorded(fn, [zeros([2, 3], "f64")]), "as it is")),
    ],
    without: {
      ...{ convert: moves, broadcast: moves, slice: moves, pad: moves, reverse: moves },
      ...{ sort: moves, gather: moves, maxPool: moves, poolGather: moves, poolScatter: adds, scatterAdd: adds },
      ...{ conv: adds, convInputGradient: adds, convKernelGradient: adds },
      ...{ sumPool: adds, sumPoolTranspose: adds, cumsum: adds },
      ...{ cholesky: pivots, triangularSolve: pivots },
    },
  },
  {
    name: "golden/functions.json",
    cure:
      "add a case to golden/elementwise.py or golden/arrays.py and its call to testkit/src/parity/functions.fixture.ts; " +
      "where neither PyTorch nor NumPy has it, enter it under `without`",
    found: () =>
      loadGolden("functions").cases.flatMap((golden) => {
        const { program } = record((inputs: never) => resultOf(golden, inputs), golden.inputs as never);
        return reached(program, "by any way");
      }),
    without: {
      convert: "closed-form.test.ts in derivatives",
      convInputGradient: gradientOf("conv"),
      convKernelGradient: gradientOf("conv"),
      poolGather: gradientOf("maxPool"),
      poolScatter: gradientOf("maxPool"),
      sumPoolTranspose: gradientOf("sumPool"),
      scan: "in sequences.json",
    },
  },
];

test.each(suites)("every primitive with a derivative is in $name", ({ cure, found, without }) => {
  expect(differentiable.length).toBeGreaterThan(40);
  const covered = new Set(found());
  const missing = differentiable.filter((primitive) => !covered.has(primitive) && !Object.hasOwn(without, primitive));
  expect(missing, cure).toEqual([]);
  const needless = Object.keys(without).filter((primitive) => covered.has(primitive as PrimitiveName));
  expect(needless, "under `without` although there is a case").toEqual([]);
});
