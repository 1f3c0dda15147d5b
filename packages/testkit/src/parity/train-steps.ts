// Training steps over stored batches in order, for comparison with stored trajectories.
import { apply, type Layer, type Loss, type Optimizer, type TensorTree, type Variables } from "@hooke/core";
import {
  add,
  array,
  type Backend,
  compile,
  fullLike,
  type HostArray,
  isFloat,
  mul,
  run,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  valueAuxAndGrad,
  zeros,
} from "@hooke/runtime";
import { type GoldenArrays, type GoldenCase, goldenTree } from "../golden.ts";

/** How to train on the inputs of a golden case. */
export interface Plan {
  readonly model: Layer;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  /** Default 50. */
  readonly steps?: number;
  /** Of the step, counted from 0. */
  readonly learningRate: (step: number) => number;
  /** Called after the step of this number, counted from 1. */
  readonly after?: (step: number, variables: GoldenArrays) => void;
}

interface State<T> {
  readonly params: Tree<T>;
  readonly state: Tree<T>;
  readonly slots: Tree<T>;
  /** Sum of the gradients since the last update. */
  readonly gathered: Tree<T>;
}

interface Batch {
  readonly x: Tensor;
  readonly targets: Tensor;
  readonly extras: Readonly<Record<string, Tensor>>;
  readonly learningRate: Tensor;
  /** Its number, counted from 1. */
  readonly update: Tensor;
}

/** Steps from the stored `params` (and `state`), the batches of `x`, `targets` and `extras.*` following each other through the rows. */
export async function trainSteps(
  backend: Backend,
  golden: GoldenCase,
  plan: Plan,
): Promise<{ readonly losses: readonly number[]; readonly final: GoldenArrays }> {
  const { model, loss, optimizer, batchSize, steps = 50 } = plan;
  const { accumulation = 1 } = optimizer;
  const { x, targets } = golden.inputs as { readonly x: HostArray; readonly targets: HostArray };
  type Step = (...args: unknown[]) => Promise<{ readonly value: HostArray; readonly next: State<HostArray> }>;
  const stepOf = (updates: boolean): Step =>
    compile(backend, (now: State<Tensor>, batch: Batch) => {
      const lossOf = (params: TensorTree): readonly [Tensor, TensorTree] => {
        const variables = { params, state: now.state } as Variables;
        const { output, state } = apply(model, variables, batch.x, { training: true, extras: batch.extras });
        return [loss(output, batch.targets), state];
      };
      const [value, state, gradients] = valueAuxAndGrad(lossOf)(now.params);
      const more = (sum: Tensor, _path: string, gradient: Tensor): Tensor => add(sum, mul(gradient, 1 / accumulation));
      const gathered = treeMap(now.gathered, more, gradients) as TensorTree;
      if (!updates) return { value, next: { ...now, state, gathered } };
      const inputs = { learningRate: batch.learningRate, step: batch.update, accumulates: accumulation > 1 };
      const [params, slots] = optimizer.update(gathered, now.slots, now.params, inputs);
      const none = treeMap(gathered, (sum: Tensor) => fullLike(sum, 0)) as TensorTree;
      return { value, next: { params, state, slots, gathered: none } };
    }) as unknown as Step;
  const [gather, update] = [stepOf(false), stepOf(true)];

  const params = goldenTree(golden.inputs, "params");
  const hasState = Object.keys(golden.inputs).some((key) => key.startsWith("state."));
  const slots = (await run(backend, optimizer.init as (...args: unknown[]) => unknown, params)) as Tree<HostArray>;
  const gathered = treeMap(params, ({ shape, dtype }: HostArray) => zeros(shape, dtype)) as Tree<HostArray>;
  let now: State<HostArray> = { params, state: hasState ? goldenTree(golden.inputs, "state") : {}, slots, gathered };
  const losses: number[] = [];
  const variables = (): GoldenArrays => {
    const { params, state } = now;
    return Object.fromEntries(treeLeaves<HostArray>({ params, state }).map(({ path, value }) => [path, value]));
  };
  const names = Object.keys(golden.inputs).flatMap((key) => /^extras\.(.*)/.exec(key)?.[1] ?? []);
  for (let i = 0; i < steps; i++) {
    const rows = (all: HostArray): HostArray => rowsOf(all, (i * batchSize) % x.shape[0]!, batchSize);
    const { value, next } = await ((i + 1) % accumulation === 0 ? update : gather)(now, {
      x: rows(x),
      targets: rows(targets),
      extras: Object.fromEntries(names.map((name) => [name, rows(golden.inputs[`extras.${name}`]!)])),
      // Symbols are integers; what learns about them is f32.
      learningRate: array(plan.learningRate(i), { dtype: isFloat(x.dtype) ? x.dtype : "f32" }),
      update: array(Math.floor(i / accumulation) + 1, { dtype: "i32" }),
    });
    now = next;
    losses.push(value.data[0]!);
    plan.after?.(i + 1, variables());
  }
  return { losses, final: variables() };
}

function rowsOf({ shape, dtype, data }: HostArray, start: number, count: number): HostArray {
  const width = data.length / shape[0]!;
  return { shape: [count, ...shape.slice(1)], dtype, data: data.slice(start * width, (start + count) * width) };
}
