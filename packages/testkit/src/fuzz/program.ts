// Random programs of everything that there is: odd shapes, all dtypes, loops in loops, first to third derivatives, donated inputs.
import {
  add,
  grad,
  type HostArray,
  jvp,
  type Program,
  recompute,
  record,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { sample, ties } from "../cases/samples.ts";
import { Draw, type Drawn, isOfFloats } from "./draw.ts";
import { grow } from "./makers.ts";

/** A random program in a float dtype. */
export interface VariedProgram {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  /** As in the contract of backends: the input that each output is written over. */
  readonly donate: readonly (number | null)[];
  /** Of each output: whether nothing was rounded on the way, so that every backend must give the same numbers. */
  readonly exact: readonly boolean[];
}

/** Multiples of an eighth: sums of them are exact. */
const eighths = (x: HostArray): HostArray =>
  ({ ...x, data: x.data.map((value) => Math.round(8 * value) / 8) }) as HostArray;

function inputsOf(draw: Draw): HostArray[] {
  const inputs: HostArray[] = [];
  for (let i = draw.from(1, 4); i > 0; i--) {
    const shape = draw.shape();
    const seed = draw.below(1000);
    inputs.push(draw.chance(0.2) ? ties(shape, draw.dtype) : eighths(sample(shape, draw.dtype, { seed })));
  }
  for (const dtype of draw.some(["i32", "u32", "bool"] as const))
    inputs.push(sample(draw.shape(), dtype, { seed: draw.below(1000) }));
  return inputs;
}

/** A number made of all floats that grow out of some arrays. */
function total(seed: number, dtype: "f32" | "f64", nodes: number, loops: number, given: readonly Drawn[]): Tensor {
  const draw = new Draw(seed, dtype, true);
  draw.pool.push(...given);
  grow(draw, nodes, loops);
  return draw.pool
    .filter(isOfFloats)
    .slice(-6)
    .map(({ tensor }) => sum(tanh(tensor)))
    .reduce((a, b) => add(a, b));
}

/** The program of a seed. In the other float dtype it is the same program. */
export function variedProgram(seed: number, dtype: "f32" | "f64"): VariedProgram {
  const draw = new Draw(seed, dtype, false);
  const inputs = inputsOf(draw);
  const exact: boolean[] = [];
  const { program } = record(
    (...tensors: Tensor[]) => {
      const given = tensors.map((tensor): Drawn => ({ tensor, exact: 12 }));
      draw.pool.push(...given);
      grow(draw, draw.from(2, 12), 2);
      const values = draw.pool.slice(given.length);
      // Some are given twice, and now and then what came in as it is.
      const outputs = [...draw.some(values, 0.3), ...values.slice(-2), ...draw.some(given, 0.05)];
      const order = draw.of([0, 1, 1, 2, 3]);
      const [inner, nodes, loops] = [draw.below(2 ** 30), draw.from(1, [0, 7, 4, 2][order]!), Number(order < 3)];
      const others = given.filter((value) => !isOfFloats(value));
      const floats = given.filter(isOfFloats).map(({ tensor }) => tensor);
      let f = (parameters: readonly Tensor[]): Tensor =>
        total(inner, dtype, nodes, loops, [...parameters.map((tensor) => ({ tensor, exact: 12 })), ...others]);
      if (draw.chance(0.15)) f = recompute(f);
      const directions = floats.map((x) => tanh(x));
      // Along a direction, again and again; then a gradient.
      for (let i = 1; i < order; i++) {
        const before = f;
        f = (parameters) => jvp((p: readonly Tensor[]) => before(p), [parameters], [directions])[1];
      }
      const gradients = order === 0 ? [] : grad(f)(floats);
      exact.push(...outputs.map((value) => value.exact > 0), ...gradients.map(() => false));
      return [...outputs.map(({ tensor }) => tensor), ...gradients];
    },
    ...(inputs as never[]),
  ) as { program: Program };
  const free = new Set(inputs.keys());
  const donate = program.outputs.map((output) => {
    const found = [...free].find(
      (i) => inputs[i]!.dtype === output.dtype && String(inputs[i]!.shape) === String(output.shape),
    );
    if (found === undefined || program.inputs.includes(output) || draw.chance(0.5)) return null;
    free.delete(found);
    return found;
  });
  return { program, inputs, donate, exact };
}
