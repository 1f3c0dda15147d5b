// Loops of random programs: what a step changes, replaces, hands on as it is or in another's place, or never reads; and loops over many rows.
import {
  add,
  asTensor,
  type DType,
  isFloat,
  matmul,
  mean,
  mul,
  neg,
  not,
  reshape,
  reverse,
  type Shape,
  scan,
  sigmoid,
  sizeOf,
  sliceAxis,
  softmax,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  xor,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import { type Draw, type Drawn, fitted } from "./draw.ts";

/** Adds so many values to what has been drawn. @param loops how deep loops may lie in one another */
export type Grow = (draw: Draw, count: number, loops: number) => void;

/** What a step does with a carry: those that are `moved` come in each other's places. */
type Fate = "changed" | "replaced" | "kept" | "moved";

interface Carry {
  readonly start: Drawn;
  readonly fate: Fate;
}

/** Made by what is not looked into. */
const made = (tensor: Tensor): Drawn => ({ tensor, exact: isFloat(tensor.dtype) ? 0 : 1 });

const literal = (draw: Draw, shape: Shape, dtype: DType = draw.dtype): Tensor =>
  asTensor(sample(shape, dtype, { seed: draw.below(1000) }));

/** Another of the same shape and dtype, with other numbers. */
function twinOf(draw: Draw, { tensor, exact }: Drawn): Drawn {
  if (isFloat(tensor.dtype)) return { tensor: neg(tensor), exact };
  return made(tensor.dtype === "bool" ? not(tensor) : fitted(draw, tensor.shape, tensor.dtype));
}

/** Gives each a fate, and what is moved one to change places with. */
const carriesOf = (draw: Draw, starts: readonly Drawn[]): Carry[] =>
  starts.flatMap((start): Carry[] => {
    const fate = draw.of<Fate>(["changed", "changed", "changed", "replaced", "kept", "moved"]);
    return (fate === "moved" ? [start, twinOf(draw, start)] : [start]).map((each) => ({ start: each, fate }));
  });

/** The carries that come in each other's places, in turn: itself alone where it is kept, none where it is made anew. */
function circleOf(carries: readonly Carry[], i: number): readonly number[] {
  const kind = ({ fate, start: { tensor } }: Carry): string => `${fate} ${tensor.dtype} ${tensor.shape}`;
  const { fate } = carries[i]!;
  if (fate === "kept") return [i];
  return fate === "moved" ? [...carries.keys()].filter((k) => kind(carries[k]!) === kind(carries[i]!)) : [];
}

/** What is handed on is as exact as what it may have been. */
const inLoop = (carries: readonly Carry[], tensors: readonly Tensor[]): Drawn[] =>
  tensors.map((tensor, i) => {
    const circle = circleOf(carries, i);
    return circle.length === 0
      ? made(tensor)
      : { tensor, exact: Math.min(...circle.map((k) => carries[k]!.start.exact)) };
  });

/** The carries of the next step. @param anew of those that are not handed on */
const nextOf = (
  carries: readonly Carry[],
  tensors: readonly Tensor[],
  anew: (tensor: Tensor, fate: Fate, i: number) => Tensor,
): Tensor[] =>
  tensors.map((tensor, i) => {
    const circle = circleOf(carries, i);
    return circle.length === 0
      ? anew(tensor, carries[i]!.fate, i)
      : tensors[circle[(circle.indexOf(i) + 1) % circle.length]!]!;
  });

/** Records a loop; what it gives goes to what has been drawn but for the first, which is returned. */
function recorded(
  draw: Draw,
  carries: readonly Carry[],
  xs: readonly Tensor[],
  length: number,
  step: (carry: readonly Tensor[], slices: readonly Tensor[]) => readonly [readonly Tensor[], readonly Tensor[]],
): Drawn {
  const options = { length, reverse: draw.chance(0.3), recompute: draw.chance(0.2) };
  const starts = carries.map(({ start }) => start.tensor);
  const [last, all] = scan(
    (carry: readonly Tensor[], slices: readonly Tensor[]) => step(carry, slices),
    starts,
    xs,
    options,
  );
  const [result, ...others] = draw.shuffled([...all.map(made), ...inLoop(carries, last)]);
  draw.pool.push(...others);
  return result!;
}

/** A loop over the slices of some values, with a body of its own, in which there may be others. */
export function loop(draw: Draw, x: Drawn, loops: number, grow: Grow): Drawn | undefined {
  if (draw.chance(0.4)) return loopOverRows(draw);
  const isSmall = ({ tensor }: Drawn): boolean => sizeOf(tensor.shape) <= 200;
  const outside = draw.pool.filter(isSmall).slice(-3);
  const first = [x, ...Array.from({ length: draw.from(0, 2) }, () => draw.value(isSmall) ?? x)].filter(isSmall);
  if (first.length === 0) return undefined;
  if (draw.chance(0.3)) first.push(made(fitted(draw, [])));
  const carries = draw.shuffled(carriesOf(draw, first));
  const length = draw.of([0, 1, 1, 2, 2, 3, 4, 5, 6, 9, 20]);
  const xs = Array.from({ length: draw.from(0, 2) }, () => {
    const dtype = draw.chance(0.7) ? draw.dtype : draw.of(["i32", "u32", "bool"] as const);
    return fitted(draw, [length, ...draw.shape(draw.from(0, 2), 30)], dtype);
  });
  if (draw.chance(0.1)) xs.push(...xs);
  const body = draw.inner();
  return recorded(draw, carries, xs, length, (carry, slices) => {
    // What is left out is not read.
    body.pool.push(...outside, ...body.some([...inLoop(carries, carry), ...slices.map(made)], 0.8));
    grow(body, body.from(0, 4), loops);
    const next = nextOf(carries, carry, (tensor, fate) => {
      const change = fitted(body, tensor.shape, tensor.dtype);
      if (fate === "replaced") return change;
      if (isFloat(tensor.dtype)) return tanh(add(tensor, mul(change, 0.5)));
      return tensor.dtype === "bool" ? xor(tensor, change) : add(tensor, change);
    });
    const out = (): Tensor =>
      body.chance(0.2) ? literal(body, body.shape(body.from(0, 2), 30)) : body.value()!.tensor;
    return [next, Array.from({ length: body.from(0, 2) }, out)];
  });
}

/** Of an array with rows, another whose rows are made of the same ones alone, but for the last two. */
const alongRows: readonly ((draw: Draw, x: Tensor, other: Tensor) => Tensor)[] = [
  (_, x, other) => tanh(mul(x, other)),
  (_, x) => softmax(x, 1),
  (_, x) => reverse(x, 1),
  (_, x) => sub(x, mean(x, { axes: 1, keepDims: true })),
  (draw, x) => add(mul(x, 0.5), literal(draw, [x.shape[1]!])),
  (_, x) => {
    const [rows, width] = x.shape as [number, number];
    return reshape(transpose(reshape(x, [rows, width / 8, 8]), [0, 2, 1]), [rows, width]);
  },
  (_, x) => reverse(x, 0),
  (_, x) => sub(x, mean(x, { axes: 0, keepDims: true })),
];

/**
 * A recurrent cell over a batch of many rows, or sums over batches, beside carries of other shapes: backends compute such loops by blocks of
 * rows, or several steps at a time.
 */
function loopOverRows(draw: Draw): Drawn {
  const recurs = draw.chance(0.6);
  const [rows, width, gates] = [draw.of([31, 32, 64, 64, 128]), draw.of([16, 32, 40]), draw.from(1, 2)];
  const length = draw.of(recurs ? [1, 2, 2, 3, 5, 8] : [2, 8, 16, 17]);
  const weights = mul(fitted(draw, [width, gates * width]), width ** -0.5);
  const start = fitted(draw, [rows, width]);
  const beside = draw.some<Shape>([[], [], [rows], [rows, 3], [width], [rows / 2], [rows, width]], 0.25);
  const dtypes = [draw.dtype, draw.dtype, "i32", "bool"] as const;
  const carries: Carry[] = [
    { start: made(start), fate: "changed" },
    ...carriesOf(
      draw,
      beside.map((shape) => made(fitted(draw, shape.map(Math.ceil), draw.of(dtypes)))),
    ),
  ];
  const at = draw.chance(0.2) ? carries.length - 1 : 0;
  carries.push(...carries.splice(0, carries.length - at));
  const others = draw.some<Shape>([[rows, gates * width], [gates * width], [rows, 1], []], 0.4);
  const xs = [[rows, width], ...others].map((shape) => fitted(draw, [length, ...shape]));
  const body = draw.inner();
  return recorded(draw, carries, xs, length, (carry, [batch, ...slices]) => {
    const h = carry[at]!;
    const product = slices.reduce((sum, slice) => add(sum, slice), matmul(recurs ? h : batch!, weights));
    const gate = (i: number): Tensor => sliceAxis(product, 1, width * (i % gates), width * ((i % gates) + 1));
    const kept = recurs ? mul(sigmoid(gate(1)), h) : mul(h, 0.75);
    const changed = body.some(alongRows, 0.1).reduce((x, change) => change(body, x, batch!), tanh(gate(0)));
    const state = mul(add(kept, changed), 0.5);
    const next = nextOf(carries, carry, (tensor, fate, i) => {
      if (i === at) return state;
      if (fate === "replaced" && String(tensor.shape) === String([rows, width]) && tensor.dtype === h.dtype) return h;
      if (fate === "replaced") return literal(body, tensor.shape, tensor.dtype);
      if (tensor.dtype === "bool") return not(tensor);
      if (!isFloat(tensor.dtype)) return add(tensor, 1);
      return tensor.shape.length === 1 && tensor.shape[0] === rows
        ? mul(add(tensor, sum(state, { axes: 1 })), 1 / width)
        : tanh(add(tensor, 0.25));
    });
    const outs = [state, h, product, start, batch!, ...carry, ...slices, literal(body, [3])];
    return [next, body.some(outs, 0.2)];
  });
}
