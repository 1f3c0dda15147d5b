// The table of cases over the closed set of primitives: total, so a forgotten primitive does not compile.
import type { PrimitiveName } from "@hooke/runtime";
import type { CaseTable, PrimitiveCase } from "./case.ts";
import { creationCases } from "./creation.ts";
import { elementwiseCases } from "./elementwise.ts";
import { factorizationCases } from "./factorization.ts";
import { linearCases } from "./linear.ts";
import { packingCases } from "./packing.ts";
import { poolingCases } from "./pooling.ts";
import { indexingCases, reductionCases } from "./reduction.ts";
import { scanCases } from "./scan.ts";
import { structureCases } from "./structure.ts";

/** Every case of every primitive, by primitive. */
export function primitiveCases(): ReadonlyMap<PrimitiveName, readonly PrimitiveCase[]> {
  const table: CaseTable = {
    ...elementwiseCases(),
    ...creationCases(),
    ...structureCases(),
    ...reductionCases(),
    ...linearCases(),
    ...factorizationCases(),
    ...poolingCases(),
    ...indexingCases(),
    ...packingCases(),
    scan: scanCases(),
  };
  return new Map(
    (Object.keys(table) as PrimitiveName[]).map((primitive) => [
      primitive,
      table[primitive].map((entry) => ({ ...entry, primitive }) as PrimitiveCase),
    ]),
  );
}
