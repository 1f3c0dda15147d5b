// Every layer of Hooke's plugins, differentiated row by row: the gradients of each row's own loss in the shared parameters and in the
// row, the derivative along a direction, and the gradient of all those gradients, equal what a loop over the rows gives.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  add,
  asTensor,
  type Backend,
  expandDims,
  fullLike,
  grad,
  type HostArray,
  jvp,
  mul,
  referenceBackend,
  run,
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
import { key, type LayerCase, rows, type Setup, setUp, titleOf } from "../layers/case.ts";
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

async function problemsOf(entry: LayerCase, backend: Backend): Promise<string[]> {
  const setup = await setUp(entry, referenceBackend(), "f64");
  const { params, floats, others } = partsOf(setup);
  const row = ofRow(entry, setup);
  const mapped = vmap(row as never, [null, 0, 0]) as unknown as typeof row;
  const call = (fn: unknown, ...args: readonly unknown[]) => run(backend, fn as never, ...(args as never[]));
  const found = await call(mapped, params, floats, others);
  const second = await call(
    (p: Named, x: Named, o: Named) => grad((q: Named) => energy(mapped(q, x, o)))(p),
    ...[params, floats, others],
  );

  const singles: Tree<HostArray>[] = [];
  const seconds: Tree<HostArray>[] = [];
  for (let i = 0; i < rows; i++) {
    const own = [floats, others].map((tree) => treeMap(tree, (x: HostArray) => rowOf(x, i)));
    singles.push((await call(row, params, ...own)) as Tree<HostArray>);
    seconds.push(
      (await call(
        (p: Named, x: Named, o: Named) => grad((q: Named) => energy(row(q, x, o)))(p),
        params,
        ...own,
      )) as never,
    );
  }
  const expected = treeMap(
    singles[0],
    (_: HostArray, _path: string, ...each: HostArray[]) => stacked(each, 0),
    ...singles,
  );
  const total = treeMap(
    seconds[0],
    (first: HostArray, _: string, ...each: HostArray[]) =>
      ({ ...first, data: first.data.map((_v, i) => each.reduce((s, { data }) => s + data[i]!, 0)) }) as HostArray,
    ...seconds,
  );
  return [
    ...treeDifferences(found as Tree<HostArray>, expected as unknown as Tree<HostArray>, tolerance),
    ...treeDifferences(second as Tree<HostArray>, total as unknown as Tree<HostArray>, tolerance),
  ];
}

describe.each([
  ["reference", referenceBackend],
  ["wasm", wasmBackend],
] as const)("derivatives of rows on %s", (_, create) => {
  it.each(all.map((entry) => [titleOf(entry), entry] as const))(
    "%s",
    async (__, entry) => {
      expect(await problemsOf(entry, create())).toEqual([]);
    },
    120_000,
  );
});
