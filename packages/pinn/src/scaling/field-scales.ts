// The scales of fields: from what conditions and exact transforms say they are, else from what equations need them to be.
import { type Backend, foldHost, full, type HostArray, type Tensor } from "@hooke/runtime";
import { once } from "../compiled.ts";
import { partsOf, View } from "../derivatives/view.ts";
import type { Residuals } from "../evaluator.ts";
import { type FieldScales, f64, type Networks, type Parameters, sourceAt, transformed, unknownsIn } from "../model.ts";
import type { Problem } from "../problem.ts";
import { energyNames, residualName, type SiteData } from "../residuals.ts";
import { type GivenScales, rms } from "./scales.ts";

/** What finding scales needs to know. */
export interface Probe {
  readonly backend: Backend;
  readonly problem: Problem;
  readonly networks: Networks;
  readonly parameters: Parameters;
  readonly sites: readonly SiteData[];
  /** What the terms say with these scales of fields. */
  residuals(scales: FieldScales): Promise<Residuals>;
}

/**
 * Finds the scales of fields. One whose values conditions give, or an exact transform, has the size of the largest of them (root mean square). Of others
 * the equations decide: a field is as large as it takes to balance what is there without it.
 */
export async function fieldScales(probe: Probe, given: GivenScales, key: HostArray): Promise<FieldScales> {
  const names = Object.keys(probe.problem.fields);
  const stated = await statedSizes(probe);
  const exact = await exactSizes(probe, key);
  const scales = new Map<string, number>();
  for (const name of names) {
    const { offset, slope } = exact[name] ?? { offset: 0, slope: 1 };
    const size = Math.max(stated[name] ?? 0, offset);
    if (given[name] !== undefined) scales.set(name, given[name]);
    else if (size > 0 && slope > 0) scales.set(name, size / slope);
  }
  const energies = energyNames(probe.problem);
  const now = (name?: string): FieldScales =>
    Object.fromEntries(
      names.map((each) => [each, scales.get(each) ?? (each === name ? 1 / (exact[each]?.slope || 1) : 0)]),
    );
  for (let found = true; found; ) {
    found = false;
    for (const name of names.filter((each) => !scales.has(each))) {
      const without = await probe.residuals(now());
      const unit = now(name);
      const said = await probe.residuals(unit);
      const twice = energies.size === 0 ? said : await probe.residuals({ ...unit, [name]: 2 * unit[name]! });
      const ratio = leastEnergy(probe.problem, without, said, twice) ?? needed(without, said, energies);
      if (ratio === undefined) continue;
      scales.set(name, ratio * unit[name]!);
      found = true;
    }
  }
  return Object.fromEntries(names.map((name) => [name, scales.get(name) ?? 1 / (exact[name]?.slope || 1)]));
}

/** How many units of a field the largest share of what is there without it takes. */
function needed(without: Residuals, unit: Residuals, energies: ReadonlySet<string>): number | undefined {
  const squares = Object.entries(without).filter(([name]) => !energies.has(name));
  const ratios = squares.map(([name, values]) => {
    return rms(values) / rms(values.map((value, i) => unit[name]![i]! - value));
  });
  const useful = ratios.filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  return useful.length === 0 ? undefined : Math.max(...useful);
}

/** How many units of a field the energy would be least with, if its parts of first and of second order in the field did not cancel at any two points. */
function leastEnergy(
  { terms, plan }: Problem,
  without: Residuals,
  unit: Residuals,
  twice: Residuals,
): number | undefined {
  let [first, second] = [0, 0];
  for (const [term, { kind, points, weight }] of Object.entries(terms)) {
    if (kind !== "energy") continue;
    for (const component of plan.components[term]!) {
      const name = residualName(term, component);
      const none = without[name]!;
      const curved = none.map((value, i) => (twice[name]![i]! - 2 * unit[name]![i]! + value) / 2);
      first += weight * points.measure * rms(none.map((value, i) => unit[name]![i]! - value - curved[i]!));
      second += weight * points.measure * rms(curved);
    }
  }
  const ratio = first / (2 * second);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
}

/** The largest root mean square that terms state of a field. */
async function statedSizes({ backend, problem, networks, parameters, sites }: Probe): Promise<Record<string, number>> {
  const { terms, plan } = problem;
  const stating = Object.entries(terms).filter(([, { targets }]) => targets !== undefined);
  if (stating.length === 0) return {};
  const zero = Object.fromEntries(Object.keys(problem.fields).map((name) => [name, 0]));
  const values = (
    own: Parameters<Tensor>,
    scales: FieldScales<Tensor>,
    data: readonly SiteData<Tensor>[],
  ): Record<string, Record<string, readonly Tensor[]>> =>
    Object.fromEntries(
      stating.map(([name, term]) => {
        const site = plan.sitesOf[name]![0]!;
        const source = sourceAt(problem, networks, own, scales, data[site]!, plan.sites[site]!.requests);
        const said = term.targets!(new View(problem, source).at);
        return [
          name,
          Object.fromEntries(
            Object.entries(said).map(([field, targets]) => [
              field,
              targets.map((target) => partsOf(`term "${name}"`, target, source.count)[""]!),
            ]),
          ),
        ];
      }),
    );
  const results = (await once(backend, values, parameters, f64(zero), sites)) as Record<
    string,
    Record<string, readonly HostArray[]>
  >;
  const sizes: Record<string, number> = {};
  for (const byField of Object.values(results)) {
    for (const [field, arrays] of Object.entries(byField)) {
      sizes[field] = Math.max(sizes[field] ?? 0, ...arrays.map(({ data }) => rms(data)));
    }
  }
  return sizes;
}

/** Of exact transforms: how large a field is where its network says 0, and how much more if it says 1. */
async function exactSizes(
  { backend, problem, parameters }: Probe,
  key: HostArray,
): Promise<Record<string, { readonly offset: number; readonly slope: number }>> {
  const names = Object.keys(problem.exact);
  if (names.length === 0) return {};
  const points = problem.domain.interior(256);
  const { rows } = points.draw(foldHost(key, "exact"));
  const dimensions = problem.domain.coordinates.length;
  const columns = problem.domain.coordinates.map(
    (_, axis): HostArray => ({
      shape: [points.count],
      dtype: "f64",
      data: Float64Array.from({ length: points.count }, (_, i) => rows[i * dimensions + axis]!),
    }),
  );
  const values = (own: Parameters<Tensor>, coordinates: readonly Tensor[]) =>
    names.map((name) => {
      const size = Math.max(problem.fields[name]!.components.length, 1);
      return [0, 1].map((value) => {
        const free = Array.from({ length: size }, () => full([points.count], value, "f64"));
        return transformed(problem, name, free, (axis) => coordinates[axis]!, unknownsIn(problem, own), points.count);
      });
    });
  const results = (await once(backend, values, parameters, columns)) as unknown as HostArray[][][];
  const whole = (arrays: readonly HostArray[]): number[] => arrays.flatMap(({ data }) => [...data]);
  return Object.fromEntries(
    names.map((name, i) => {
      const [zero, one] = results[i]!.map(whole) as [number[], number[]];
      return [name, { offset: rms(zero), slope: rms(one.map((value, j) => value - zero[j]!)) }];
    }),
  );
}
