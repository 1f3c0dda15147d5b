// The lowering passes the conformance suite on tfjs's plain JavaScript engine.
import { conformance } from "@hooke/testkit";
import { extremeConformance } from "@hooke/testkit/extremes";
import { engineBackend } from "./engine.fixture.ts";

const terms = 1e4;

conformance("tfjs cpu", () => engineBackend("cpu"), { terms });

// Whatever an engine can do, programs are right without relying on it.
conformance("tfjs cpu, of which nothing is known", () => engineBackend("cpu", { capabilities: {} }), { terms });

extremeConformance("tfjs cpu", () => engineBackend("cpu"));
