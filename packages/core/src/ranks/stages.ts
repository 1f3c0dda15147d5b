// A program in stages, between which ranks add up what each has found so far: statistics of a batch whose rows they share.
import {
  type Backend,
  type Buffer,
  type Executable,
  fail,
  type HostArray,
  type Node,
  optimize,
  type PrimitiveName,
  Program,
  sizeOf,
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

/** Operations that cost a loop which reads their operands next to nothing. */
const light = new Set<PrimitiveName>([
  ...([
    "broadcast",
    "reshape",
    "convert",
    "stopGradient",
    "neg",
    "not",
    "add",
    "sub",
    "mul",
    "maximum",
    "minimum",
  ] as const),
  ...(["equal", "notEqual", "less", "lessEqual", "and", "or", "select"] as const),
]);

/**
 * Values that stages compute again where they read them, instead of keeping them: constants, and what light operations make of one large array,
 * which is then kept in their place.
 */
function valuesMadeAgain({ nodes }: Program): Map<Value, Node> {
  const again = new Map<Value, Node>();
  /** The array that a value is made again of; undefined where it is made of none. */
  const root = new Map<Value, Value | undefined>();
  for (const node of nodes) {
    const [output] = node.outputs;
    if (node.inputs.length > 0 && !light.has(node.primitive)) continue;
    const large = node.inputs.filter((input) => sizeOf(input.shape) === sizeOf(output!.shape));
    const roots = new Set(large.map((input) => (again.has(input) ? root.get(input) : input)));
    roots.delete(undefined);
    if (roots.size > 1) continue;
    again.set(output!, node);
    root.set(output!, [...roots][0]);
  }
  return again;
}

/**
 * Divides a program: each node stands in the first stage in which its inputs are known, and light ones in each stage that reads them.
 *
 * @throws if a sum is needed for what it is the sum of
 */
export function stagesOf(program: Program, exchanges: readonly Exchange[]): readonly Stage[] {
  const { inputs, nodes, outputs } = program;
  const summed = new Map(exchanges.map((exchange) => [inputs[exchange.input]!, outputs[exchange.output]!]));
  const at = stageNumbers(program, summed, exchanges.length);
  const stageOf = (value: Value): number => at.get(value) ?? 0;
  const numberOf = (node: Node): number => node.inputs.reduce((most, input) => Math.max(most, stageOf(input)), 0);
  const last = Math.max(...nodes.map(numberOf), ...outputs.map(stageOf));
  const again = valuesMadeAgain(program);
  for (const output of outputs) again.delete(output);
  const kept = (node: Node): boolean => !node.outputs.every((output) => again.has(output));
  /** Nodes with all that are made again for them. */
  const withLight = (part: readonly Node[]): Node[] => {
    const needed = new Set(part);
    const pending = part.flatMap((node) => node.inputs);
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      const node = again.get(value);
      if (node === undefined || needed.has(node)) continue;
      needed.add(node);
      pending.push(...node.inputs);
    }
    return nodes.filter((node) => needed.has(node));
  };
  const parts = Array.from({ length: last + 1 }, (_, stage) => {
    const body = withLight(nodes.filter((node) => kept(node) && numberOf(node) === stage));
    const made = new Set(body.flatMap((node) => node.outputs));
    const read = new Set(body.flatMap((node) => node.inputs).filter((value) => !made.has(value)));
    return { body, read };
  });
  // Where each value is last read, outputs of the whole behind all stages.
  const lastRead = new Map<Value, number>();
  for (const [stage, { read }] of parts.entries()) for (const value of read) lastRead.set(value, stage);
  for (const output of outputs) lastRead.set(output, last + 1);
  const known = new Set<Value>();
  return parts.map(({ body, read }, stage) => {
    const given = body.filter(kept).flatMap((node) => node.outputs);
    const results = given.filter((value) => (lastRead.get(value) ?? 0) > stage);
    const reached = exchanges.filter(({ output }) => stageOf(outputs[output]!) === stage);
    for (const value of [...results, ...reached.map(({ input }) => inputs[input]!)]) known.add(value);
    return {
      program: new Program([...read], body, results),
      exchanges: reached,
      done: [...known].filter((value) => lastRead.get(value) === stage),
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
  /** @returns the output that is no exchange's, which the caller frees */
  run(inputs: readonly Buffer[]): Promise<Buffer>;
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
        const buffer = made.get(result!)!;
        made.delete(result!);
        return buffer;
      } finally {
        for (const buffer of made.values()) backend.free(buffer);
      }
    },
  };
}

/** The part of a rank without rows in the same program: it meets the others, and has nothing to add. */
export function idleStages(backend: Backend, whole: Program, exchanges: readonly Exchange[], sum: SumAll): Staged {
  const program = optimize(whole);
  const stages = stagesOf(program, exchanges);
  const nothing = ({ shape, dtype }: Value): HostArray => zeros(shape, dtype);
  return {
    async run() {
      for (const stage of stages) {
        if (stage.exchanges.length > 0)
          await sum(stage.exchanges.map(({ output }) => nothing(program.outputs[output]!)));
      }
      return backend.upload(nothing(program.outputs[0]!));
    },
  };
}
