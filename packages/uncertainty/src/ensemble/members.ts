// Members in one program: the training step of one of them, mapped over all, on states that are stacked.
import { createTrainer, type StepSpec, type TrainingState, trainingStep, type Variables } from "@hooke/core";
import {
  type Backend,
  type Buffer,
  type Executable,
  type HostArray,
  optimize,
  randomKey,
  record,
  remember,
  type Tensor,
  type Tree,
  treeLeaves,
  treeUnflatten,
  uploadAll,
  vmap,
  zeros,
} from "@hooke/runtime";

/** A batch of every member: each array `[members, rows, ...]`. */
export interface MemberBatch<T> {
  readonly inputs: T;
  readonly targets: T;
  readonly weights?: T;
  readonly extras: Readonly<Record<string, T>>;
}

/** Members on a backend. */
export interface Members {
  /** One update of each. @returns the losses, `[members]`, or `[members, 2]` with their penalties */
  step(batch: MemberBatch<HostArray>, update: number, learningRate: number): Promise<HostArray>;
  /** Variables of each, as they are. */
  read(): Promise<Variables<HostArray>[]>;
  /** A copy of all that an update changes. */
  copy(): Promise<MembersCopy>;
  /** Puts all back to a copy of earlier, on a device that has lost it too. Default: as they began. */
  write(copy?: MembersCopy): void;
  free(): void;
}

/** What members hold, on the host. */
export type MembersCopy = readonly HostArray[];

interface MemberStart {
  readonly seed: number;
  readonly variables: Variables<HostArray>;
}

interface Moment<T> {
  readonly learningRate: T;
  readonly step: T;
  readonly keys: T;
}

/** Uploads the states of all members, stacked. */
export function createMembers(backend: Backend, spec: StepSpec, starts: readonly MemberStart[]): Members {
  const states = starts.map(({ seed, variables }) => {
    const trainer = createTrainer({ ...spec, backend, seed, variables });
    trainer.free();
    return trainer.initial;
  });
  const stacked = stack(states as unknown as Tree<HostArray>[]) as unknown as TrainingState<HostArray>;
  const moment: Moment<HostArray> = {
    learningRate: zeros([]),
    step: zeros([], "i32"),
    keys: stack(starts.map(({ seed }) => randomKey(seed)) as Tree<HostArray>[]) as HostArray,
  };
  const stateLeaves = leavesOf(stacked as unknown as Tree<HostArray>);
  const momentLeaves = leavesOf(moment as unknown as Tree<HostArray>);
  const held = uploadAll(backend, [...stateLeaves, ...momentLeaves]);
  const [state, moments] = [held.slice(0, stateLeaves.length), held.slice(stateLeaves.length)];
  const one = trainingStep(spec);
  const all = (
    now: TrainingState<Tensor>,
    { keys, ...shared }: Moment<Tensor>,
    batch: MemberBatch<Tensor>,
  ): TrainingState<Tensor> & { readonly loss: Tensor } =>
    vmap((own: never, key: Tensor, rows: never) => one(own, { ...shared, key }, rows) as never, 0)(
      now as never,
      keys,
      batch as never,
    );
  const prepared = new Map<number, Promise<{ readonly executable: Executable; readonly rows: readonly Buffer[] }>>();
  const executables: Executable[] = [];
  const prepare = async (batch: MemberBatch<HostArray>) => {
    const { program } = record(all as (...args: never[]) => unknown, stacked as never, moment as never, batch as never);
    const executable = await backend.prepare(optimize(program), { donate: [...state.keys(), null] });
    executables.push(executable);
    const rows = uploadAll(backend, batch as unknown as Tree<HostArray>);
    held.push(...rows);
    return { executable, rows };
  };
  const copy = (): Promise<MembersCopy> => Promise.all(state.map((buffer) => backend.read(buffer)));
  return {
    async step(batch, update, learningRate) {
      const size = batch.inputs.shape[1]!;
      const { executable, rows } = await remember(prepared, size, () => prepare(batch));
      moment.learningRate.data[0] = learningRate;
      moment.step.data[0] = update;
      backend.write(moments[0]!, moment.learningRate);
      backend.write(moments[1]!, moment.step);
      for (const [i, array] of leavesOf(batch as unknown as Tree<HostArray>).entries()) backend.write(rows[i]!, array);
      const loss = executable.run([...state, ...moments, ...rows])[state.length]!;
      const reading = backend.read(loss);
      backend.free(loss);
      return reading;
    },
    copy,
    write(before = stateLeaves) {
      for (const [i, array] of [...before, ...momentLeaves].entries()) backend.write(held[i]!, array);
    },
    async read() {
      const arrays = await copy();
      return starts.map((_, member) => {
        const own = arrays.map((array) => part(array, member));
        const { params, state: running } = treeUnflatten(stacked, own) as unknown as TrainingState<HostArray>;
        return { params, state: running };
      });
    },
    free() {
      for (const executable of executables) executable.free();
      for (const buffer of held) backend.free(buffer);
    },
  };
}

const leavesOf = (tree: Tree<HostArray>): HostArray[] => treeLeaves<HostArray>(tree).map(({ value }) => value);

/** Trees of one structure as one, each leaf `[trees, ...]`. */
function stack(trees: readonly Tree<HostArray>[]): Tree<HostArray> {
  const leaves = trees.map(leavesOf);
  const joined = leaves[0]!.map(({ shape, dtype }, i) => {
    const all = zeros([trees.length, ...shape], dtype);
    for (const [tree, own] of leaves.entries()) all.data.set(own[i]!.data, tree * own[i]!.data.length);
    return all;
  });
  return treeUnflatten(trees[0]!, joined) as unknown as Tree<HostArray>;
}

/** One member's, in memory of its own. */
function part({ shape, dtype, data }: HostArray, member: number): HostArray {
  const size = data.length / shape[0]!;
  return { shape: shape.slice(1), dtype, data: data.slice(member * size, (member + 1) * size) };
}
