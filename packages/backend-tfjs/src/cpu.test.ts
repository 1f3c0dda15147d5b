// The lowering passes the conformance suite on tfjs's plain JavaScript engine.
import { conformance } from "@hooke/testkit";
import { extremeConformance } from "@hooke/testkit/extremes";
import { knownDifferences } from "@hooke/testkit/suite";
import { engineBackend } from "./engine.fixture.ts";

const options = { terms: 1e4, skip: knownDifferences.tfjs };

conformance("tfjs cpu", () => engineBackend("cpu"), options);

// Whatever an engine can do, programs are right without relying on it.
conformance("tfjs cpu, of which nothing is known", () => engineBackend("cpu", { capabilities: {} }), options);

extremeConformance("tfjs cpu", () => engineBackend("cpu"));
