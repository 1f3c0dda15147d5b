// Programs on wide backends have the bits that they have without V8's joining of vectors, in optimized code, on one and two threads; and V8 does join them.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Aval, type Backend, matmul, optimize, record, type Tensor } from "@hooke/runtime";
import { runsOn, variedProgram } from "@hooke/testkit/fuzz";
import { conformanceChecks } from "@hooke/testkit/suite";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WasmBackend, wasmBackend } from "../backend.ts";
import { checkEngine, flagOf } from "../engine/join.ts";
import { digestOf, largePrograms, results } from "../threads/large.fixture.ts";
import { isWide } from "./asked.ts";
import { joinedBy, optimizedAlone, skipped } from "./joined.fixture.ts";

/** A backend, and a digest of all that was read from it since the last one. */
function listened(backend: Backend): { readonly backend: Backend; digest(): string } {
  let hash = createHash("sha256");
  const read: Backend["read"] = async (buffer) => {
    const result = await backend.read(buffer);
    hash.update(result.data);
    return result;
  };
  const get = (target: Backend, name: keyof Backend): unknown => {
    const value = name === "read" ? read : target[name];
    return typeof value === "function" ? value.bind(target as never) : value;
  };
  const digest = (): string => {
    const text = hash.digest("hex");
    hash = createHash("sha256");
    return text;
  };
  return { backend: new Proxy(backend, { get: (target, name) => get(target, name as keyof Backend) }), digest };
}

/** Every twentieth of the conformance suite. */
const checks = conformanceChecks(1e4)
  .filter(({ group }) => group !== "contract")
  .filter((_, i) => i % 20 === 0);

/** Products with a vector whose last piece has one row or two, which are computed in a way of their own. */
const withVectors = (["f32", "f64"] as const).flatMap((dtype) =>
  ([4321, 4322, 10_561, 2161, 5282] as const).map((rows) => {
    const k = rows < 5000 ? 300 : 100;
    const of = (...shape: number[]): Aval => ({ shape, dtype });
    const { program } = record((a: Tensor, b: Tensor) => matmul(a, b), of(rows, k), of(k, 1));
    return { name: `${rows} rows of ${k} with a vector, ${dtype}`, program: optimize(program) };
  }),
);

/** Digests by what was run. What {@link checks} run is too small for threads. */
async function digests(threads: number, wide: boolean): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { backend, digest } = listened(new WasmBackend({ threads, wide }));
  for (const check of threads === 1 ? checks : []) {
    await check.run(backend);
    found.set(`${check.group}: ${check.name}`, digest());
  }
  for (const { name, program } of [...largePrograms, ...withVectors]) {
    found.set(name, (await results(backend, program, 1)).map(digestOf).join());
  }
  // Divided, however small.
  const runs = runsOn(new WasmBackend({ threads, wide }, 1e-9));
  for (let seed = 0; seed < 16; seed++) {
    const varied = variedProgram(seed, seed % 2 === 0 ? "f32" : "f64");
    found.set(`seed ${seed}`, (await runs(varied, optimize(varied.program))).map(digestOf).join());
  }
  return found;
}

describe.skipIf(skipped)(`wide backends${skipped}`, () => {
  let narrow: Map<string, string>;

  // The flag belongs to the process: before anything is wide. Modules of the same bytes share their code, as long as there is one.
  beforeAll(async () => {
    optimizedAlone();
    narrow = await digests(1, false);
    gc!();
  });

  test.each([1, 2])("give the bits of narrow ones on %i threads", async (threads) => {
    const wide = await digests(threads, true);
    const others = [...wide].filter(([name, digest]) => narrow.get(name) !== digest);
    expect(others.map(([name]) => name)).toEqual([]);
    expect(wide.size).toBe(threads === 1 ? narrow.size : narrow.size - checks.length);
  });

  test("work beside narrow ones at once", async () => {
    const backends = [true, false, true].map((wide) => wasmBackend({ threads: 2, wide }));
    for (const { name, program } of largePrograms.slice(0, 2)) {
      const all = await Promise.all(backends.map((backend) => results(backend, program, 2)));
      expect(new Set(all.flat().map(digestOf))).toEqual(new Set([narrow.get(name)]));
    }
  });

  const script = join(import.meta.dirname, "programs.fixture.ts");

  test.each([
    { name: "product by rows, f32", how: "at once", joins: ["F32x4Qfma"] },
    { name: "product along k, f64", how: "in a worker", joins: ["F64x2Qfma"] },
    { name: "loop over one array, f32", how: "at once", joins: ["F32x4Qfma", "F32x4Div", "I32x4Shl", "F32x4Pmin"] },
    { name: "loop by rows, f64", how: "in a worker", joins: ["F64x2Add", "F64x2Qfma", "F64x2Div"] },
  ])("are what HOOKE_WIDE makes, and V8 joins their vectors: $name, $how", ({ name, how, joins }) => {
    const { output, joined } = joinedBy(script, [how, name], { env: { HOOKE_WIDE: "1" } });
    expect(output).toEqual([narrow.get(name)]);
    const nodes = new Set(joined.flatMap((each) => each.nodes.map((node) => /\[(\w+)\]/.exec(node)?.[1])));
    expect([...nodes]).toEqual(expect.arrayContaining(joins));
  });

  test("are not made unasked", () => {
    const name = "product by rows, f32";
    const { output, joined } = joinedBy(script, ["at once", name], { env: { HOOKE_WIDE: "0" } });
    expect(output).toEqual([narrow.get(name)]);
    expect(joined).toEqual([]);
  });
});

describe("asking for wide backends", () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ["1", true],
    ["0", false],
    ["", false],
  ])("HOOKE_WIDE=%s decides where the option does not", (value, wide) => {
    vi.stubEnv("HOOKE_WIDE", value);
    expect(isWide(undefined)).toBe(wide);
    expect(isWide(!wide)).toBe(!wide);
  });

  test("a wrong HOOKE_WIDE is refused", () => {
    vi.stubEnv("HOOKE_WIDE", "yes");
    expect(() => wasmBackend()).toThrow('backend wasm: HOOKE_WIDE is "yes"; expected 1 or 0.');
  });

  test("a wrong option is refused", () => {
    expect(() => wasmBackend({ wide: "yes" as never })).toThrow(/wasmBackend: .*wide.*"yes"/);
  });

  test("an engine that cannot is refused", () => {
    const cure = "Use Node 24 on x64, or leave { wide } or HOOKE_WIDE out.";
    for (const facts of [
      { arch: "arm64", built: true },
      { arch: "x64", built: false },
    ]) {
      expect(() => checkEngine(facts)).toThrow(
        `backend wasm: cannot be wide: this V8 on ${facts.arch} was not built for it. ${cure}`,
      );
    }
    expect(() => checkEngine({ arch: "x64", built: true })).not.toThrow();
  });

  test.each([
    ["13.6.233.17-node.53", "--experimental-wasm-revectorize"],
    ["14.6.202.34-node.34", "--experimental-wasm-revectorize"],
    ["15.6.1", "--wasm-revectorize"],
  ])("V8 %s is told by %s", (version, flag) => expect(flagOf(version)).toBe(flag));
});
