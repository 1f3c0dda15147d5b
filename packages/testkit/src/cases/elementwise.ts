// Cases of the elementwise primitives: every dtype each accepts, special values, empty and odd sizes.
import { type DType, fullLike, type HostArray, type None, type PrimitiveName, type Shape } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { largeIntegers, sample, shapesByRank, specialPairs, specials, ties } from "./samples.ts";

type Types = readonly DType[];
const floats: Types = ["f32", "f64"];
const integers: Types = ["i32", "u32"];
const numeric: Types = [...floats, ...integers];
const bits: Types = [...integers, "bool"];
const everything: Types = [...numeric, "bool"];

const none: None = {};
const shapes: readonly Shape[] = [[0], [1], [3], [7], [17], [33], [2, 0, 3], [5, 13], [2, 3, 4, 5], ...shapesByRank];

type Entry = { readonly params: None; readonly inputs: readonly HostArray[]; readonly note: string };

/** One operand; `domain` keeps random values where the function is well conditioned. */
function unary(types: Types, domain: { low?: number; high?: number } = {}): readonly Entry[] {
  return types.flatMap((dtype) => [
    ...shapes.map((shape) => ({
      params: none,
      inputs: [sample(shape, dtype, dtype === "f32" || dtype === "f64" ? domain : {})],
      note: `${dtype}[${shape}]`,
    })),
    { params: none, inputs: [specials(dtype)], note: `special values of ${dtype}` },
  ]);
}

function binary(types: Types, domain: { low?: number; high?: number } = {}): readonly Entry[] {
  return types.flatMap((dtype) => {
    const range = dtype === "f32" || dtype === "f64" ? domain : {};
    return [
      ...shapes.map((shape) => ({
        params: none,
        inputs: [sample(shape, dtype, range), sample(shape, dtype, { ...range, seed: 2 })],
        note: `${dtype}[${shape}]`,
      })),
      { params: none, inputs: specialPairs(dtype), note: `pairs of special values of ${dtype}` },
      ...(dtype === "i32" || dtype === "u32"
        ? [
            {
              params: none,
              inputs: [largeIntegers([33], dtype), largeIntegers([33], dtype, 2)],
              note: `large ${dtype}`,
            },
          ]
        : []),
      ...(dtype === "bool"
        ? []
        : [{ params: none, inputs: [ties([33], dtype), ties([33], dtype)], note: `ties of ${dtype}` }]),
    ];
  });
}

/** Large arguments, where range reduction loses digits if done carelessly. */
const large = (): readonly Entry[] =>
  floats.map((dtype) => ({
    params: none,
    inputs: [sample([257], dtype, { low: -3000, high: 3000 })],
    note: `large ${dtype}`,
  }));

function selection(): readonly Entry[] {
  return everything.flatMap((dtype) => [
    ...shapes.map((shape) => ({
      params: none,
      inputs: [sample(shape, "bool", { seed: 3 }), sample(shape, dtype), sample(shape, dtype, { seed: 2 })],
      note: `${dtype}[${shape}]`,
    })),
    {
      params: none,
      inputs: [sample(specials(dtype).shape, "bool"), specials(dtype), sample(specials(dtype).shape, dtype)],
      note: `special values of ${dtype}`,
    },
  ]);
}

function conversions(): Cases<"convert"> {
  const ranked = shapesByRank.map((shape) => ({
    params: { dtype: "i32" as const },
    inputs: [sample(shape, "f32")],
    note: `f32[${shape}] to i32`,
  }));
  const converted = everything.flatMap((from) =>
    everything.flatMap((dtype) => [
      { params: { dtype }, inputs: [sample([33], from)], note: `${from} to ${dtype}` },
      { params: { dtype }, inputs: [sample([0], from)], note: `empty ${from} to ${dtype}` },
      { params: { dtype }, inputs: [specials(from)], note: `special values of ${from} to ${dtype}` },
    ]),
  );
  return [...converted, ...ranked];
}

/** The value passes; what it is known to be a function of does not matter. */
const known = (): Cases<"known"> =>
  binary(floats).map((entry) => ({ ...entry, params: { of: "negation", slopes: [(x) => fullLike(x, -1)] } }));

const positive = { low: 0.01, high: 20 };

type Elementwise = Extract<PrimitiveName, keyof ReturnType<typeof plain>> | "convert" | "known";

const plain = () => ({
  neg: unary(numeric),
  abs: unary(numeric),
  sign: unary(numeric),
  floor: unary(floats),
  exp: unary(floats, { low: -20, high: 20 }),
  expm1: unary(floats),
  log: unary(floats, positive),
  log1p: unary(floats, { low: -0.9, high: 9 }),
  sin: [...unary(floats, { low: -9, high: 9 }), ...large()],
  cos: [...unary(floats, { low: -9, high: 9 }), ...large()],
  tan: unary(floats, { low: -1.4, high: 1.4 }),
  tanh: unary(floats, { low: -9, high: 9 }),
  sigmoid: unary(floats, { low: -20, high: 20 }),
  erf: unary(floats, { low: -4, high: 4 }),
  sqrt: unary(floats, positive),
  rsqrt: unary(floats, positive),
  not: unary(bits),
  stopGradient: unary(everything),
  add: binary(numeric),
  sub: binary(numeric),
  mul: binary(numeric),
  div: binary(numeric),
  rem: binary(numeric),
  pow: binary(floats, { low: 0.1, high: 5 }),
  maximum: binary(numeric),
  minimum: binary(numeric),
  equal: binary(everything),
  notEqual: binary(everything),
  less: binary(everything),
  lessEqual: binary(everything),
  and: binary(bits),
  or: binary(bits),
  xor: binary(bits),
  shiftLeft: binary(integers),
  shiftRight: binary(integers),
  select: selection(),
});

/** Cases of the elementwise primitives. */
export const elementwiseCases = (): CaseTable<Elementwise> => ({ ...plain(), convert: conversions(), known: known() });
