// The lowering passes the conformance suite on tfjs's plain JavaScript engine.
import { conformance } from "@hooke/testkit";
import { engineBackend } from "./engine.fixture.ts";

const skip = { "long sums": "its sums of f32 run on and drift" };

conformance("tfjs cpu", () => engineBackend("cpu"), { skip });

// Whatever an engine can do, programs are right without relying on it.
conformance("tfjs cpu, of which nothing is known", () => engineBackend("cpu", { capabilities: {} }), { skip });
