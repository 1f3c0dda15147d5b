// What the shape rules refuse, by message.
import { describe, expect, it } from "vitest";
import type { DType, Shape } from "../array.ts";
import { Program } from "../program.ts";
import type { PrimitiveName } from "./params.ts";
import { inferOutputs } from "./table.ts";

type Operand = readonly [dtype: DType, ...shape: number[]];
const pool = {
  window: [2, 2],
  stride: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
};
const conv = {
  stride: [1, 1],
  dilation: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  groups: 1,
};
const image: Operand = ["f32", 1, 4, 4, 3];

const cases: [primitive: PrimitiveName, inputs: readonly Operand[], params: object, message: string][] = [
  ["exp", [["i32", 3]], {}, "exp: received i32[3]; it takes f32, f64."],
  ["exp", [], {}, "exp: received 0 inputs; it takes 1."],
  ["not", [["f32", 3]], {}, "not: received f32[3]; it takes bool, i32, u32."],
  [
    "add",
    [
      ["f32", 3],
      ["f32", 4],
    ],
    {},
    "add: received f32[3] and f32[4]; shapes and dtypes must agree.",
  ],
  [
    "add",
    [
      ["f32", 3],
      ["f64", 3],
    ],
    {},
    "add: received f32[3] and f64[3]",
  ],
  [
    "add",
    [
      ["bool", 3],
      ["bool", 3],
    ],
    {},
    "add: received bool[3]; it takes f32, f64, i32, u32.",
  ],
  ["shiftLeft", [["f32"], ["f32"]], {}, "shiftLeft: received f32[]; it takes i32, u32."],
  [
    "select",
    [
      ["f32", 3],
      ["f32", 3],
      ["f32", 3],
    ],
    {},
    "select: received f32[3]; it takes bool.",
  ],
  [
    "select",
    [
      ["bool", 2],
      ["f32", 3],
      ["f32", 3],
    ],
    {},
    "shapes and dtypes must agree",
  ],
  ["known", [["f32"]], { of: "f", slopes: [] }, "known: received no derivative of f; it takes one for each operand."],
  ["known", [["f32"], ["f32", 2]], { of: "f", slopes: [1] }, "known: received f32[] and f32[2]; shapes and dtypes"],
  ["known", [["i32"], ["i32"]], { of: "f", slopes: [1] }, "known: received i32[]; it takes f32 or f64."],
  ["convert", [], { dtype: "f32" }, "convert: received 0 inputs"],
  ["full", [], { value: 2.5, shape: [], dtype: "i32" }, "full: received 2.5, which is not a value of i32."],
  ["full", [], { value: -1, shape: [], dtype: "u32" }, "full: received -1, which is not a value of u32."],
  ["full", [], { value: 2, shape: [], dtype: "bool" }, "full: received 2, which is not a value of bool."],
  ["full", [], { value: 2, shape: [-1], dtype: "f32" }, "full: received the shape [-1]; dimensions are whole"],
  ["iota", [], { shape: [3], axis: 1, dtype: "i32" }, "iota: axis 1 does not exist in i32[3]."],
  ["iota", [], { shape: [3], axis: 0, dtype: "bool" }, "iota: received bool[3]; it takes f32, f64, i32, u32."],
  ["randomBits", [["u32", 3]], { shape: [2] }, "randomBits: received u32[3] as the key; a key is u32[2]"],
  ["foldKey", [["u32", 2], ["i32"]], {}, "foldKey: received i32[] as data; it takes u32[]."],
  [
    "reshape",
    [["f32", 2, 3]],
    { shape: [4] },
    "reshape: received f32[2, 3] and the shape [4]; both must hold 6 elements.",
  ],
  ["reshape", [["f32", 6]], { shape: [-2, -3] }, "dimensions are whole and not negative"],
  [
    "transpose",
    [["f32", 2, 3]],
    { permutation: [0, 0] },
    "transpose: [0, 0] is not a permutation of the axes of f32[2, 3].",
  ],
  ["broadcast", [["f32", 3]], { shape: [2, 4], axes: [1] }, "broadcast: f32[3] on axes [1] does not fit [2, 4]."],
  ["broadcast", [["f32", 3, 2]], { shape: [2, 3], axes: [1, 0] }, "axes [1, 0] must increase"],
  [
    "slice",
    [["f32", 3]],
    { start: [1], limit: [4], strides: [1] },
    "slice: 1 to 4 by 1 does not fit axis 0 of f32[3].",
  ],
  [
    "slice",
    [["f32", 3]],
    { start: [1, 1], limit: [2], strides: [1] },
    "a parameter of 2 entries; it takes one entry per axis",
  ],
  [
    "pad",
    [["f32", 3]],
    { low: [-1], high: [0], interior: [0], value: 0 },
    "pad: low [-1], high [0], interior [0]: amounts",
  ],
  ["concat", [], { axis: 0 }, "concat: received no arrays"],
  [
    "concat",
    [
      ["f32", 2, 3],
      ["f32", 2, 4],
    ],
    { axis: 0 },
    "sizes off axis 0, must agree",
  ],
  ["reverse", [["f32", 3]], { axes: [1] }, "reverse: axis 1 does not exist in f32[3]."],
  ["sum", [["bool", 3]], { axes: [0] }, "sum: received bool[3]; it takes f32, f64, i32, u32."],
  ["max", [["f32", 0, 3]], { axes: [0] }, "max: received f32[0, 3]; an empty axis has no max."],
  ["argMax", [["f32", 0]], { axis: 0 }, "an empty axis has no maximum"],
  [
    "dot",
    [
      ["f32", 2, 3],
      ["f32", 4, 5],
    ],
    { transposeA: false, transposeB: false },
    "dot: received f32[2, 3] and f32[4, 5]; inner dimensions must agree, but are 3 and 4.",
  ],
  [
    "dot",
    [
      ["f32", 2, 3],
      ["f32", 4, 5],
    ],
    { transposeA: true, transposeB: false },
    "f32[2, 3]ᵀ and f32[4, 5]; inner dimensions must agree, but are 2 and 4.",
  ],
  [
    "dot",
    [
      ["f32", 3],
      ["f32", 3],
    ],
    { transposeA: false, transposeB: false },
    "ranks (2 or more) and dtypes must agree",
  ],
  [
    "dot",
    [
      ["f32", 2, 3, 4],
      ["f32", 3, 4, 5],
    ],
    { transposeA: false, transposeB: false },
    "leading axes must agree",
  ],
  [
    "conv",
    [image, ["f32", 3, 3, 2, 5]],
    conv,
    "conv: received f32[1, 4, 4, 3] and the kernel f32[3, 3, 2, 5] in 1 group(s)",
  ],
  [
    "conv",
    [image, ["f32", 5, 3, 3, 5]],
    conv,
    "conv: a window of 5 does not fit axis 1 of f32[1, 4, 4, 3] with padding [0,0].",
  ],
  [
    "conv",
    [image, ["f32", 3, 3, 3, 5]],
    { ...conv, stride: [0, 1] },
    "stride [0,1] and dilation [1,1] must be whole numbers of at least 1",
  ],
  ["conv", [image, ["f32", 3, 3, 3, 5]], { ...conv, stride: [1] }, "a parameter of 1 entries for 2 spatial dimensions"],
  [
    "conv",
    [image, ["f32", 3, 3, 3, 5]],
    {
      ...conv,
      padding: [
        [-1, 0],
        [0, 0],
      ],
    },
    "must be whole and not negative",
  ],
  [
    "conv",
    [
      ["f32", 2, 3],
      ["f32", 3, 3],
    ],
    conv,
    "one to three spatial dimensions",
  ],
  [
    "convInputGradient",
    [
      ["f32", 1, 2, 2, 5],
      ["f32", 3, 3, 3, 5],
    ],
    { ...conv, spatial: [5, 4] },
    "received the cotangent f32[1, 2, 2, 5]; an input of f32[1, 5, 4, 3] yields [1, 3, 2, 5]",
  ],
  [
    "convKernelGradient",
    [
      ["f32", 1, 5, 5],
      ["f32", 1, 4, 2],
    ],
    { stride: [1], dilation: [1], padding: [[0, 0]], groups: 2, spatial: [2] },
    "groups must divide",
  ],
  [
    "maxPool",
    [image],
    {
      ...pool,
      padding: [
        [2, 0],
        [0, 0],
      ],
    },
    "maxPool: padding [2, 0] on axis 1 is not smaller than the window of 2.",
  ],
  ["maxPool", [["i32", 1, 4, 4, 3]], pool, "maxPool: received i32[1, 4, 4, 3]; it takes f32 or f64."],
  [
    "poolGather",
    [image, ["i32", 1, 4, 4, 3]],
    pool,
    "poolGather: received the index i32[1, 4, 4, 3]; it takes i32[1, 3, 3, 3].",
  ],
  [
    "sumPoolTranspose",
    [image],
    { ...pool, spatial: [4, 4] },
    "sumPoolTranspose: received f32[1, 4, 4, 3]; pooling f32[1, 4, 4, 3] yields [1, 3, 3, 3].",
  ],
  [
    "gather",
    [
      ["f32", 3],
      ["f32", 2],
    ],
    { axis: 0 },
    "gather indices: received f32[2]; it takes i32.",
  ],
  [
    "gather",
    [
      ["f32", 3],
      ["i32", 2],
    ],
    { axis: 1 },
    "gather: axis 1 does not exist in f32[3].",
  ],
  [
    "scatterAdd",
    [
      ["i32", 2],
      ["f32", 3],
    ],
    { axis: 0, size: 4 },
    "scatterAdd: received updates f32[3]; axes 0 onward must be those of the indices i32[2].",
  ],
  ["cumsum", [["f32", 3]], { axis: -1, reverse: false }, "cumsum: axis -1 does not exist"],
  ["sort", [["bool", 3]], { axis: 0 }, "sort: received bool[3]"],
  [
    "scan",
    [["f32", 3]],
    { body: new Program([], [], []), length: 1, consts: 0, carry: 0, reverse: false },
    "scan: received 1 inputs; its body takes 0.",
  ],
  [
    "scan",
    [["f32", 3]],
    { body: new Program([{ shape: [], dtype: "f32" }], [], []), length: 4, consts: 0, carry: 0, reverse: false },
    "scan: received f32[3] as input 0; it takes f32[4].",
  ],
];

describe("shape rules", () => {
  it.each(cases)("%s of %j with %j", (primitive, inputs, params, message) => {
    const avals = inputs.map(([dtype, ...shape]) => ({ dtype, shape: shape as Shape }));
    expect(() => inferOutputs(primitive, avals, params as never)).toThrow(message);
  });
});
