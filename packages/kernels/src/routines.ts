// Which file prints which routine.
import type { NodeOfKind, Plan, RoutineKernel } from "@hooke/plan";
import { printConvolution } from "./convolution.ts";
import { printDot } from "./dot.ts";
import { endingOf } from "./ending.ts";
import { printCholesky, printTriangularSolve } from "./factorization.ts";
import { printGather, printScatterAdd } from "./indexing.ts";
import { printPack, printUnpack } from "./packing.ts";
import { printPooling } from "./pooling.ts";
import type { Printer } from "./printer.ts";
import { printFoldKey, printRandomBits } from "./random.ts";
import type { Product, Routine } from "./routine.ts";
import { printCumsum } from "./running.ts";
import { printArgMax, printSort } from "./sorting.ts";
import type { Launch } from "./text.ts";

type ProductName = "dot" | "conv" | "convInputGradient" | "convKernelGradient";
type Name = Exclude<NodeOfKind<"routine">["primitive"], ProductName>;

const printersOfProducts: { readonly [K in ProductName]: (product: Product<K>) => Launch[] } = {
  dot: printDot,
  conv: printConvolution,
  convInputGradient: printConvolution,
  convKernelGradient: printConvolution,
};

/** Those that go on with what they have made. */
export const products: ReadonlySet<ProductName> = new Set(Object.keys(printersOfProducts) as ProductName[]);

const printers: { readonly [K in Name]: (routine: Routine<K>) => Launch[] } = {
  cholesky: printCholesky,
  triangularSolve: printTriangularSolve,
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
  pack: printPack,
  unpack: printUnpack,
};

export function printRoutine(printer: Printer, plan: Plan, kernel: RoutineKernel, label: string): Launch[] {
  const { node } = kernel;
  const operands = kernel.operands.map((operand) => printer.operand(operand));
  if (kernel.stores !== undefined) {
    const print = printersOfProducts[node.primitive as ProductName] as (product: Product<ProductName>) => Launch[];
    return print({ printer, node, operands, ending: endingOf(printer, plan, kernel), label } as Product<ProductName>);
  }
  const print = printers[node.primitive as Name] as (routine: Routine<Name>) => Launch[];
  return print({ printer, node, operands, output: printer.root(node.outputs[0]!), label } as Routine<Name>);
}
