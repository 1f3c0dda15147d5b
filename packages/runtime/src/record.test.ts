import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { array } from "./make-array.ts";
import { add, exp, mul } from "./ops/elementwise.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import { record, withScope } from "./record.ts";
import { isTensor, type Tensor } from "./tensor.ts";
import { grad } from "./transforms/grad.ts";
import { jvp } from "./transforms/jvp.ts";

const vector = { shape: [3], dtype: "f32" } as const;

describe("a value cannot be read while recording", () => {
  const reads: [string, (x: Tensor) => unknown][] = [
    ["data", (x) => x.data],
    ["a comparison", (x) => (x as unknown as number) > 0],
    ["a sign", (x) => +(x as unknown as number)],
    ["an operator", (x) => (x as unknown as number) * 2],
    ["a minimum", (x) => Math.min(x as unknown as number, 1)],
    ["iteration", (x) => [...(x as unknown as Iterable<number>)]],
    [
      "destructuring",
      (x) => {
        const [first] = x as unknown as Iterable<number>;
        return first;
      },
    ],
  ];
  it.each(reads)("%s", (_, read) => {
    expect(() => record((x) => read(x) as Tensor, vector)).toThrow(
      /Tensor f32\[3\]: .* not possible while recording.*Use select/,
    );
  });

  it("but a message may name the tensor", () => {
    record((x) => {
      expect(`${x}`).toBe("Tensor f32[3]");
      expect(String(x)).toBe("Tensor f32[3]");
      return x;
    }, vector);
  });
});

describe("errors", () => {
  it("a tensor used after its recording", () => {
    let kept: Tensor | undefined;
    record((x) => {
      kept = x;
      return x;
    }, vector);
    expect(() => record((x) => add(x, kept!), vector)).toThrow("belongs to a recording that has ended");
    expect(() => record(() => exp(kept!))).toThrow("belongs to a recording that has ended");
    expect(() => record(() => kept!)).toThrow("belongs to a recording that has ended");
    expect(() => exp(kept!)).toThrow("exp: was called outside a recording");
  });

  it("a tensor that leaves a loop or a derivative", () => {
    let leaked: Tensor | undefined;
    const leak = (x: Tensor): Tensor => {
      leaked = x;
      return x;
    };
    expect(() =>
      record((x) => {
        scan((c: Tensor, z: Tensor) => [leak(add(c, z)), []] as const, 0, x);
        return leaked!;
      }, vector),
    ).toThrow("belongs to a recording that has ended");
    expect(() =>
      record((x) => {
        grad((z: Tensor) => sum(leak(mul(z, z))))(x);
        return exp(leaked!);
      }, vector),
    ).toThrow("belongs to a recording that has ended");
  });

  it("record inside record", () => {
    const nested = (x: Tensor) => add(x, record((y) => y, vector) as never);
    expect(() => record(nested, vector)).toThrow("record: was called inside a recording");
    // An error leaves nothing behind.
    expect(record((x) => x, vector).program.nodes).toHaveLength(0);
  });

  it("an operation outside a recording", () => {
    expect(() => add(1, 2)).toThrow("outside a recording. Call it inside a function given to record, run or compile");
  });

  it.each([
    ["undefined", undefined, "returned undefined; it must be synchronous and return tensors"],
    ["a string in a tree", { a: ["loss"] }, 'returned "loss" at "a.0"'],
    ["a promise", Promise.resolve(1), "returned a promise (await it); it must be synchronous"],
    ["a function", () => 1, "returned a function"],
  ])("a result that is %s", (_, result, message) => {
    expect(() => record(() => result as never)).toThrow(message);
  });

  it("arguments that are not arrays", () => {
    expect(() => record((x) => x, { a: 3 } as never)).toThrow('record: received 3 at "a" as an argument');
  });

  it("operands that are not arrays", () => {
    expect(() => record((x) => add(x, undefined as never), vector)).toThrow("received undefined");
    expect(() => record((x) => add(x, "3" as never), vector)).toThrow(
      'add: received "3"; it takes tensors, array(...) or numbers.',
    );
    expect(() => record((x) => add(x, array([1], { dtype: "f64" })), vector)).toThrow(
      "add: operands are f32[3] and f64[1]; convert one of them",
    );
    expect(() => record((x) => add(x, 0.5), { shape: [2], dtype: "i32" })).toThrow(
      "full: received 0.5, which is not a value of i32",
    );
  });

  it("derivatives of what is not a float scalar", () => {
    const integer = { shape: [3], dtype: "i32" } as const;
    expect(() => record((x) => grad((z: Tensor) => sum(z))(x), integer)).toThrow("grad: the argument is i32[3]");
    expect(() => record((x) => grad((z: { w: Tensor }) => sum(z.w))({ w: x }), integer)).toThrow(
      'the argument "w" is i32[3]',
    );
    expect(() => record((x) => grad((z: Tensor) => z)(x), vector)).toThrow(
      "grad: the function returned f32[3]; it must return a scalar",
    );
    expect(() => record(() => grad((z: Tensor) => z)(3 as never))).toThrow("grad: received number as an argument");
    expect(() => record((x) => jvp((z: Tensor) => z, [x], [sum(x)]), vector)).toThrow(
      "jvp: received the tangent f32[] for the primal f32[3]",
    );
  });

  it("carries that change", () => {
    expect(() => record((x) => scan((c: Tensor, z: Tensor) => [add(c, x), z] as const, 0, x), vector)).toThrow(
      "scan: the carry enters a step as f32[] and leaves it as f32[3]; it must stay",
    );
    expect(() =>
      record((x) => scan((c: { h: Tensor }) => [{ g: c.h }, []] as never, { h: 0 } as never, x), vector),
    ).toThrow("expected [h], received [g]");
    expect(() => record((x) => scan((c: Tensor) => c as never, 0, x), vector)).toThrow("must return [next carry, y]");
    expect(() => record(() => scan((c: Tensor) => [c, []] as const, 0, []))).toThrow(
      "say how many steps with { length }",
    );
    expect(() => record((x) => scan((c: Tensor) => [c, []] as const, 0, [x, array([1, 2])]), vector)).toThrow(
      'xs "1" is f32[2], 2 steps where 3 are expected',
    );
    expect(() => record((x) => scan((c: Tensor) => [c, []] as const, 0, [sum(x)]), vector)).toThrow(
      "first axis to step along",
    );
  });
});

it("pairs records by name, not by order", () => {
  const { program } = record(
    (x: { a: Tensor; b: Tensor }) =>
      scan(({ a, b }: { a: Tensor; b: Tensor }) => [{ b, a: mul(a, 2) }, []] as const, x, [], { length: 1 })[0],
    { a: { shape: [], dtype: "f32" }, b: { shape: [], dtype: "f32" } } as const,
  );
  const [loop] = program.nodes;
  if (loop?.primitive !== "scan") throw new Error("expected a loop");
  const { body } = loop.params;
  expect(body.outputs[1]).toBe(body.inputs[1]);
  expect(body.outputs[0]).not.toBe(body.inputs[0]);
});

it("remembers the scope", () => {
  const { program } = record((x) => withScope("layers.0", () => exp(x)), vector);
  expect(program.nodes.map(({ scope }) => scope)).toEqual(["layers.0"]);
  expect(() => record((x) => withScope("a", () => exp(x.data)), vector)).toThrow();
  expect(record((x) => exp(x), vector).program.nodes[0]!.scope).toBe("");
});

it("keeps what does not depend on a loop outside of it", () => {
  const { program } = record(
    (x) => scan((c: Tensor, z: Tensor) => [add(c, mul(z, sum(exp(x)))), []] as const, 0, x)[0],
    vector,
  );
  expect(program.nodes.map(({ primitive }) => primitive)).toContain("exp");
});

describe("two copies of the runtime", () => {
  const cache = join(import.meta.dirname, "../../../.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "copy-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are named, with the cure", async () => {
    cpSync(import.meta.dirname, folder, { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
    const copy = (await import(join(folder, "index.ts"))) as typeof import("./index.ts");
    const message = /another copy of @hooke\/runtime.*Two copies.*npm ls @hooke\/runtime.*peerDependencies/;
    record((x) => {
      expect(() => copy.exp(x as never)).toThrow(message);
      expect(() => copy.add(1, x as never)).toThrow(message);
      expect(() => copy.grad((z) => z as never)(x as never)).toThrow(message);
      expect(() => copy.isTensor(x)).toThrow(message);
      expect(() => copy.record(() => x as never)).toThrow(message);
      return x;
    }, vector);
    expect(isTensor(3)).toBe(false);
  });
});
