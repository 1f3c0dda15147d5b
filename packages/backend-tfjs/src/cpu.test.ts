// The lowering passes the conformance suite on tfjs's plain JavaScript engine.
import { conformance } from "@hooke/testkit";
import { extremeConformance } from "@hooke/testkit/extremes";
import { knownDifferences, leftOut } from "@hooke/testkit/suite";
import { dtypes } from "./backend.ts";
import { engineBackend } from "./engine.fixture.ts";

const options = { terms: 1e4, skip: knownDifferences.tfjs };

conformance("tfjs cpu", () => engineBackend("cpu"), options);

// Whatever an engine can do, programs are right without relying on it.
const part = { every: 2, reason: "one in two; HOOKE_TESTS=full runs all" };
const skip = process.env.HOOKE_TESTS === "full" ? options.skip : { ...leftOut({ dtypes }, part), ...options.skip };
conformance("tfjs cpu, of which nothing is known", () => engineBackend("cpu", { capabilities: {} }), {
  ...options,
  skip,
});

extremeConformance("tfjs cpu", () => engineBackend("cpu"));
