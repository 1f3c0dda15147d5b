// The table of checks: what every layer must do.
import type { LayerCheck, LayerCheckName } from "../case.ts";
import { agreement } from "./agreement.ts";
import { derivatives } from "./derivatives.ts";
import { frozenLayer } from "./frozen.ts";
import { padding } from "./padding.ts";
import { refusals } from "./refusals.ts";
import { reproducible } from "./reproducible.ts";
import { roundTrip } from "./round-trip.ts";
import { rowByRow } from "./rows.ts";
import { shapes } from "./shapes.ts";

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
