// Runs the checks over the layers of a plugin; a check that throws is a check with a problem.
import { core } from "@hooke/core";
import type { Backend, LayerConstructor, Plugin } from "@hooke/runtime";
import { type LayerCase, type LayerCheckName, titleOf } from "./case.ts";
import { layerChecks } from "./checks/index.ts";

/** Cases for every layer of a plugin: a forgotten one does not compile. */
export type LayerCases<L> = { readonly [K in keyof L]: readonly LayerCase[] };

/** What one check found on one case. */
export interface LayerCheckResult {
  /** The layer, its options and its input. */
  readonly title: string;
  readonly check: LayerCheckName;
  /** Why the case leaves the check out; absent if it ran. */
  readonly skipped?: string;
  readonly problems: readonly string[];
}

/** One check of one case, not yet run. */
export interface PlannedLayerCheck extends Omit<LayerCheckResult, "problems"> {
  run(backend: Backend): Promise<readonly string[]>;
}

/** Every check of every case, in the order of the table. */
export function planLayerChecks(
  plugin: Plugin,
  cases: Readonly<Record<string, readonly LayerCase[]>>,
): PlannedLayerCheck[] {
  const plugins = plugin.name === core.name ? [core] : [core, plugin];
  return Object.values(cases)
    .flat()
    .flatMap((entry) =>
      Object.entries(layerChecks).map(([name, run]): PlannedLayerCheck => {
        const check = name as LayerCheckName;
        const skipped = entry.skip?.[check];
        return {
          title: titleOf(entry),
          check,
          ...(skipped !== undefined && { skipped }),
          run: (backend) => run(entry, { backend, plugins }).catch((error) => [`throws ${error}`]),
        };
      }),
    );
}

/** What the table of cases lacks or has too much: for callers whose compiler did not look. */
export function tableProblems(plugin: Plugin, cases: Readonly<Record<string, readonly LayerCase[]>>): string[] {
  const names = new Set([...Object.keys(plugin.layers ?? {}), ...Object.keys(cases)]);
  return [...names].flatMap((name) => {
    if (plugin.layers?.[name] === undefined) return [`${name} is no layer of the plugin ${plugin.name}`];
    const entries = cases[name] ?? [];
    if (entries.length === 0) return [`${name} has no case`];
    return entries.filter(({ layer }) => layer.type !== name).map(({ layer }) => `${name} has a case of ${layer.type}`);
  });
}

/**
 * Runs the checks of {@link layerConformance} without a test runner, and collects what they find; it never throws.
 *
 * @param cases at least one for every layer of the plugin
 */
export async function runLayerChecks<const L extends Readonly<Record<string, LayerConstructor>>>(
  plugin: Plugin<{ readonly layers: L }>,
  cases: LayerCases<L>,
  backend: Backend,
): Promise<LayerCheckResult[]> {
  const results: LayerCheckResult[] = [];
  for (const { run, ...planned } of planLayerChecks(plugin, cases)) {
    results.push({ ...planned, problems: planned.skipped === undefined ? await run(backend) : [] });
  }
  return results;
}
