// Cases of scan: its body is recorded from an ordinary function.
import {
  add,
  array,
  type DType,
  type HostArray,
  less,
  matmul,
  mul,
  record,
  scan,
  select,
  sub,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import type { Cases } from "./case.ts";
import { sample } from "./samples.ts";

type Step = (
  carry: readonly Tensor[],
  xs: readonly Tensor[],
  constants: readonly Tensor[],
) => readonly [readonly Tensor[], readonly Tensor[]];

interface Loop {
  readonly note: string;
  readonly step: Step;
  readonly constants: readonly HostArray[];
  readonly carry: readonly HostArray[];
  readonly xs: readonly HostArray[];
}

function loops(dtype: DType, length: number): readonly Loop[] {
  const sequence = (shape: readonly number[], seed = 1): HostArray => sample([length, ...shape], dtype, { seed });
  return [
    {
      note: "running sum",
      step: ([c], [x]) => [[add(c!, x!)], [add(c!, x!)]],
      constants: [],
      carry: [sample([], dtype)],
      xs: [sequence([])],
    },
    {
      note: "carry only",
      step: ([c]) => [[mul(c!, 0.5)], []],
      constants: [],
      carry: [sample([7], dtype)],
      xs: [],
    },
    {
      note: "outputs only",
      step: (_, [x, z]) => [[], [mul(x!, z!), sub(x!, z!)]],
      constants: [],
      carry: [],
      xs: [sequence([3]), sequence([3], 2)],
    },
    {
      note: "recurrent layer",
      step: ([h], [x], [w, u, b]) => {
        const next = tanh(add(add(matmul(x!, w!), matmul(h!, u!)), b!));
        return [[next], [next]];
      },
      constants: [
        sample([3, 5], dtype),
        sample([5, 5], dtype, { seed: 2, low: -0.5, high: 0.5 }),
        sample([5], dtype, { seed: 3 }),
      ],
      carry: [sample([2, 5], dtype)],
      xs: [sequence([2, 3])],
    },
    {
      note: "carries that swap, one passed through, an output that is an input",
      step: ([a, b, c], [x]) => [
        [b!, add(a!, x!), c!],
        [x!, a!, b!, a!],
      ],
      constants: [],
      carry: [sample([3], dtype), sample([3], dtype, { seed: 2 }), sample([2, 2], dtype)],
      xs: [sequence([3])],
    },
    {
      note: "a condition in the carry and a counter",
      step: ([flag, count, x], [step]) => [
        [less(x!, 0), add(count!, 1), select(flag!, add(x!, step!), sub(x!, step!))],
        [count!, flag!],
      ],
      constants: [],
      carry: [array([true, false, true]), sample([], "i32"), sample([3], dtype)],
      xs: [sequence([3])],
    },
    {
      note: "nested",
      step: ([c], [x], [k]) => {
        const [inner, ys] = scan((s: Tensor, v: Tensor) => [tanh(add(mul(s, k!), v)), mul(s, v)] as const, c!, x!);
        return [[inner as Tensor], [ys]];
      },
      constants: [sample([], dtype)],
      carry: [sample([], dtype)],
      xs: [sequence([4])],
    },
  ];
}

/** Cases of scan. */
export const scanCases = (): Cases<"scan"> =>
  (["f32", "f64"] as const).flatMap((dtype) =>
    [0, 1, 5].flatMap((length) =>
      loops(dtype, length).flatMap(({ note, step, constants, carry, xs }) => {
        const slices = xs.map((x) => ({ shape: x.shape.slice(1), dtype: x.dtype }));
        const { program: body } = record(
          (fixed: readonly Tensor[], state: readonly Tensor[], slice: readonly Tensor[]) => step(state, slice, fixed),
          constants,
          carry,
          slices,
        );
        return [false, true].map((reverse) => ({
          params: { body, length, consts: constants.length, carry: carry.length, reverse },
          inputs: [...constants, ...carry, ...xs],
          note: `${dtype} ${note}, ${length} steps${reverse ? " in reverse" : ""}`,
        }));
      }),
    ),
  );
