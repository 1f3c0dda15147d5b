// A program in stages, between which ranks add up what each has found so far: statistics of a batch whose rows they share.
import {
  type Backend,
  type Buffer,
  type Executable,
  fail,
  type HostArray,
  type Node,
  optimize,
  Program,
  type Value,
  zeros,
} from "@hooke/runtime";

/** An output of a program whose sum over all ranks is an input of it. */
export interface Exchange {
  readonly output: number;
  readonly input: number;
}

/** A part of a program that runs without waiting. */
interface Stage {
  readonly program: Program;
  /** Exchanges whose sums are known once it has run. */
  readonly exchanges: readonly Exchange[];
  /** Values that no later stage needs. */
  readonly done: readonly Value[];
}

/** What depends on no input, such as zeros: computed again rather than kept from one stage to the next. */
function constantNodes({ nodes }: Program): Map<Value, Node> {
  const constant = new Map<Value, Node>();
  for (const node of nodes) {
    if (node.inputs.every((input) => constant.has(input)))
      for (const output of node.outputs) constant.set(output, node);
  }
  return constant;
}

/**
 * Divides a program: each node stands in the first stage in which its inputs are known.
 *
 * @throws if a sum is needed for what it is the sum of
 */
export function stagesOf(program: Program, exchanges: readonly Exchange[]): readonly Stage[] {
  const { inputs, nodes, outputs } = program;
  const summed = new Map(exchanges.map((exchange) => [inputs[exchange.input]!, outputs[exchange.output]!]));
  const at = stageNumbers(program, summed, exchanges.length);
  const stageOf = (value: Value): number => at.get(value) ?? 0;
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const numberOf = (node: Node): number => node.inputs.reduce((most, input) => Math.max(most, stageOf(input)), 0);
  const last = Math.max(...nodes.map(numberOf), ...outputs.map(stageOf));
  const parts = Array.from({ length: last + 1 }, (_, stage) => nodes.filter((node) => numberOf(node) === stage));
  const constants = constantNodes(program);
  /** The constants that nodes need, in order. */
  const constantsOf = (part: readonly Node[]): Node[] => {
    const needed = new Set<Node>();
    const pending = part.flatMap((node) => node.inputs);
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      const node = constants.get(value);
      if (node === undefined || needed.has(node)) continue;
      needed.add(node);
      pending.push(...node.inputs);
    }
    return nodes.filter((node) => needed.has(node));
  };
  // Where each value is last read, outputs of the whole behind all stages.
  const lastRead = new Map<Value, number>();
  for (const [stage, part] of parts.entries()) {
    for (const { inputs: read } of part) for (const value of read) lastRead.set(value, stage);
  }
  for (const output of outputs) lastRead.set(output, last + 1);
  const known = new Set<Value>();
  return parts.map((part, stage) => {
    const own = new Set<Node>(part);
    const body = [...constantsOf(part).filter((node) => !own.has(node)), ...part];
    const made = new Set(body.flatMap((node) => node.outputs));
    const read = new Set(part.flatMap((node) => node.inputs).filter((value) => !made.has(value)));
    const kept = [...made].filter(
      (value) =>
        lastRead.get(value)! > stage &&
        own.has(producers.get(value)!) &&
        (!constants.has(value) || outputs.includes(value)),
    );
    const reached = exchanges.filter(({ output }) => stageOf(outputs[output]!) === stage);
    for (const value of [...kept, ...reached.map(({ input }) => inputs[input]!)]) known.add(value);
    const done = [...known].filter((value) => lastRead.get(value) === stage);
    return {
      program: new Program([...read], body, kept),
      exchanges: reached,
      done,
    };
  });
}

/** The stage in which each value is known. */
function stageNumbers({ nodes }: Program, summed: ReadonlyMap<Value, Value>, exchanges: number): Map<Value, number> {
  const at = new Map<Value, number>();
  const raise = (value: Value, stage: number): boolean => {
    if ((at.get(value) ?? 0) >= stage) return false;
    at.set(value, stage);
    return true;
  };
  for (let round = 0, changed = true; changed; round++) {
    if (round > exchanges + 1) fail("ranks", "a statistic of the batch depends on its own sum over all ranks.");
    changed = false;
    for (const [input, output] of summed) changed = raise(input, (at.get(output) ?? 0) + 1) || changed;
    for (const node of nodes) {
      const stage = node.inputs.reduce((most, input) => Math.max(most, at.get(input) ?? 0), 0);
      for (const output of node.outputs) changed = raise(output, stage) || changed;
    }
  }
  return at;
}

/** A program of one output and exchanges, in stages. */
export interface Staged {
  /** @returns the output that is no exchange's */
  run(inputs: readonly Buffer[]): Promise<HostArray>;
}

/** Adds arrays up over all ranks, in place. */
export type SumAll = (arrays: readonly HostArray[]) => Promise<void>;

/**
 * Prepares a program that runs in stages.
 *
 * @param whole its first output is what a run returns, the others are the exchanges'
 * @param prepare a part of it
 */
export async function prepareStages(
  backend: Backend,
  whole: Program,
  exchanges: readonly Exchange[],
  prepare: (program: Program) => Promise<Executable>,
  sum: SumAll,
): Promise<Staged> {
  const program = optimize(whole);
  const stages = stagesOf(program, exchanges);
  const executables: Executable[] = [];
  for (const stage of stages) executables.push(await prepare(stage.program));
  const given = new Set(exchanges.map(({ input }) => input));
  const own = program.inputs.filter((_, i) => !given.has(i));
  const [result] = program.outputs;
  const summed = new Set(exchanges.map(({ output }) => program.outputs[output]!));
  return {
    async run(inputs) {
      const held = new Map<Value, Buffer>(own.map((value, i) => [value, inputs[i]!]));
      const made = new Map<Value, Buffer>();
      const keep = (value: Value, buffer: Buffer): void => {
        held.set(value, buffer);
        made.set(value, buffer);
      };
      try {
        for (const [i, stage] of stages.entries()) {
          const operands = stage.program.inputs.map((value) => held.get(value)!);
          for (const [at, buffer] of executables[i]!.run(operands).entries()) keep(stage.program.outputs[at]!, buffer);
          if (stage.exchanges.length > 0) {
            const outputs = stage.exchanges.map(({ output }) => backend.read(held.get(program.outputs[output]!)!));
            const arrays = await Promise.all(outputs);
            await sum(arrays);
            for (const [at, { input }] of stage.exchanges.entries()) {
              keep(program.inputs[input]!, backend.upload(arrays[at]!));
            }
          }
          for (const value of stage.done) {
            if (value === result || summed.has(value)) continue;
            backend.free(made.get(value)!);
            made.delete(value);
          }
        }
        return await backend.read(made.get(result!)!);
      } finally {
        for (const buffer of made.values()) backend.free(buffer);
      }
    },
  };
}

/** The part of a rank without rows in the same program: it meets the others, and has nothing to add. */
export function idleStages(whole: Program, exchanges: readonly Exchange[], sum: SumAll): Staged {
  const program = optimize(whole);
  const stages = stagesOf(program, exchanges);
  const nothing = ({ shape, dtype }: Value): HostArray => zeros(shape, dtype);
  return {
    async run() {
      for (const stage of stages) {
        if (stage.exchanges.length > 0)
          await sum(stage.exchanges.map(({ output }) => nothing(program.outputs[output]!)));
      }
      return nothing(program.outputs[0]!);
    },
  };
}
