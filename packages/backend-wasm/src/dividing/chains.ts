// Chains of products and what is between them, such as the layers of a network there and back: what is made of some rows follows from the same rows alone
// through all of them, so that a block of rows goes through the whole chain by itself. Threads meet once for it, and what they pass on stays in their caches.
// Sums over rows, such as gradients of weights, come behind the chain, in the order of before.
import type { Blocks } from "@hooke/plan";
import { fail, type Node, type NodeOf, Program, type Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";
import { smallest, worthwhile } from "./grain.ts";
import { type Need, needsOfPart, nodesOfPart, partOf } from "./parts.ts";
import { mostShared } from "./rows.ts";
import { workOf } from "./steps.ts";

/** Into how many blocks a chain is divided: in 8, of 125 rows, a residual of 1,000 points takes 1.02 of the time on one thread, in 4 none more. */
const counts = [4, 2] as const;
/** Products that a chain has at least, and its work: of shorter ones threads gain nothing. */
const fewestProducts = 16;
const leastWork = 8 * worthwhile;
/** Bytes of what comes out of a chain at most: it is all there at the same time, and larger chains take longer on one thread. */
const mostPassed = 2 ** 22;

const isProduct = (node: Node): boolean => node.primitive === "dot";
const sumOf = <T>(list: readonly T[], each: (item: T) => number): number =>
  list.reduce((sum, item) => sum + each(item), 0);

/** The blocks of chains, by the loops of a single step that they have become. */
const blocksOfChains = new WeakMap<Node, Blocks>();
export const blocksOfChain = (loop: NodeOf<"scan">): Blocks | undefined => blocksOfChains.get(loop);

/** Chains are for plans: nobody evaluates or differentiates them. */
const refuse = (): never => fail("backend wasm", "received a chain, which is for plans alone.", "unsupported");
const rule = { outputs: refuse, reference: refuse };

/** The nodes of a chain, those that follow from it, and what takes any number of rows, by output. */
interface Chain {
  readonly nodes: ReadonlySet<Node>;
  readonly later: ReadonlySet<Node>;
  readonly free: ReadonlyMap<Value, Node>;
  readonly made: ReadonlySet<Value>;
}

/** The chain of a program in so many blocks: left operands of products, what these follow from, and what follows from them. */
function chainOf(program: Program, count: number): Chain {
  const needed = new Set<Value>();
  const leading = new Set<Node>();
  for (const node of program.nodes.toReversed()) {
    const needs = needsOfPart(node, count);
    if (needs === undefined || !(isProduct(node) || node.outputs.some((output) => needed.has(output)))) continue;
    leading.add(node);
    for (const [i, need] of needs.entries()) if (need === "part") needed.add(node.inputs[i]!);
  }
  const [nodes, later] = [new Set<Node>(), new Set<Node>()];
  const [made, behind] = [new Set<Value>(), new Set<Value>()];
  const free = new Map<Value, Node>();
  for (const node of program.nodes) {
    const reads = node.inputs.some((input) => made.has(input));
    const needs = node.inputs.some((input) => behind.has(input)) ? undefined : needsOfPart(node, count);
    const fits = needs?.every((need, i) => {
      const input = node.inputs[i]!;
      return need === "whole" ? !made.has(input) : leading.has(node) || made.has(input) || free.has(input);
    });
    if (fits && !needs!.includes("part")) free.set(node.outputs[0]!, node);
    else if (fits && (reads || leading.has(node))) {
      nodes.add(node);
      for (const output of node.outputs) made.add(output);
    } else if (reads || node.inputs.some((input) => behind.has(input))) {
      later.add(node);
      for (const output of node.outputs) behind.add(output);
    }
  }
  return { nodes, later, free, made };
}

/** The same program with its chain as a loop of a single step, whose blocks of rows `blocksOfChain` knows; itself where that is not worth it. @param fineness see `Emitter` */
export function withChain(program: Program, fineness: number): Program {
  const chains = counts.map((count) => {
    const chain = chainOf(program, count);
    return { count, ...chain, work: sumOf([...chain.nodes], workOf) };
  });
  const { count, nodes, later, free, made, work } = chains.reduce((a, b) => (b.work > 1.01 * a.work ? b : a));
  const products = [...nodes].filter(isProduct).length;
  if (products < fewestProducts || work < leastWork * fineness || work < count * smallest * fineness) return program;
  /** What comes from outside, and what takes any number of rows inside. */
  const needed = new Map<Value, Need>();
  const repeated = new Set<Node>();
  for (const node of nodes) {
    for (const [i, need] of needsOfPart(node, count)!.entries()) {
      const input = node.inputs[i]!;
      const maker = need === "part" ? free.get(input) : undefined;
      if (maker !== undefined) repeated.add(maker);
      if (made.has(input) || maker?.primitive === "full") continue;
      const [value, how] = maker === undefined ? [input, need] : [maker.inputs[0]!, "whole" as const];
      if ((needed.get(value) ?? how) !== how) return program;
      needed.set(value, how);
    }
  }
  const outside = new Set([
    ...program.outputs,
    ...program.nodes.flatMap((node) => (nodes.has(node) ? [] : node.inputs)),
  ]);
  const results = [...made].filter((value) => outside.has(value));
  const shared = [...needed].filter(([, need]) => need === "whole").map(([value]) => value);
  if (sumOf(shared, arrayBytes) > mostShared || sumOf(results, arrayBytes) > mostPassed) return program;
  const inputs = [...needed.keys()];
  const parts = new Map<Value, Value>();
  for (const [value, need] of needed) if (need === "part") parts.set(value, partOf(value, count));
  const own = [...repeated, ...nodes];
  const cut = nodesOfPart(own, count, parts);
  const outputs = results.map(({ shape, dtype }): Value => ({ shape: [1, ...shape], dtype }));
  const body = new Program(inputs, own, results);
  const params = { body, length: 1, consts: inputs.length, carry: 0, reverse: false };
  const loop: NodeOf<"scan"> = { primitive: "scan", rule, scope: "", params, inputs, outputs };
  blocksOfChains.set(loop, {
    count,
    body: new Program(
      inputs.map((input) => parts.get(input) ?? input),
      cut,
      results.map((result) => parts.get(result)!),
    ),
  });
  const views = results.map((result, i): NodeOf<"reshape"> => {
    const params = { shape: result.shape };
    return { primitive: "reshape", rule, scope: "", params, inputs: [outputs[i]!], outputs: [result] };
  });
  const before = program.nodes.filter((node) => !nodes.has(node) && !later.has(node));
  return new Program(program.inputs, [...before, loop, ...views, ...later], program.outputs);
}
