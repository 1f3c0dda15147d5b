// The table of checks: what every layer must do.
import type { LayerCase, LayerSite } from "../case.ts";
import { agreement } from "./agreement.ts";
import { derivatives } from "./derivatives.ts";
import { frozenLayer } from "./frozen.ts";
import { padding } from "./padding.ts";
import { refusals } from "./refusals.ts";
import { reproducible } from "./reproducible.ts";
import { roundTrip } from "./round-trip.ts";
import { rowByRow } from "./rows.ts";
import { shapes } from "./shapes.ts";

/** Names of the checks, as `skip` takes them. */
export type LayerCheckName =
  | "round trip"
  | "shapes"
  | "derivatives"
  | "rows"
  | "padding"
  | "frozen"
  | "refusals"
  | "reproducible"
  | "agreement";

/** Says what is wrong; an empty list if all is well. It may throw what the layer throws. */
export type LayerCheck = (entry: LayerCase, site: LayerSite) => Promise<string[]>;

/** Every check, in the order of the documentation. */
export const layerChecks: Readonly<Record<LayerCheckName, LayerCheck>> = {
  "round trip": roundTrip,
  shapes,
  derivatives,
  rows: rowByRow,
  padding,
  frozen: frozenLayer,
  refusals,
  reproducible,
  agreement,
};
