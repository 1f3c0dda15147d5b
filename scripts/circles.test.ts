// Circles of imports are found whatever they consist of, and explained ones must be there.
import { expect, test } from "vitest";
import { checkCircles } from "./circles.ts";

const files = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([name, text]) => ({ path: `packages/core/src/${name}.ts`, text }));

test.each([
  ["values", 'import { b } from "./b.ts";', 'export { a } from "./a.ts";'],
  ["types", 'import { b } from "./b.ts";', 'import type { A } from "./a.ts";'],
  ["what is loaded when needed", 'const b = await import("./b.ts");', 'import type { A } from "./a.ts";'],
  ["types of modules", 'type B = typeof import("./b.ts");', 'import "./a.ts";'],
])("%s are refused, with a way around", (_, a, b) => {
  expect(checkCircles(files({ a, b }), [])).toEqual([
    expect.stringMatching(
      /^packages\/core\/src\/a\.ts: imports run in a circle: packages\/core\/src\/a\.ts -> .*\/b\.ts -> .*\/a\.ts; give what they share/,
    ),
  ]);
});

test("the way around is a shortest one, and each circle is told once", () => {
  const circle = files({
    a: 'import "./b.ts"; import "./d.ts";',
    b: 'import "./c.ts";',
    c: 'import "./a.ts";',
    d: 'import "./a.ts"; import "./e.ts";',
    e: "",
  });
  const [problem, ...more] = checkCircles(circle, []);
  expect(problem).toContain("core/src/a.ts -> packages/core/src/d.ts -> packages/core/src/a.ts;");
  expect(more).toEqual([]);
});

test("what leads away, and what two files share below them, is no circle", () => {
  const shared = { a: 'import "./b.ts"; import "./types.ts";', b: 'import "./types.ts"; import "./elsewhere.json";' };
  expect(checkCircles(files({ ...shared, types: "" }), [])).toEqual([]);
});

test("an explained import may close a circle, and no other; one that closes none is to be struck out", () => {
  const own = { from: /a\.ts$/, to: /b\.ts$/, why: "" };
  expect(checkCircles(files({ a: 'import "./b.ts";', b: 'import "./a.ts";' }), [own])).toEqual([]);
  const other = { a: 'import "./b.ts"; import "./c.ts";', b: 'import "./a.ts";', c: 'import "./a.ts";' };
  expect(checkCircles(files(other), [own])).toEqual([expect.stringContaining("a.ts -> packages/core/src/c.ts")]);
  expect(checkCircles(files({ a: 'import "./b.ts";', b: "" }), [own])).toEqual([
    "scripts/circles.ts: no circle is closed by /a\\.ts$/ -> /b\\.ts$/ any more; strike it out.",
  ]);
});
