// Circles of imports, those of types alone and those of code that is loaded when needed included. A file that stands in one cannot be
// read, tested or moved without the others: what two files need has a home of its own, below both.
import { posix } from "node:path";
import ts from "typescript";

/** An import without which there would be no circle, and why it stays. */
export interface Closing {
  readonly from: RegExp;
  readonly to: RegExp;
  readonly why: string;
}

/** All that close circles. Each is explained where it stands, too. */
export const closing: readonly Closing[] = [
  {
    from: /^packages\/runtime\/src\/primitives\//,
    to: /^packages\/runtime\/src\/ops\//,
    why: "derivatives are written in the public operations, and an operation brings the rule of its primitive; see primitives/rule.ts",
  },
  {
    from: /^packages\/runtime\/src\/primitives\/scan\.ts$/,
    to: /^packages\/runtime\/src\/primitives\/scan-derivative\.ts$/,
    why: "the derivative of a loop is a loop; see primitives/scan-derivative.ts",
  },
  {
    from: /^packages\/runtime\/src\/program\.ts$/,
    to: /^packages\/runtime\/src\/primitives\/(params|rule)\.ts$/,
    why: "types: a program has nodes, whose parameters may be programs; see program.ts",
  },
  {
    from: /^packages\/runtime\/src\/tensor\.ts$/,
    to: /^packages\/runtime\/src\/record\.ts$/,
    why: "types: a tensor belongs to the recorder that made it; see tensor.ts",
  },
  {
    from: /^packages\/backend-wasm\/src\/codegen\/emitter\.ts$/,
    to: /^packages\/backend-wasm\/src\/codegen\/generators\.ts$/,
    why: "types: an emitter has the generators, which receive it in turn; see codegen/emitter.ts",
  },
];

/** What is wrong: files in a circle that none of `allowed` closes, and those of `allowed` that close none. */
export function checkCircles(
  files: readonly { readonly path: string; readonly text: string }[],
  allowed: readonly Closing[] = closing,
): string[] {
  const all = new Map(files.map(({ path, text }) => [path, targetsOf(path, text)]));
  const closes = (from: string, to: string) => allowed.filter((each) => each.from.test(from) && each.to.test(to));
  const open = new Map(
    [...all].map(([from, targets]) => [from, targets.filter((to) => closes(from, to).length === 0)]),
  );
  const useful = new Set(
    circlesIn(all).flatMap((circle) =>
      circle.flatMap((from) =>
        all
          .get(from)!
          .filter((to) => circle.includes(to))
          .flatMap((to) => closes(from, to)),
      ),
    ),
  );
  return [
    ...circlesIn(open).map(
      (circle) =>
        `${circle[0]}: imports run in a circle: ${pathThrough(circle, open).join(" -> ")}; ` +
        "give what they share, a type for instance, a file of its own below them.",
    ),
    ...allowed
      .filter((each) => !useful.has(each))
      .map(({ from, to }) => `scripts/circles.ts: no circle is closed by ${from} -> ${to} any more; strike it out.`),
  ];
}

/** The files of the same tree that a file imports, in whatever way: values, types, `typeof import(...)`, `await import(...)`. */
const targetsOf = (path: string, text: string): string[] =>
  ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(posix.dirname(path), fileName));

/** Sets of files each of which leads to all others: the strongly connected components, by Tarjan's algorithm (1972). */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const target of graph.get(file)!) {
      if (!graph.has(target)) continue;
      if (!order.has(target)) visit(target);
      else if (!stack.includes(target)) continue;
      lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || graph.get(file)!.includes(file)) circles.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** A shortest way from the first file of a circle back to it. */
function pathThrough(circle: readonly string[], graph: ReadonlyMap<string, readonly string[]>): string[] {
  const [first] = circle as readonly [string];
  const ways: string[][] = [[first]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1)!)!) {
      if (target === first) return [...way, first];
      if (!circle.includes(target) || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return [first];
}
