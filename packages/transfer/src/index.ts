/**
 * Pretrained networks for few images: cached features, probes, heads, fine-tuning, and which of them pays.
 *
 * @packageDocumentation
 */
export { logMe } from "./compare/log-me.ts";
export { type Probe, type ProbeOptions, probe } from "./probe/probe.ts";
