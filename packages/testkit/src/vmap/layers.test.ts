// Every layer of Hooke's plugins, differentiated row by row: the gradients of each row's own loss in the shared parameters and in the
// row, the derivative along a direction, and the gradient of all those gradients, equal what a loop over the rows gives.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  add,
  asTensor,
  type Backend,
  compile,
  expandDims,
  fullLike,
  grad,
  type HostArray,
  jvp,
  mul,
  square,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  vmap,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { sample } from "../cases/samples.ts";
import { key, type LayerCase, reference, rows, type Setup, setUp, titleOf } from "../layers/case.ts";
import { attentionCases } from "../layers/cases/attention.ts";
import { convolutionCases } from "../layers/cases/convolution.ts";
import { coreCases } from "../layers/cases/core.ts";
import { regularizationCases } from "../layers/cases/regularization.ts";
import { sequencesCases } from "../layers/cases/sequences.ts";
import { tolerance } from "../layers/checks/agreement.ts";
import { treeDifferences } from "../layers/compare.ts";
import { applyTo, inputsOf } from "../layers/inputs.ts";
import { rowOf, stacked } from "./rows.fixture.ts";

type Named = Readonly<Record<string, Tensor>>;
type Arrays = Readonly<Record<string, HostArray>>;

const all = [coreCases, convolutionCases, sequencesCases, attentionCases, regularizationCases]
  .flatMap((cases): readonly LayerCase[] => Object.values(cases).flat())
  // Whole networks, of the same layers, would take minutes.
  .filter(({ skip }) => skip?.derivatives === undefined);

/** What is asked of one row: gradients in the parameters and in the row, and the change of the output along a direction. */
function ofRow({ layer }: LayerCase, setup: Setup) {
  return (params: Named, floats: Named, others: Named): Record<"gradients" | "change", Tree<Tensor>> => {
    const output = (p: Named, x: Named): Tensor => {
      const row = treeMap({ ...x, ...others }, (leaf: Tensor) => expandDims(leaf, 0)) as unknown as Named;
      return applyTo(layer, setup, { ...p, ...row }, { training: false, key: asTensor(key) }).output;
    };
    const loss = ([p, x]: readonly [Named, Named]): Tensor => {
      const y = output(p, x);
      return sum(mul(square(y), asTensor(sample(y.shape, y.dtype, { low: 0.5, high: 1.5 }))));
    };
    const along = treeMap([params, floats] as const, (leaf: Tensor) => fullLike(leaf, 0.5)) as unknown as [
      Named,
      Named,
    ];
    return {
      gradients: grad(loss as never)([params, floats] as never),
      change: jvp(output, [params, floats], along)[1],
    };
  };
}

const energy = (tree: Tree<Tensor>): Tensor =>
  treeLeaves<Tensor>(tree)
    .map(({ value }) => sum(square(value)))
    .reduce((a, b) => add(a, b));

interface Parts {
  readonly params: Arrays;
  readonly floats: Arrays;
  readonly others: Arrays;
}

/** Parameters, and what has rows. */
function partsOf(setup: Setup): Parts {
  const { floats, others } = inputsOf(setup);
  const pick = (from: Arrays, params: boolean): Arrays =>
    Object.fromEntries(Object.entries(from).filter(([path]) => path.startsWith("params.") === params));
  return { params: pick(floats, true), floats: pick(floats, false), others: pick(others, false) };
}

/** A function of parameters and of what has rows, compiled once for all rows. */
type OfParts = (params: Named, floats: Named, others: Named) => Tree<Tensor>;

const compiled = (backend: Backend, fn: OfParts) =>
  compile(backend, fn) as unknown as ((...parts: readonly Arrays[]) => Promise<Tree<HostArray>>) & { free(): void };

/** The gradient in the parameters of all gradients that `fn` gives. */
const secondOf =
  (fn: OfParts): OfParts =>
  (params, floats, others) =>
    grad((moving: Named) => energy(fn(moving, floats, others)))(params) as Tree<Tensor>;

/** What a loop over the rows gives: results side by side, second derivatives added up. */
async function inLoop(row: OfParts, { params, floats, others }: Parts): Promise<readonly Tree<HostArray>[]> {
  const first = compiled(reference, row);
  const second = compiled(reference, secondOf(row));
  const firsts: Tree<HostArray>[] = [];
  const seconds: Tree<HostArray>[] = [];
  for (let i = 0; i < rows; i++) {
    const own = [floats, others].map((tree) => treeMap(tree, (x: HostArray) => rowOf(x, i))) as unknown as Arrays[];
    firsts.push(await first(params, ...own));
    seconds.push(await second(params, ...own));
  }
  first.free();
  second.free();
  const sideBySide = treeMap(
    firsts[0],
    (_: HostArray, _path: string, ...each: HostArray[]) => stacked(each, 0),
    ...firsts,
  );
  const total = treeMap(
    seconds[0],
    (one: HostArray, _: string, ...each: HostArray[]) =>
      ({ ...one, data: one.data.map((_v, i) => each.reduce((s, { data }) => s + data[i]!, 0)) }) as HostArray,
    ...seconds,
  );
  return [sideBySide, total] as unknown as readonly Tree<HostArray>[];
}

/** What the rows together give. */
async function together(backend: Backend, row: OfParts, parts: Parts): Promise<readonly Tree<HostArray>[]> {
  const mapped = vmap(row as never, [null, 0, 0]) as unknown as OfParts;
  const { params, floats, others } = parts;
  const results: Tree<HostArray>[] = [];
  for (const fn of [mapped, secondOf(mapped)]) {
    const call = compiled(backend, fn);
    results.push(await call(params, floats, others));
    call.free();
  }
  return results;
}

const backends = [reference, wasmBackend()];

describe("derivatives of rows, beside a loop over them on the reference", () => {
  it.each(all.map((entry) => [titleOf(entry), entry] as const))(
    "%s",
    async (_, entry) => {
      const setup = await setUp(entry, reference, "f64");
      const parts = partsOf(setup);
      const row = ofRow(entry, setup) as unknown as OfParts;
      const [first, second] = await inLoop(row, parts);
      for (const backend of backends) {
        const [found, ofGradients] = await together(backend, row, parts);
        const problems = [
          ...treeDifferences(found!, first!, tolerance),
          ...treeDifferences(ofGradients!, second!, tolerance),
        ];
        expect({ on: backend.name, problems }).toEqual({ on: backend.name, problems: [] });
      }
    },
    120_000,
  );
});
