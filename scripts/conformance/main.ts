// Runs the conformance suite on every backend and environment of this machine and writes docs/conformance.md.
//
//   npm run conformance
//
// CUDA's column runs where `hooke-cuda setup` has been, on the processor if TensorFlow finds no GPU there; those of Deno and Firefox where these
// are (HOOKE_DENO and HOOKE_FIREFOX are their paths), on Mesa's lavapipe if that is there: another compiler and another driver than the rest.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cudaBackend, cudaFactory } from "@hooke/backend-cuda";
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpu, webgpuBackend } from "@hooke/backend-webgpu";
import { referenceBackend } from "@hooke/runtime";
import { denoVersion, runInDeno } from "@hooke/testkit/deno";
import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import {
  type CheckResult,
  conformanceChecks,
  knownDifferences,
  runChecks,
  thirdDerivativeChecks,
  toleranceInWords,
} from "@hooke/testkit/suite";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { evaluateIn, executablePath, launch } from "../../browser/harness/chromium.ts";
import { conformanceInPage } from "../../browser/harness/conformance.ts";
import { evaluateInFirefox, executablePath as firefoxPath } from "../../browser/harness/firefox.ts";
import { type Column, matrix } from "./matrix.ts";

const root = join(import.meta.dirname, "../..");

offerSwiftshader();

const others = [...thirdDerivativeChecks(), ...layerAgreementChecks(), ...trainingChecks()];
const checks = [...conformanceChecks(), ...others];
const titles = others.map(({ group, name }) => `${group}: ${name}`);

async function inChromium(): Promise<Column[]> {
  const names = ["wasm", "webgpu"] as const;
  if (executablePath === undefined) {
    return names.map((name) => ({ title: `${name}, Chromium`, absent: "Chromium is not installed" }));
  }
  const browser = await launch();
  try {
    const columns: Column[] = [];
    for (const name of names) {
      columns.push({
        title: `${name}, Chromium`,
        results: await conformanceInPage(evaluateIn(browser), name, titles),
      });
    }
    return columns;
  } finally {
    await browser.close();
  }
}

async function inFirefox(): Promise<Column> {
  const title = "webgpu, Firefox";
  if (firefoxPath === undefined) return { title, absent: "Firefox is not installed" };
  return { title, results: await conformanceInPage(evaluateInFirefox, "webgpu", titles) };
}

async function inDeno(): Promise<{ column: Column; device: string }> {
  const title = "webgpu, Deno";
  if (denoVersion === undefined) return { column: { title, absent: "Deno is not installed" }, device: "" };
  const printed = await runInDeno(join(import.meta.dirname, "in-deno.ts"));
  const { device, results } = JSON.parse(printed) as { device: string; results: CheckResult[] };
  return { column: { title, results }, device };
}

async function webgpuInNode(): Promise<Column> {
  const title = "webgpu, Node";
  const status = await webgpu.backends.webgpu.available();
  if (!status.available) return { title, absent: status.reason };
  return { title, results: await runChecks(await webgpuBackend(), knownDifferences.webgpu, checks) };
}

async function cudaInNode(): Promise<{ column: Column; device: string }> {
  const title = "cuda, Node";
  const status = await cudaFactory({ acceptCpu: true }).available();
  if (!status.available) return { column: { title, absent: status.reason }, device: "" };
  const results = await runChecks(await cudaBackend({ acceptCpu: true }), knownDifferences.tensorflow, checks);
  return { column: { title, results }, device: status.device };
}

function versions(): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "packages/backend-webgpu/package.json"), "utf8"));
  const chromium =
    executablePath && /[\d.]+/.exec(execFileSync(executablePath, ["--version"], { encoding: "utf8" }))?.[0];
  return [
    `Node ${process.versions.node}`,
    `webgpu (Dawn for Node) ${devDependencies.webgpu}`,
    ...(chromium ? [`Chromium ${chromium}, WebGPU on SwiftShader`] : []),
    ...(firefoxPath ? [execFileSync(firefoxPath, ["--version"], { encoding: "utf8" }).trim()] : []),
  ];
}

const cuda = await cudaInNode();
const deno = await inDeno();
const columns: Column[] = [
  { title: "reference", results: await runChecks(referenceBackend(), {}, checks) },
  { title: "wasm, Node", results: await runChecks(wasmBackend(), {}, checks) },
  await webgpuInNode(),
  cuda.column,
  ...(await inChromium()),
  await inFirefox(),
  deno.column,
];
const page = matrix(columns, {
  date: new Date().toISOString().slice(0, 10),
  versions: [
    ...versions(),
    ...(cuda.device ? [`cuda on ${cuda.device}`] : []),
    ...(deno.device ? [`Deno ${denoVersion}, WebGPU on ${deno.device}`] : []),
  ],
  tolerance: toleranceInWords,
});
writeFileSync(join(root, "docs/conformance.md"), page);
const failed = columns.flatMap((column) => ("results" in column ? column.results : [])).flatMap((r) => r.problems);
for (const problem of failed) console.error(problem);
console.log(`docs/conformance.md: ${columns.length} columns, ${failed.length} problems`);
process.exitCode = failed.length > 0 ? 1 : 0;
