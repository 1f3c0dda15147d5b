// The networks together: out of what is kept of them, and what they say of molecules.
import { baselines, decodeFitted, type Fitted } from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { graphNetwork } from "@hooke/model-advisor/graphs";
import { array } from "@hooke/runtime";
import { type Mixture, mixtureOf } from "@hooke/uncertainty";

/** How many new molecules shall be within the bounds. */
export const level = 0.9;

const plugins = [baselines, { name: "graphs", methods: { graphNetwork } }];

export const decodeMembers = (members: readonly Uint8Array[]): Fitted[] =>
  members.map((bytes) => decodeFitted(bytes, { plugins }));

/** What the networks say together: they differ, and measurements scatter about each as on rows that it held out. */
export function mixture(members: readonly Fitted[], table: Table): Mixture {
  const all = members.map((fitted) => fitted.predict(table, { level }));
  const draws = array(
    all.map(({ values }) => [...values]),
    { dtype: "f64" },
  );
  const noise = array(
    all.map(({ deviation }) => [...deviation!]),
    { dtype: "f64" },
  );
  return mixtureOf(draws, { noise });
}
