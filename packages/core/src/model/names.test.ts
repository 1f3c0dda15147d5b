// Names of layers and variables come from people and files: none reaches a prototype, and all that are legal work.
import { array, interpret, randomKey, record, type Tensor, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import { core } from "../plugin.ts";
import { apply } from "./apply.ts";
import { init } from "./init.ts";
import { layerFromJson } from "./json.ts";
import type { Layers } from "./layer.ts";
import { nest, type Variables } from "./variables.ts";

describe("a layer named as something objects inherit", () => {
  it.each(["constructor", "toString", "hasOwnProperty", "prototype", "valueOf"])("%s", (name) => {
    const model = sequential({ [name]: dense({ units: 1, bias: false, kernelInitializer: "ones" }) });
    const again = layerFromJson(JSON.parse(JSON.stringify(model)), [core]);
    const forward = (x: Tensor): Tensor => {
      const variables: Variables = init(again, [2], randomKey(0) as unknown as Tensor);
      expect(treeLeaves(variables.params).map(({ path }) => path)).toEqual([`${name}.kernel`]);
      return apply(again, variables, x).output;
    };
    const x = array([[1, 2]]);
    expect([...interpret(record(forward, x).program, [x])[0]!.data]).toEqual([3]);
  });

  it("__proto__ is refused", () => {
    const layers = JSON.parse('{"__proto__":0}') as Record<string, unknown>;
    Object.defineProperty(layers, "__proto__", { value: dense({ units: 1 }), enumerable: true });
    expect(() => sequential(layers as Layers)).toThrow(
      'sequential: has a child named "__proto__", which JavaScript reserves; rename it.',
    );
  });
});

describe("paths", () => {
  const nested = (...paths: string[]) => nest(new Map(paths.map((path, i) => [path, i])));

  it("nest", () => {
    expect(nested("a.b", "a.c", "constructor.prototype.x", "toString")).toEqual({
      a: { b: 0, c: 1 },
      constructor: { prototype: { x: 2 } },
      toString: 3,
    });
    expect(nested("")).toBe(0);
    expect(nested()).toEqual({});
    expect({}).not.toHaveProperty("x");
  });

  it.each<[string[], string]>([
    [["a.__proto__.x"], 'received the name "a.__proto__.x", and "__proto__" is reserved by JavaScript; rename it.'],
    [["__proto__"], 'received the name "__proto__", and "__proto__" is reserved by JavaScript; rename it.'],
    [["a..b"], 'received the name "a..b", a part of which is empty.'],
    [["", "a"], 'received the name "", a part of which is empty.'],
    [["a", "a.b"], 'received the name "a.b", although "a" in it is an array itself.'],
    [["a.b.c", "a.b"], 'received the name "a.b", although other names go on from it.'],
    [[Array(501).fill("a").join(".")], "of 501 parts; there are at most 500."],
  ])("%j are refused", (paths, message) => {
    expect(() => nested(...paths)).toThrow(message);
    expect({}).not.toHaveProperty("x");
  });
});

describe("layers from JSON", () => {
  it("nested too deeply are refused", () => {
    let json: unknown = { type: "dense", config: { units: 1 } };
    for (let i = 0; i < 100_000; i++) json = { type: "residual", config: { layer: json } };
    expect(() => layerFromJson(json, [core])).toThrow("layerFromJson: received layers nested deeper than 500;");
    const ring: Record<string, unknown> = { type: "dense" };
    ring.config = ring;
    expect(() => layerFromJson(ring, [core])).toThrow("layerFromJson: received layers nested deeper than 500;");
  });

  it("that a constructor cannot use name it", () => {
    const plugin = {
      name: "acme",
      layers: { "acme/odd": Object.assign(({ size }: { size: number[] }) => size[0]!.toFixed(), { type: "acme/odd" }) },
    };
    expect(() => layerFromJson({ type: "acme/odd", config: 3 }, [plugin as never])).toThrow(
      "acme/odd: received 3, which it cannot use: TypeError: ",
    );
  });

  it.each([
    null,
    1,
    "dense",
    [],
    { type: "dense" },
    { type: 1, config: {} },
    Object.create({ type: "dense", config: {} }),
  ])("%j is no layer", (json) => {
    expect(() => layerFromJson(json, [core])).toThrow('expected {"type": ..., "config": ...}.');
  });
});
