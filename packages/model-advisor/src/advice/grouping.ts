// Which rows belong together: as the user says, or as it is found, with what is to be said of it.
import type { Samples } from "@hooke/baselines";
import type { RowNames } from "@hooke/data";
import type { Setting } from "../comparison/measurement.ts";
import { type Factor, findGroups, type GroupProposal, groupsIn } from "../reading/groups.ts";
import { type NearRows, nearRows } from "../reading/near-rows.ts";
import type { Assumption, Warning } from "../reading/reading.ts";
import type { Structure } from "../rules/rules.ts";
import type { AdviseOptions } from "./options.ts";

/** What was found out. */
export interface Grouping {
  readonly groups: Samples["groups"];
  /** What groups are called; undefined where there are none. */
  readonly name: string | undefined;
  readonly warnings: readonly Warning[];
  readonly assumptions: readonly Assumption[];
  /** The groups of other rows of the table. */
  readonly of: (samples: Samples) => Samples["groups"];
}

/** Share of the rows that nearly repeat others above which it is said. */
const nearShare = 0.05;
/** What such rows are held back by. */
const nearName = "row and its near copies";

/**
 * Groups that the user names, or those that are found: names that repeat and series, whose groups are predicted worse when held back whole, or else rows that
 * nearly repeat others. Steps of sequences name nothing, nor does what is known of graphs, which are told apart themselves.
 *
 * @param named inputs that may name groups. Default: all
 * @param naming columns that name groups, and are no inputs
 */
export async function groupingOf(
  setting: Omit<Setting, "split">,
  { groups, purpose }: AdviseOptions,
  structure: Structure,
  named: readonly string[] | undefined,
  naming: Samples["columns"],
): Promise<Grouping> {
  const { samples } = setting;
  const isSearched = groups === undefined && structure !== "sequences";
  const near = structure === "sequences" || structure === "graphs" ? undefined : nearRows(samples);
  const { proposal, factors } = isSearched
    ? await findGroups(setting, named, naming)
    : { proposal: undefined, factors: [] };
  const taken = factors.map(factorAssumption);
  const known = proposal?.groups ?? samples.groups;
  const count = near === undefined ? 0 : across(near, known);
  const isNear = near !== undefined && count > nearShare * samples.rowCount;
  const isKept = isNear && isSearched && proposal === undefined;
  const warnings = [
    ...(proposal === undefined ? [] : [groupWarning(proposal)]),
    ...(isNear ? [nearWarning(near, count, samples.rowCount, isKept)] : []),
  ];
  if (isKept) {
    const assumptions = [
      ...taken,
      {
        what: "rows that are nearly the same belong together",
        because: `no input of ${count} of them differs by more than ${percent(near.distance)} of its spread`,
        overrule: 'groups: "COLUMN", or groups: "none"',
      },
    ];
    const of = (all: Samples): Samples["groups"] => nearRows(all)?.groups ?? near.groups;
    return { groups: near.groups, name: nearName, warnings, assumptions, of };
  }
  if (proposal === undefined) {
    const name = groups === "none" ? undefined : groups;
    const single = name === undefined ? [] : singleGroups(samples, name);
    return {
      groups: samples.groups,
      name,
      warnings: [...warnings, ...single],
      assumptions: taken,
      of: (all) => all.groups,
    };
  }
  const assumptions = [
    ...taken,
    {
      what: purpose === undefined ? "new rows are of new groups" : `new rows are ${purpose}`,
      because: `rows of one group (${proposal.name}) are predicted ${proposal.ratio.toFixed(1)} times as well by rows of the same one`,
      overrule: 'groups: "COLUMN", or groups: "none"',
    },
  ];
  return { groups: proposal.groups, name: proposal.name, warnings, assumptions, of: (all) => groupsIn(all, proposal) };
}

const factorAssumption = ({ name, helps, ratio }: Factor): Assumption => ({
  what: `"${name}" is an input, and names nothing that rows belong to`,
  because:
    `values that were held back are predicted ${helps.toFixed(1)} times as well with it as without; ` +
    `if it names specimens all the same, errors for new ones are about ${ratio.toFixed(1)} times those by row`,
  overrule: `groups: "${name}"`,
});

/** Groups of more rows than this on average belong together; fewer, and the column tells rows apart. */
const leastMembers = 1.1;

/** Of a column that is named for groups and has another value in nearly every row. */
function singleGroups({ groups, rowCount }: Samples, name: string): Warning[] {
  const count = new Set<unknown>(groups === undefined ? [] : Array.from<unknown>(groups)).size;
  if (rowCount < 10 || count * leastMembers < rowCount) return [];
  const text =
    `"${name}" has ${count} values in ${rowCount} rows: as groups they hold hardly any rows together, and "${name}" is no input. ` +
    'If it was measured, say groups: "none".';
  return [{ kind: "groups", columns: [name], text }];
}

/** Rows that nearly repeat one of another group: what a split by group would part. */
function across({ groups: near, count }: NearRows, groups: RowNames | undefined): number {
  if (groups === undefined) return count;
  return near.reduce((sum, leader, row) => sum + Number(leader !== row && groups[leader] !== groups[row]), 0);
}

const groupWarning = ({ name, columns, count, ratio }: GroupProposal): Warning => ({
  kind: "groups",
  columns: columns.length === 1 ? columns : [],
  text:
    `${count} groups of rows (${name}): an error by group is ${ratio.toFixed(1)} times that by row. If new rows will be of new groups, as new specimens ` +
    'are, errors by row promise too much. Say groups: "none" if they will not.',
});

const nearWarning = ({ distance }: NearRows, count: number, rowCount: number, isKept: boolean): Warning => ({
  kind: "near-duplicates",
  columns: [],
  text:
    `${count} of ${rowCount} rows nearly repeat others: no input differs by more than ${percent(distance)} of its spread. If they were copied and rounded, or ` +
    "are of one specimen, errors by row promise too much. " +
    (isKept
      ? 'They are kept on one side of every split; name what they belong to (groups: "COLUMN"), or say groups: "none".'
      : 'Take copies out, or name what they belong to: groups: "COLUMN".'),
});

const percent = (share: number): string => `${Number((100 * share).toPrecision(1))} %`;
