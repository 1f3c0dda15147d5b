// The lowering passes the conformance suite on tfjs's plain JavaScript engine.
import { conformance } from "@hooke/testkit";
import { engineBackend } from "./engine.fixture.ts";

conformance("tfjs cpu", () => engineBackend("cpu"));
