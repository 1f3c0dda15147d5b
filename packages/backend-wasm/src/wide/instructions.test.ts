// Pairs of vectors that V8 joins into one of 256 bits have the bits that they have apart, instruction by instruction.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { flagOf } from "../engine/join.ts";
import { faulty, functions, results } from "./instructions.fixture.ts";
import { joinedBy, optimizedAlone, skipped } from "./joined.fixture.ts";

/** What V8 13.6 leaves in pairs as it is. */
const apart = new RegExp(
  [
    /extend_low|demote|promote|convert_low|trunc_sat_f64x2/,
    /^i64x2\.(abs|neg|shr_s .*)$/,
    /^f(32x4|64x2)\.(ceil|floor|trunc|nearest)$/,
    // Of two vectors, of which one is not read or whose order V8 does not know.
    /^shuffle (0,0,0,0|0,1,0,1|2,3,2,3|0,4,0,4|1,0,3,2)$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

describe.skipIf(skipped)(`instructions in pairs${skipped}`, () => {
  const all: { name: string; instruction: string; isJoined: boolean; agrees: boolean }[] = [];
  let [read, written] = [0, 0];

  beforeAll(() => {
    optimizedAlone();
    const folder = mkdtempSync(join(tmpdir(), "hooke-pairs-"));
    const file = join(folder, "results");
    const script = join(import.meta.dirname, "instructions.fixture.ts");
    const { joined } = joinedBy(script, [file], { flags: [flagOf(process.versions.v8)] });
    const bytes = readFileSync(file);
    rmSync(folder, { recursive: true });
    written = bytes.length;
    for (const [index, separate] of results().entries()) {
      const { instruction, kept } = functions[index]!;
      const together = bytes.subarray(read, read + separate.length);
      read += separate.length;
      const nodes = joined.find((each) => each.index === index)?.nodes ?? [];
      all.push({
        name: `${instruction.name}, operands ${kept.join(" and ") || "none"} kept`,
        instruction: instruction.name,
        isJoined: nodes.some((node) => !/^(Load|Store)\(/.test(node)),
        agrees: together.equals(separate),
      });
    }
  });

  test("each is tried, in its ways", () => {
    expect(all.length).toBeGreaterThan(500);
    expect(read).toBe(written);
  });

  test("V8 joins what it is known to join", () => {
    const lacks = all.filter(({ instruction, isJoined }) => !isJoined && !apart.test(instruction));
    expect(lacks.map(({ name }) => name)).toEqual([]);
  });

  test("bits are the same", () => {
    const others = all.filter(({ instruction, agrees }) => !agrees && instruction !== faulty);
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  // Where this fails, V8 has mended it.
  test.skipIf(!process.versions.v8.startsWith("13.6."))("finds what V8 13.6 negates wrong", () => {
    const wrong = all.filter(({ agrees }) => !agrees).map(({ name }) => name);
    expect(wrong).toEqual([`${faulty}, operands 0 kept`]);
  });
});
