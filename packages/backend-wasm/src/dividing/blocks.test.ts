// Kernels in blocks: the same bits in any order of blocks and on any number of threads, those of kernel by kernel where nothing is summed over blocks; and
// which programs have them.
import {
  add,
  concat,
  div,
  exp,
  grad,
  matmul,
  max,
  mean,
  mul,
  type Program,
  reshape,
  sliceAxis,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { WasmBackend } from "../backend.ts";
import { explainingBackend } from "../explain/index.ts";
import { BackwardsBackend } from "../threads/backwards.fixture.ts";
import { digestOf, results } from "../threads/large.fixture.ts";
import { keepsBits } from "./products.ts";
import { type Fn, programOf, type Shapes } from "./program.fixture.ts";

/** How many kernels a program has, and how many of them are computed in blocks. */
async function kernelsOf(program: Program, threads = 2): Promise<{ readonly all: number; readonly inBlocks: number }> {
  const texts: string[] = [];
  const backend = explainingBackend(({ text }) => texts.push(text), { threads });
  (await backend.prepare(program)).free();
  const lines = texts.join("\n").split("\n");
  return { all: lines.length, inBlocks: lines.filter((line) => / in \d blocks with /.test(line)).length };
}

const layers = (count: number, w: Tensor, x: Tensor): Tensor =>
  Array.from({ length: count }).reduce<Tensor>((y) => tanh(matmul(y, w)), x);

/** Rows through layers, and how a sum depends on these rows. */
const there: Fn = (w, x) => {
  const loss = (x: Tensor): Tensor => sum(mul(layers(4, w!, concat([x, mul(x, 0.5)], 1)), 0.1));
  return [layers(4, w!, concat([x!, mul(x!, 0.5)], 1)), grad(loss)(x!)];
};
/** How a sum over rows depends on all that it is made of: gradients of weights need all rows, between kernels in blocks. */
const back: Fn = (w, x) => grad(([w, x]: readonly Tensor[]) => sum(mul(layers(5, w!, x!), 0.1)))([w!, x!]) as never;

const normalized = (x: Tensor): Tensor => {
  const apart = sub(x, mean(x, { axes: -1, keepDims: true }));
  return div(apart, add(mean(mul(apart, apart), { axes: -1, keepDims: true }), 0.1));
};
/** Sequences of a batch that look at themselves, in four heads. */
const attending: Fn = (w, x) => {
  const look = (x: Tensor): Tensor => {
    const heads = (y: Tensor): Tensor => transpose(reshape(y, [8, 48, 4, 16]), [0, 2, 1, 3]);
    const [q, k, v] = [0, 1, 2].map((i) => heads(matmul(normalized(x), sliceAxis(w!, 1, 64 * i, 64 * (i + 1)))));
    const scores = matmul(q!, transpose(k!, [0, 1, 3, 2]));
    const weights = exp(sub(scores, max(scores, { axes: -1, keepDims: true })));
    const seen = matmul(div(weights, sum(weights, { axes: -1, keepDims: true })), v!);
    return add(x, reshape(transpose(seen, [0, 2, 1, 3]), [8, 48, 64]));
  };
  return [look(look(x!)), grad((x: Tensor) => sum(look(look(x))))(x!)];
};

const programs: readonly (readonly [string, Fn, Shapes])[] = [
  [
    "rows there and back",
    there,
    [
      [40, 40],
      [400, 20],
    ],
  ],
  [
    "rows that no vector divides",
    there,
    [
      [42, 42],
      [424, 21],
    ],
  ],
  [
    "sums over rows between them",
    back,
    [
      [40, 40],
      [400, 40],
    ],
  ],
  [
    "attention",
    attending,
    [
      [64, 192],
      [8, 48, 64],
    ],
  ],
];

describe.each(["f32", "f64"] as const)("the same bits, %s", (dtype) => {
  const backends = [
    ...[1, 2, 3].map((threads) => new WasmBackend({ threads })),
    new BackwardsBackend({ threads: 2 }),
    new BackwardsBackend({ threads: 5 }),
  ];
  test.each(programs)("%s", async (_, fn, shapes) => {
    const program = programOf(fn, dtype, ...shapes);
    const { all, inBlocks } = await kernelsOf(program);
    expect(inBlocks).toBeGreaterThan(all / 3);
    const found = await Promise.all(backends.map((backend) => results(backend, program, 2)));
    const digests = found.flat().map(digestOf);
    if (fn !== back) {
      const [whole] = await results(new WasmBackend({ threads: 1 }, 1e12), program, 1);
      digests.push(digestOf(whole!));
    }
    expect(new Set(digests).size).toBe(1);
  });
});

it.each([
  ["rows of tiles", { m: 512, n: 64, k: 64 }, true],
  ["dot products, which are such in blocks, too", { m: 128, n: 1, k: 72 }, true],
  ["dot products, which are few rows in blocks", { m: 128, n: 1, k: 48 }, false],
  ["sums of partial products", { m: 128, n: 32, k: 4096 }, false],
])("the bits of products, %s", (_, sizes, kept) => {
  const problem = { ...sizes, transposeA: false, transposeB: false, dtype: "f32" } as const;
  expect(keepsBits({ fineness: 1, whole: false }, problem, 4)).toBe(kept);
});

describe("kernel by kernel", () => {
  const deep: Fn = (w, x) => layers(6, w!, x!);
  it.each<[string, Shapes, number]>([
    [
      "where there is little to do",
      [
        [40, 40],
        [40, 40],
      ],
      2,
    ],
    [
      "where the rows cannot be divided by four",
      [
        [40, 40],
        [1002, 40],
      ],
      2,
    ],
    [
      "where weights are many",
      [
        [400, 400],
        [400, 400],
      ],
      2,
    ],
    [
      "on one thread",
      [
        [40, 40],
        [1000, 40],
      ],
      1,
    ],
  ])("%s", async (_, shapes, threads) => {
    expect((await kernelsOf(programOf(deep, "f32", ...shapes), threads)).inBlocks).toBe(0);
  });
});
