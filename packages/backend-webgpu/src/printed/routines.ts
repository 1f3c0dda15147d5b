// Which file prints which routine.
import type { NodeOfKind, RoutineKernel } from "@hooke/plan";
import { printConvolution } from "./convolution.ts";
import { printDot } from "./dot.ts";
import { printCholesky, printTriangularSolve } from "./factorization.ts";
import { printGather, printScatterAdd } from "./indexing.ts";
import { printPooling } from "./pooling.ts";
import type { Printer } from "./printer.ts";
import { printFoldKey, printRandomBits } from "./random.ts";
import type { Routine } from "./routine.ts";
import { printCumsum } from "./running.ts";
import { printArgMax, printSort } from "./sorting.ts";
import type { Launch } from "./text.ts";

type Name = NodeOfKind<"routine">["primitive"];

const printers: { readonly [K in Name]: (routine: Routine<K>) => Launch[] } = {
  dot: printDot,
  cholesky: printCholesky,
  triangularSolve: printTriangularSolve,
  conv: printConvolution,
  convInputGradient: printConvolution,
  convKernelGradient: printConvolution,
  maxPool: printPooling,
  maxPoolIndex: printPooling,
  poolGather: printPooling,
  poolScatter: printPooling,
  sumPool: printPooling,
  sumPoolTranspose: printPooling,
  gather: printGather,
  scatterAdd: printScatterAdd,
  cumsum: printCumsum,
  sort: printSort,
  argSort: printSort,
  argMax: printArgMax,
  randomBits: printRandomBits,
  foldKey: printFoldKey,
};

export function printRoutine(printer: Printer, { node, operands }: RoutineKernel, label: string): Launch[] {
  const print = printers[node.primitive] as (routine: Routine<Name>) => Launch[];
  const pointers = operands.map((operand) => printer.operand(operand));
  return print({ printer, node, operands: pointers, output: printer.root(node.outputs[0]!), label } as Routine<Name>);
}
