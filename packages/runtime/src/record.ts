// Recording: ordinary TypeScript runs once with symbolic tensors and leaves a program behind.
import { type HostArray, isHostArray, type TypedArray } from "./array.ts";
import { checkDType, checkHostArray, checkShape } from "./check-array.ts";
import { fail } from "./error.ts";
import { nothingMore } from "./options/check-options.ts";
import { show } from "./options/show.ts";
import { creation } from "./primitives/creation.ts";
import type { PrimitiveName, PrimitiveParams } from "./primitives/params.ts";
import type { CommonRule } from "./primitives/rule.ts";
import { type Aval, type Node, Program, type Value } from "./program.ts";
import { isTensor, Tensor } from "./tensor.ts";
import { type MapTree, type Tree, treeLeaves, treeMap, treeUnflatten } from "./tree.ts";

/** A primitive with its rule and parameters: a node without its place in a program. */
type Application = Pick<Node, "primitive" | "rule" | "params">;

/**
 * Collects the nodes of one recording. Recorders nest (a gradient or scan body inside a recording): an operation is recorded in the
 * innermost recorder among its operands', and an operand of an enclosing recorder is captured as an extra input.
 */
export class Recorder {
  readonly level: number;
  readonly inputs: Tensor[] = [];
  readonly nodes: Node[] = [];
  /** Enclosing recorders' tensors used here, with the inputs that stand for them. */
  readonly captures = new Map<Value, { readonly outer: Tensor; readonly inner: Tensor }>();
  /** The innermost recorder around this one, or this one, that takes what only outer recorders' tensors are used for, too. */
  readonly whole: Recorder | undefined;
  private readonly producers = new Map<Value, Node>();
  open = true;

  constructor(level: number, outer?: Recorder, whole = false) {
    this.level = level;
    this.whole = whole ? this : outer?.whole;
  }

  input(aval: Aval): Tensor {
    const tensor = new Tensor({ shape: aval.shape, dtype: aval.dtype }, this);
    this.inputs.push(tensor);
    return tensor;
  }

  emit({ primitive, rule, params }: Application, inputs: readonly Tensor[]): Tensor[] {
    const values = inputs.map((input) => this.lift(input).value);
    const outputs = rule.outputs(values, params as never).map(({ shape, dtype }): Value => ({ shape, dtype }));
    const node = { primitive, rule, params, inputs: values, outputs, scope } as unknown as Node;
    this.nodes.push(node);
    return outputs.map((output) => {
      this.producers.set(output, node);
      return new Tensor(output, this);
    });
  }

  /** The tensor as seen from this recorder: itself, a copy of what depends on nothing (a filled array, an iota), or a captured input. */
  lift(tensor: Tensor): Tensor {
    if (tensor.recorder === this) return tensor;
    if (!tensor.recorder.open) {
      fail(
        `${tensor}`,
        "belongs to a recording that has ended. Pass it in as an argument of the function that uses it.",
      );
    }
    const producer = tensor.recorder.producers.get(tensor.value);
    if (producer?.inputs.length === 0) return this.emit(producer, [])[0]!;
    const known = this.captures.get(tensor.value);
    if (known) return known.inner;
    const inner = new Tensor({ shape: tensor.shape, dtype: tensor.dtype }, this);
    this.captures.set(tensor.value, { outer: tensor, inner });
    return inner;
  }

  /** The node that computed a value here. */
  producerOf(value: Value): Node | undefined {
    return this.producers.get(value);
  }

  /** Ends the recording. Captured tensors become inputs before the declared ones. */
  finish(outputs: readonly Tensor[]): { readonly program: Program; readonly captured: readonly Tensor[] } {
    const lifted = outputs.map((output) => this.lift(output).value);
    const captures = [...this.captures.values()];
    const inputs = [...captures.map(({ inner }) => inner.value), ...this.inputs.map((input) => input.value)];
    return { program: new Program(inputs, this.nodes, lifted), captured: captures.map(({ outer }) => outer) };
  }
}

// Where in a model the recording is now: kept with every node, for messages and profiles.
let scope = "";

/** Runs `body`; the nodes it records carry `name` as their scope (a layer path, say). */
export function withScope<T>(name: string, body: () => T): T {
  const outer = scope;
  scope = name;
  try {
    return body();
  } finally {
    scope = outer;
  }
}

/** The scope set by the innermost {@link withScope}; empty outside. */
export const currentScope = (): string => scope;

// The recorders now running, innermost last. Recording is synchronous, so this is empty between calls.
const stack: Recorder[] = [];

/** The innermost running recorder. @throws outside a recording */
export function currentRecorder(who: string): Recorder {
  const recorder = stack.at(-1);
  if (recorder === undefined) {
    fail(who, "was called outside a recording. Call it inside a function given to record, run or compile.");
  }
  return recorder;
}

/** Fails outside of a recording, in the name of a function of the caller's. */
export const checkRecording = (who: string): void => void currentRecorder(who);

/**
 * Runs `body` with a fresh innermost recorder.
 *
 * @param whole whether all that `body` computes is recorded there, also from tensors of outer recorders alone. Default false
 */
export function withRecorder<T>(body: (recorder: Recorder) => T, whole = false): T {
  const recorder = new Recorder(deepestLevel() + 1, stack.at(-1), whole);
  stack.push(recorder);
  try {
    return body(recorder);
  } finally {
    recorder.open = false;
    stack.pop();
    if (stack.length === 0) constants.clear();
  }
}

/** Runs `body` with a deeper recorder that receives only what touches its inputs; everything else goes where it went before. */
export function withLinearRecorder<T>(body: (recorder: Recorder) => T): T {
  const recorder = new Recorder(deepestLevel() + 1);
  linear.push(recorder);
  try {
    return body(recorder);
  } finally {
    recorder.open = false;
    linear.pop();
  }
}

const linear: Recorder[] = [];

const deepestLevel = (): number => Math.max(stack.at(-1)?.level ?? 0, linear.at(-1)?.level ?? 0);

/** Applies a primitive of a family to tensors: the operations wrap it. */
export function emit<K extends PrimitiveName>(
  family: { readonly [P in K]: CommonRule<P> },
  primitive: K,
  inputs: readonly Tensor[],
  params: PrimitiveParams[K],
): Tensor[] {
  return emitLike({ primitive, rule: family[primitive], params } as unknown as Application, inputs);
}

/** Applies to tensors what a node applies. */
export function emitLike(node: Application, inputs: readonly Tensor[]): Tensor[] {
  const { primitive } = node;
  let target: Recorder | undefined;
  for (const input of inputs) {
    if (!isTensor(input)) fail(primitive, `received ${typeof input} where a tensor is needed.`);
    if (target === undefined || input.recorder.level > target.level) target = input.recorder;
  }
  target ??= currentRecorder(primitive);
  if (!target.open) target = currentRecorder(primitive);
  const whole = stack.at(-1)?.whole;
  if (whole !== undefined && whole.level > target.level) target = whole;
  return target.emit(node, inputs);
}

/** Evaluates a program inside the current recording. */
export function inline(program: Program, inputs: readonly Tensor[]): Tensor[] {
  const environment = new Map<Value, Tensor>();
  for (const [i, value] of program.inputs.entries()) environment.set(value, inputs[i]!);
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => environment.get(input)!);
    const outputs = withScope(node.scope, () => emitLike(node, operands));
    node.outputs.forEach((output, i) => void environment.set(output, outputs[i]!));
  }
  return program.outputs.map((output) => environment.get(output)!);
}

/** A host array or a number as a tensor of the current recording; a tensor as it is. Arrays are copied as they are now. */
export const asTensor = (value: Tensor | HostArray | number): Tensor => tensorFor("asTensor", value);

/**
 * {@link asTensor} for a function that speaks for itself.
 *
 * @param more what the function received beyond its arguments, which it refuses
 */
export function tensorFor(who: string, value: Tensor | HostArray | number, more?: readonly unknown[]): Tensor {
  if (more) nothingMore(who, more);
  if (isTensor(value)) return value;
  currentRecorder(who);
  if (typeof value === "number") return emit(creation, "full", [], { value, shape: [], dtype: "f32" })[0]!;
  if (isHostArray(value)) return emit(creation, "constant", [], { value: constantOf(value) })[0]!;
  const cure = Array.isArray(value) ? " Of a list of numbers make one: array(list)." : "";
  return fail(who, `received ${show(value)}; it takes tensors, array(...) or numbers.${cure}`);
}

// Copies of the host arrays that the recordings now running have used. An array used again is not copied again, unless it has changed.
const constants = new Map<TypedArray, HostArray>();

/** A program's own copy of a host array. */
function constantOf(value: HostArray): HostArray {
  checkHostArray("constant", value);
  const { shape, dtype, data } = value;
  const known = constants.get(data);
  const same = known?.dtype === dtype && sameBits(known.data, data);
  const copy = { shape: [...shape], dtype, data: same ? known.data : data.slice() };
  if (!same) constants.set(data, copy);
  return copy;
}

function sameBits(a: TypedArray, b: TypedArray): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return a.length === b.length;
}

/** A program together with the structure of its arguments and results. */
export interface Recording {
  readonly program: Program;
  /** Arguments as trees of shapes and dtypes, in the order of the program's inputs. */
  readonly arguments: readonly Tree<Aval>[];
  /** The result's structure; its leaves are the shapes and dtypes of the program's outputs. */
  readonly result: Tree<Aval>;
}

/** Tensors standing for a tree of shapes. */
export type TensorsOf<A> = MapTree<A, Aval, Tensor>;

/**
 * Runs `fn` once with symbolic tensors of the given shapes.
 *
 * @param fn a function of trees of tensors that returns a tree of tensors
 * @param args for every argument of `fn` a tree of `{shape, dtype}` (host arrays qualify)
 * @returns the program and the structure of its arguments and result
 * @throws if `fn` reads a value, returns something that is not a tensor, or uses a tensor of another recording
 */
export function record<const A extends readonly unknown[]>(
  fn: (...args: { readonly [K in keyof A]: TensorsOf<A[K]> }) => unknown,
  ...args: A
): Recording {
  return recordAs("record", fn as (...inner: never[]) => unknown, args);
}

/** {@link record} for a function that speaks for itself. */
export function recordAs(who: string, fn: (...args: never[]) => unknown, args: readonly unknown[]): Recording {
  if (stack.length > 0) {
    fail(who, "was called inside a recording. Call the function itself, or grad, jvp and scan, which nest.");
  }
  checkFunction(who, fn);
  return withRecorder((recorder) => {
    const tensors = args.map((arg) => treeMap(arg, (aval: Aval, path) => recorder.input(needAval(who, aval, path))));
    const result = fn(...(tensors as never[]));
    const leaves = resultLeaves(who, result);
    const { program } = recorder.finish(leaves);
    return {
      program,
      arguments: args.map((arg) => treeMap(arg, ({ shape, dtype }: Aval) => ({ shape, dtype })) as Tree<Aval>),
      result: treeUnflatten(
        result,
        leaves.map(({ shape, dtype }) => ({ shape, dtype })),
      ) as Tree<Aval>,
    };
  });
}

/** Fails where somebody hands in what is no function. */
export function checkFunction(who: string, fn: unknown): void {
  if (typeof fn !== "function") fail(who, `received ${show(fn)} as the function; expected a function of tensors.`);
}

function needAval(who: string, value: unknown, path: string): Aval {
  if (typeof value === "object" && value !== null && "shape" in value && "dtype" in value) {
    const { shape, dtype } = value as Aval;
    const speaker = path === "" ? who : `${who}: "${path}"`;
    checkDType(speaker, dtype);
    checkShape(speaker, shape);
    return { shape: [...shape], dtype };
  }
  return fail(
    who,
    `received ${show(value)}${path && ` at "${path}"`} as an argument; arguments are trees of { shape, dtype } or of host arrays.`,
  );
}

/** The leaves of what a recorded function returned, as tensors. @throws naming the path of a leaf that is not one */
export function resultLeaves(who: string, result: unknown): Tensor[] {
  return treeLeaves(result as Tree<unknown>).map(({ path, value }) => {
    if (isTensor(value)) return value;
    if (typeof value === "number" || isHostArray(value)) return asTensor(value);
    return fail(
      who,
      `the function returned ${show(value)}${path === "" ? "" : ` at "${path}"`}; it must be synchronous and return tensors.`,
    );
  });
}
