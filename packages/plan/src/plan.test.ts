// What becomes one loop, what becomes a view, and what is computed in place.
import {
  add,
  array,
  concat,
  exp,
  grad,
  less,
  matmul,
  mul,
  optimize,
  type Program,
  pack,
  record,
  reshape,
  select,
  slice,
  sliceAxis,
  sub,
  sum,
  type Tensor,
  transpose,
  unpack,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { epiloguesOf } from "./epilogues/index.ts";
import type { Plan } from "./kernel.ts";
import { Layout } from "./layout.ts";
import type { PlanParts } from "./parts.ts";
import { planProgram } from "./plan.ts";
import { platform } from "./platform.fixture.ts";
import type { Platform } from "./platform.ts";
import { bySlices } from "./scan/slices.ts";

type Fn = (...tensors: Tensor[]) => unknown;
const zerosOf = (...shape: number[]) => array(new Float32Array(shape.reduce((a, b) => a * b, 1)), { shape });

function planOf(
  fn: Fn,
  shapes: readonly number[][],
  donate: readonly (number | null)[] = [],
  parts: PlanParts = {},
): Plan {
  const program = optimize(record(fn as never, ...(shapes.map((shape) => zerosOf(...shape)) as never[])).program);
  const layout = new Layout(platform);
  const place = () => layout.behind(layout.reserve(4), false);
  const targets = program.outputs.map((_, i) => {
    const input = donate[i];
    return typeof input === "number" ? { place: place(), donated: program.inputs[input]! } : { place: place() };
  });
  return planProgram(program, layout, program.inputs.map(place), targets, parts);
}

const summary = ({ kernels, copies }: Plan): string =>
  [
    ...kernels.map((kernel) => {
      if (kernel.kind === "pointwise") return `loop(${kernel.nodes.map(({ primitive }) => primitive).join(" ")})`;
      if (kernel.kind === "reduction")
        return `${kernel.node.primitive}(${kernel.nodes.map(({ primitive }) => primitive).join(" ")})`;
      const { nodes = [], stores = [] } = kernel.kind === "routine" ? kernel : {};
      const names = nodes.map(({ primitive }) => primitive);
      const several = stores.length > 1 ? `: ${stores.length} stores` : "";
      return [kernel.node.primitive, ...(names.length === 0 ? [] : [`(${names.join(" ")}${several})`])].join("");
    }),
    ...copies.map(() => "copy"),
  ].join(", ");

describe("epilogues of products", () => {
  const square = [4, 4];
  const epilogues = epiloguesOf(new Set(["dot"]));
  it.each<[string, Fn, number[][], string, (number | null)[]?]>([
    ["take in what follows", (x, w, b) => exp(add(matmul(x!, w!), b!)), [square, square, [4]], "dot(add exp)"],
    [
      "store what others read, too",
      (x, w) => {
        const y = matmul(x!, w!);
        return [mul(y, 2), matmul(y, y)];
      },
      [square, square],
      "dot(mul: 2 stores), dot",
    ],
    [
      "go through a reshape, in one shape",
      (x, w, b) => exp(add(reshape(matmul(x!, w!), [2, 2, 4]), b!)),
      [square, square, [4]],
      "dot(add exp)",
    ],
    ["are written where their result is donated", (x, w) => sub(w!, matmul(x!, x!)), [square, square], "dot(sub)", [1]],
    [
      "do not overwrite what the product reads",
      (x, w) => sub(w!, matmul(x!, w!)),
      [square, square],
      "dot(sub), copy",
      [1],
    ],
    [
      "end before what they have computed is reshaped",
      (x, w) => mul(reshape(exp(matmul(x!, w!)), [2, 8]), 2),
      [square, square],
      "dot(exp), loop(mul)",
    ],
    ["read no transposed element", (x, w) => add(transpose(matmul(x!, w!)), 1), [square, square], "dot, loop(add)"],
    [
      "come after all that they read",
      (x, w) => {
        const [y, z] = [matmul(x!, w!), matmul(w!, x!)];
        return add(mul(y, 2), exp(z));
      },
      [square, square],
      "dot, dot(mul exp add)",
    ],
  ])("%s", (_, fn, shapes, expected, donate = []) => {
    expect(summary(planOf(fn, shapes, donate, { epilogues }))).toBe(expected);
  });
});

describe("planning", () => {
  const square = [4, 4];
  it.each<[string, Fn, number[][], string]>([
    ["a chain is one loop", (x) => exp(mul(add(x!, 1), 2)), [square], "loop(add mul exp)"],
    [
      "two results share a loop",
      (x, y) => {
        const s = add(x!, y!);
        return [mul(s, x!), exp(s)];
      },
      [square, square],
      "loop(add mul exp)",
    ],
    ["a chain for one reduction is computed inside it", (x) => sum(mul(exp(x!), 2)), [square], "sum(exp mul)"],
    [
      "a chain needed elsewhere is stored once",
      (x) => {
        const e = exp(x!);
        return [sum(e), e];
      },
      [square],
      "loop(exp), sum()",
    ],
    ["views cost nothing in loops", (x) => add(transpose(x!), 1), [square], "loop(add)"],
    [
      "views of rows cost nothing in products",
      (x, y) => matmul(slice(x!, [2, 0], [4, 4]), y!),
      [square, square],
      "dot",
    ],
    [
      "a scattered operand is copied for a product",
      (x, y) => matmul(slice(x!, [0, 0], [4, 2]), slice(y!, [0, 0], [2, 4])),
      [square, square],
      "loop(), dot",
    ],
    [
      "parts of an array are stored where they belong",
      (x) => concat([exp(x!), mul(x!, 2)], 1),
      [[4, 64]],
      "loop(exp mul)",
    ],
    [
      "but are copied there where their rows are short",
      (x) => concat([exp(x!), mul(x!, 2)], 1),
      [square],
      "loop(exp mul), loop(), loop()",
    ],
    ["an output that is a view is copied", (x) => transpose(x!), [[2, 3]], "loop()"],
    ["an input passed through is copied", (x) => x!, [square], "copy"],
    [
      "a reshape of a scattered view copies once",
      (x) => add(reshape(transpose(x!), [6]), 1),
      [[2, 3]],
      "loop(), loop(add)",
    ],
  ])("%s", (_, fn, shapes, expected) => expect(summary(planOf(fn, shapes))).toBe(expected));

  it("ends a long loop behind its functions, whichever is needed first", () => {
    const long: Fn = (x) => {
      const y = exp(add(x!, 1));
      let power = y;
      for (let i = 0; i < 23; i++) power = mul(power, add(y, i));
      return [power, y];
    };
    const rest = new Array(22).fill("add mul").join(" ");
    expect(summary(planOf(long, [square]))).toBe(`loop(add exp), loop(mul ${rest})`);
    expect(summary(planOf((x) => (long(x!) as Tensor[]).toReversed(), [square]))).toBe(
      `loop(add exp), loop(mul ${rest})`,
    );
  });
  it("has arrays of whole pages begin at different places of a page", () => {
    const products: Fn = (x) => [1, 2, 3, 4].map((factor) => exp(matmul(mul(x!, factor), x!)));
    const plan = planOf(products, [[64, 64]]);
    const offsets = [...plan.places.values()].flatMap((place) => (place.kind === "workspace" ? [place.offset] : []));
    expect(offsets.length).toBeGreaterThan(4);
    expect(new Set(offsets.map((offset) => offset % 4096)).size).toBe(new Set(offsets).size);
  });

  it("updates donated inputs in place where nothing reads them later", () => {
    const step: Fn = (w, x) => add(w!, grad((v: Tensor) => sum(mul(matmul(x!, v), 2)))(w!));
    expect(summary(planOf(step, [square, square], [0]))).not.toContain("copy");
  });
  it("copies at the end where a donated input is still read, or read out of step", () => {
    const both: Fn = (w) => {
      const next = add(w!, 1);
      return [next, matmul(next, w!)];
    };
    expect(summary(planOf(both, [square], [0, null]))).toBe("loop(add), dot, copy");
    expect(summary(planOf((w) => [add(w!, 1), exp(w!)], [square], [0, null]))).toBe("loop(add exp)");
    expect(summary(planOf((w) => add(transpose(w!), 1), [square], [0]))).toBe("loop(add), copy");
    expect(summary(planOf((a, b) => [b!, a!], [square, square], [0, 1]))).toBe("copy, copy");
  });
  it("copies what was before all else where it is an output, too", () => {
    const { kernels, copies } = planOf((w) => [add(exp(w!), 1), w!], [square], [0, null]);
    expect(kernels).toHaveLength(1);
    expect(copies).toMatchObject([{ first: true, stage: undefined }]);
  });
});

describe("slices of what a loop computes", () => {
  const sliced = (fn: Fn, ...shapes: readonly number[][]): string => {
    const { program } = record(fn as never, ...(shapes.map((shape) => zerosOf(...shape)) as never[]));
    return summaryOf(bySlices(optimize(program)));
  };
  const summaryOf = ({ nodes }: Program): string =>
    nodes.map(({ primitive, outputs: [output] }) => `${primitive} ${output!.shape.join("x")}`).join(", ");
  const half = (x: Tensor, index: number): Tensor => sliceAxis(x, 1, 2 * index, 2 * index + 2);

  it("are computed slice by slice, with what they are computed from", () => {
    const gates: Fn = (x, y) => {
      const sums = exp(add(x!, y!));
      return mul(half(sums, 0), half(sums, 1));
    };
    const one = "slice 3x2, slice 3x2, add 3x2, exp 3x2";
    expect(sliced(gates, [3, 4], [3, 4])).toBe(`${one}, ${one}, mul 3x2`);
  });
  it("are computed so behind any number of operations", () => {
    const chain: Fn = (x) => {
      let y = x!;
      for (let i = 0; i < 20_000; i++) y = add(y, x!);
      return mul(half(y, 0), half(y, 1));
    };
    const { nodes } = bySlices(record(chain as never, zerosOf(3, 4) as never).program);
    expect(nodes.filter(({ primitive }) => primitive === "add")).toHaveLength(40_000);
    expect(nodes.every(({ outputs: [output] }) => output!.shape.join("x") === "3x2")).toBe(true);
  });
  it.each<[string, Fn]>([
    ["the whole is read as well", (x) => [exp(x!), half(exp(x!), 0)]],
    [
      "they overlap",
      (x) => {
        const y = exp(x!);
        return add(sliceAxis(y, 1, 0, 3), sliceAxis(y, 1, 1, 4));
      },
    ],
  ])("are read from the whole where %s", (_, fn) => expect(sliced(fn, [3, 4])).toContain("exp 3x4"));
});

it("what is packed is read by loops and reductions where it lies, and not before it is unpacked", () => {
  const fn: Fn = (x) => {
    const row = sum(x!, { axes: 0 });
    const first = add(x!, row);
    const words = pack(first);
    const product = matmul(first, first);
    const back = unpack(words, [4, 4], "f32");
    // Reads what the first loop reads, which could have computed it, and kept it, from the beginning on.
    return [matmul(add(transpose(back), row), product), sum(mul(back, 2))];
  };
  expect(summary(planOf(fn, [[4, 4]]))).toBe("sum(), loop(add), pack, dot, loop(add), dot, sum(mul)");
});

describe("platforms", () => {
  const chain = (length: number) =>
    optimize(
      record((x: Tensor) => Array.from({ length }).reduce((y: Tensor) => mul(add(y, x), y), x), zerosOf(100)).program,
    );
  const planFor = (program: Program, alike: Partial<Platform>): { plan: Plan; layout: Layout } => {
    const layout = new Layout({ ...platform, ...alike });
    const place = () => layout.behind(layout.reserve(4), false);
    const targets = program.outputs.map(() => ({ place: place() }));
    return { plan: planProgram(program, layout, program.inputs.map(place), targets), layout };
  };
  const sizesOf = ({ kernels }: Plan): number[] =>
    kernels.map((kernel) => (kernel.kind === "pointwise" ? kernel.nodes.length : 0));

  it("say how many operations a loop may have", () => {
    expect(sizesOf(planFor(chain(50), { largestLoop: 1000 }).plan)).toEqual([100]);
    const { plan } = planFor(chain(50), { largestLoop: 30 });
    expect(Math.max(...sizesOf(plan))).toBeLessThanOrEqual(30);
    expect(sizesOf(plan).reduce((sum, size) => sum + size, 0)).toBe(100);
  });

  it("say where arrays may begin, and what elements take", () => {
    const flags = record((x: Tensor) => matmul(select(less(x, 0), x, 1), x), zerosOf(3, 3)).program;
    const { plan, layout } = planFor(flags, { alignment: 256 });
    expect(
      [...plan.places.values()].filter(({ kind }) => kind === "workspace").map(({ offset }) => offset % 256),
    ).toEqual([0]);
    expect(layout.bytes % 256).toBe(0);
    const wide = new Layout({ ...platform, elementBytes: { ...platform.elementBytes, bool: 4 } });
    expect(wide.bytesOf({ shape: [3, 3], dtype: "bool" })).toBe(36);
  });

  it("say from which length on rows of parts are written by the loop that computes them", () => {
    const joined = record((x: Tensor) => concat([exp(x), x], 1), zerosOf(4, 8)).program;
    expect(sizesOf(planFor(joined, { shortestRow: 8 }).plan)).toEqual([1, 0]);
    expect(sizesOf(planFor(joined, { shortestRow: 9 }).plan)).toEqual([1, 0, 0]);
  });
});
