// The integrator and the fits against closed forms, the discipline of held-out specimens, and what the example prints.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { parseCsv } from "@hooke/data";
import { openTrials } from "@hooke/sweep";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baselines, toBeat } from "./baselines.ts";
import { compare, foldsOf } from "./compare.ts";
import { allMethods, full, small } from "./experiment.ts";
import { loadSpecimens } from "./load.ts";
import { lstmName, type Method } from "./method.ts";
import { fitForecastLaw, fitPopulation, parisRefitted, refitLogC } from "./paris.ts";
import { apparentLogC, growCrack, growthCurve, stressIntensityRange, virkler, virklerPlate } from "./plate.ts";
import { scoreOf } from "./scores.ts";
import { historiesOf, observedPart, type Specimen } from "./specimens.ts";
import { leastSquares } from "./statistics.ts";

let specimens: readonly Specimen[];
let folder: string;
let stdout: string;
beforeAll(async () => {
  specimens = await loadSpecimens();
  folder = mkdtempSync(join(tmpdir(), "hooke-crack-growth-"));
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  ({ stdout } = await promisify(execFile)(process.execPath, [main, folder, "--small"]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { cyclesPerStep } = virkler;
const logC = Math.log(7.5e-8);
const infinite = { ...virklerPlate, width: Infinity };

describe("the law of Paris", () => {
  it("has Virkler's stress range, and the geometry factor of a plate cracked to half its width", () => {
    expect(virklerPlate.stressRange).toBeCloseTo(48.26, 2);
    // sec(pi / 4) = sqrt(2).
    const quarter = virklerPlate.width / 4;
    const factor = stressIntensityRange(virklerPlate, quarter) / stressIntensityRange(infinite, quarter);
    expect(factor).toBeCloseTo(2 ** 0.25, 12);
  });

  it.each([2.5, 2.9, 3, 4])("grows a crack in an infinite plate as the closed form says, m = %d", (m) => {
    // a^(1 - m/2) = a0^(1 - m/2) + (1 - m/2) C (dsigma sqrt(pi / 1000))^m N.
    const power = 1 - m / 2;
    const speed = Math.exp(logC) * (virklerPlate.stressRange * Math.sqrt(Math.PI / 1000)) ** m;
    for (const cycles of [20_000, 100_000]) {
      const scaled = { logC: logC + (2.9 - m) * Math.log(10), m };
      const exact = (9 ** power + power * speed * 10 ** (2.9 - m) * cycles) ** (1 / power);
      expect(exact).toBeGreaterThan(9.5);
      expect(Math.abs(growCrack(infinite, scaled, 9, cycles) / exact - 1)).toBeLessThan(1e-6);
    }
  });

  it("agrees with the separated integral in the plate of finite width", () => {
    const after = growCrack(virklerPlate, { logC, m: 2.9 }, 20, cyclesPerStep);
    expect(apparentLogC(virklerPlate, 2.9, 20, after, cyclesPerStep)).toBeCloseTo(logC, 7);
  });

  it("ends at the edge of the plate", () => {
    expect(growCrack(virklerPlate, { logC, m: 2.9 }, 30, 1e7)).toBe(virklerPlate.width / 2);
  });
});

describe("fits", () => {
  const grown = (name: string, own: number, m: number): Specimen => ({
    name,
    lengths: [9.6, ...growthCurve(virklerPlate, { logC: own, m }, 9.6, cyclesPerStep, 9)],
  });
  const m = 2.9;
  // Symmetric about logC, with a standard deviation of 0.1 sqrt(5 / 4.5).
  const scattered = Array.from({ length: 10 }, (_, i) => grown(String(i), logC + (i % 2 === 0 ? 0.1 : -0.1), m));

  it("recovers m, and mean and scatter of log C", () => {
    const population = fitPopulation(virkler, scattered);
    expect(population.m).toBeCloseTo(m, 4);
    expect(population.logC).toBeCloseTo(logC, 3);
    expect(population.between).toBeCloseTo(0.1 * Math.sqrt(10 / 9), 4);
    expect(population.within).toBeLessThan(1e-5);
    // Without scatter inside specimens, a specimen's own C is believed.
    expect(refitLogC(virkler, population, observedPart(scattered[0]!))).toBeCloseTo(logC + 0.1, 3);
  });

  it("draws a specimen's log C to the population's as its intervals scatter", () => {
    const population = { logC, m, between: 0.1, within: 0.2 };
    // Four intervals: the weight is 0.01 / (0.01 + 0.04 / 4) = 1/2.
    expect(refitLogC(virkler, population, observedPart(scattered[0]!))).toBeCloseTo(logC + 0.05, 6);
  });

  it("for forecasts, finds the same law where growth obeys one", () => {
    const law = fitForecastLaw(virkler, scattered);
    expect(law.m).toBeCloseTo(m, 3);
    expect(law.slope).toBeCloseTo(1, 2);
    expect(law.intercept + law.slope * logC).toBeCloseTo(logC, 3);
  });

  it("gives no weight to a regressor that depends on others", () => {
    const rows = [0, 1, 2, 3, 4, 5].map((i) => [i, 2 * i - 1, 7]);
    const found = leastSquares(
      rows,
      rows.map(([a]) => 3 - 2 * a!),
    );
    [3, -2, 0, 0].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 9);
    });
  });

  it("solves least squares", () => {
    const rows = [0, 1, 2, 3, 4, 5].map((i) => [i, i * i]);
    const found = leastSquares(
      rows,
      rows.map(([a, b]) => 3 - 2 * a! + 0.5 * b!),
    );
    [3, -2, 0.5].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 9);
    });
  });
});

describe("histories of a table", () => {
  const rows = Array.from({ length: 10 }, (_, step) => `A,${500 + 100 * step},${9 + step}`);
  const read = (lines: readonly string[], head = "specimen,cycles,crack_length_mm") =>
    historiesOf(parseCsv([head, ...lines].join("\n"), { source: "own.csv" }));

  it("take their steps from the cycles", () => {
    const { start, cyclesPerStep, specimens: own } = read([...rows, ...rows.map((row) => row.replace("A", "B"))]);
    expect([start, cyclesPerStep, own.map(({ name }) => name)]).toEqual([500, 100, ["A", "B"]]);
  });

  it.each([
    [
      "other columns",
      () => read(rows, "specimen,cycles,length"),
      /no column "crack_length_mm", only .+ call the columns/,
    ],
    ["a gap", () => read(rows.filter((_, i) => i !== 4)), /line 6, specimen A: cycles are 1000 where 900 follows/],
    [
      "a crack that shrinks",
      () => read(rows.with(3, "A,800,5")),
      /line 5, specimen A: the crack is 5 mm long after 11 mm/,
    ],
    ["too few rows", () => read(rows.slice(1)), /specimen A has 9 rows; the task needs 10/],
    ["texts for numbers", () => read(rows.with(0, "A,500,long")), /"crack_length_mm" holds texts, such as "long"/],
  ])("refuse %s", (_, reading, words) => expect(reading).toThrow(words));
});

describe("the comparison", () => {
  it("reads 68 specimens of ten rows or more", () => {
    const counts = [10, 11, 12].map((rows) => specimens.filter(({ lengths }) => lengths.length === rows).length);
    expect(counts).toEqual([12, 43, 13]);
  });

  it("hands over of a held-out specimen its observed part alone, and holds each out once", async () => {
    const heldOut: (readonly number[])[] = [];
    const spy: Method = {
      name: "spy",
      forecast({ training, observed }) {
        const known = new Set(training.map((specimen) => observedPart(specimen).join()));
        expect(training.length + observed.length).toBe(specimens.length);
        for (const lengths of observed) {
          expect(lengths).toHaveLength(5);
          expect(known.has(lengths.join())).toBe(false);
        }
        heldOut.push(...observed);
        return observed;
      },
    };
    const { results, folds } = await compare([spy], specimens, foldsOf(virkler, specimens, full));
    expect(folds).toHaveLength(10);
    expect(new Set(heldOut.map((lengths) => lengths.join())).size).toBe(68);
    // Forecasts come back to the specimen they are of.
    expect(results[0]!.forecasts).toEqual(specimens.map(observedPart));
  });

  it("the law fitted to forecasts beats the one refitted on the observed part, and that one mean growth", async () => {
    const comparison = await compare(baselines, specimens, foldsOf(virkler, specimens, full));
    const rmse = new Map(comparison.results.map((result) => [result.method, scoreOf(comparison, result).rmse]));
    expect(rmse.get(toBeat)!).toBeLessThan(rmse.get(parisRefitted.name)! / 2);
    expect(rmse.get(parisRefitted.name)!).toBeLessThan(rmse.get("mean growth")!);
  });

  it("gives finite forecasts by every method, better than mean growth by networks, and the same for the same seed", async () => {
    // The networks that main.ts has trained and kept, in a process of its own.
    const { run } = await openTrials(join(folder, readdirSync(folder)[0]!), { settings: small });
    const kept = await compare(allMethods(wasmBackend(), small, run), specimens, foldsOf(virkler, specimens, small));
    expect(kept.results.map(({ method }) => method)).toEqual([
      "mean growth",
      "linear regression",
      "Paris, population",
      "Paris, C refitted",
      "Paris, for forecasts",
      "LSTM",
      "Transformer",
    ]);
    for (const { method, forecasts } of kept.results) {
      expect(forecasts, method).toHaveLength(68);
      expect(forecasts.flat().every(Number.isFinite), method).toBe(true);
    }
    const [easy, ...others] = kept.results.map((result) => scoreOf(kept, result).rmse);
    for (const network of others.slice(-2)) expect(network).toBeLessThan(easy! / 2);
    const isLstm = ({ name }: Method): boolean => name === lstmName;
    const again = await compare(
      allMethods(wasmBackend(), small).filter(isLstm),
      specimens,
      foldsOf(virkler, specimens, small),
    );
    expect(again.results).toEqual(kept.results.filter(({ method }) => method === lstmName));
  }, 120_000);
});

it("prints the table and writes the report", () => {
  expect(stdout).toMatch(/^Paris, for forecasts( +\d\.\d{3}){3} ± \d\.\d{3}( +\d\.\d{3}){5}$/m);
  for (const network of ["LSTM", "Transformer"]) {
    expect(stdout).toMatch(new RegExp(`^${network} .+ on \\d+ of 68 specimens$`, "m"));
  }
  const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
  for (const title of ["The slowest crack: specimen 68", "Errors by step ahead"]) expect(page).toContain(title);
});
