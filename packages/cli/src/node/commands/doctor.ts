// `hooke doctor`: what is installed, what can run here, and what cures the rest.
import { createRequire } from "node:module";
import { join } from "node:path";
import { wasm } from "@hooke/backend-wasm";
import { type WideVectors, wideVectors } from "@hooke/backend-wasm/engine";
import type { MpiFound } from "@hooke/distributed-mpi";
import { type BackendStatus, createRuntime, HookeError, type Plugin } from "@hooke/runtime";
import { meansHere } from "../clusters/found.ts";
import type { Command } from "../command.ts";
import { backend } from "../data.ts";
import { tableText, wrapped } from "../terminal.ts";

/** The oldest Node that is supported. */
const oldestNode = 22;

const packages = (
  "attention backend-cuda backend-tfjs backend-wasm backend-webgpu baselines cli core data distributed-mpi explain io layers-conv layers-graph layers-seq minimize " +
  "model-advisor pinn regularization report runtime sweep transfer uncertainty"
)
  .split(" ")
  .map((name) => `@hooke/${name}`);

export const doctor: Command = {
  does: "says what is installed, which backends can run here and what cures the rest, what can run many trainings, and which MPI connects ranks",
  positionals: [],
  options: { json: { does: "prints it as JSON" } },
  async run({ options }, { output }) {
    const node = {
      version: process.versions.node,
      supported: Number(process.versions.node.split(".")[0]) >= oldestNode,
    };
    const [backends, means, mpi, installed] = [await backendsHere(), await meansHere(), await mpiHere(), versions()];
    const wide = wideVectors();
    if (options.json === true) {
      output.write(`${JSON.stringify({ node, backends, wide, means, mpi, packages: installed })}\n`);
      return;
    }
    output.write(
      `Node ${node.version}${node.supported ? "" : `: too old, install ${oldestNode} or newer`} on ${process.platform} ${process.arch}\n\n`,
    );
    for (const status of backends) output.write(`${wrapped(describe(status), output.columns)}\n`);
    output.write(`${wrapped(`vectors of 256 bits: ${describeWide(wide)}`, output.columns)}\n`);
    output.write("\nMany trainings:\n");
    for (const { name, says } of means) output.write(`${wrapped(`${name}: ${says}`, output.columns)}\n`);
    output.write(`\nOne training on many ranks:\n${wrapped(`MPI: ${mpi.says}`, output.columns)}\n`);
    output.write(`\n${tableText(["package", "version"], Object.entries(installed), output.columns).join("\n")}\n`);
  },
};

function describe(status: BackendStatus): string {
  if (status.available) return `${status.name}: runs${"device" in status ? ` on ${String(status.device)}` : ""}`;
  return `${status.name}: does not run: ${status.reason} ${status.cure}`;
}

function describeWide(wide: WideVectors): string {
  if (!wide.available) return `wasm does without: ${wide.reason}.`;
  return process.env.HOOKE_WIDE === "1"
    ? "wasm has them, by HOOKE_WIDE=1"
    : "HOOKE_WIDE=1 gives them to wasm: the same results, products in half the time";
}

async function backendsHere(): Promise<readonly BackendStatus[]> {
  const optional = [
    {
      name: "webgpu",
      owner: "@hooke/backend-webgpu",
      load: async () => (await import("@hooke/backend-webgpu")).webgpu,
    },
    { name: "cuda", owner: "@hooke/backend-cuda", load: async () => (await import("@hooke/backend-cuda")).cuda },
  ];
  const found = await Promise.all(
    optional.map(async ({ name, owner, load }): Promise<Plugin | BackendStatus> => {
      try {
        return await load();
      } catch {
        return { name, available: false, reason: `${owner} is not installed.`, cure: `npm install ${owner}` };
      }
    }),
  );
  const plugins: Plugin[] = [wasm, ...found.filter((each): each is Plugin => !("available" in each))];
  const missing = found.filter((each): each is BackendStatus => "available" in each);
  const runtime = await createRuntime({ plugins, backend: backend() });
  return [...(await runtime.backends()), ...missing];
}

/** The MPI libraries that ranks of one training can be connected by, and what cures that there are none. */
async function mpiHere(): Promise<{ readonly libraries: readonly string[]; readonly says: string }> {
  let found: Pick<MpiFound, "libraries" | "cure">;
  try {
    const { findMpi } = await import("@hooke/distributed-mpi");
    found = findMpi();
  } catch (error) {
    const cure = error instanceof HookeError ? error.message : "npm install @hooke/distributed-mpi";
    found = { libraries: [], cure };
  }
  const libraries = found.libraries.map(({ version, path }) => `${version} (${path})`);
  return { libraries, says: libraries.length > 0 ? libraries.join(", ") : `none is found. ${found.cure}` };
}

/** Of the packages of Hooke that a project in this folder finds, or this program does. */
function versions(): Record<string, string> {
  const near = [join(process.cwd(), "package.json"), import.meta.url].map((from) => createRequire(from));
  return Object.fromEntries(
    packages.flatMap((name) => {
      for (const require of near) {
        try {
          return [[name, String(require(`${name}/package.json`).version)]];
        } catch {
          // Not found from there.
        }
      }
      return [];
    }),
  );
}
