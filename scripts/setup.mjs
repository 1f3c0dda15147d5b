// Runs a script of package.json under the pinned pnpm and Node, installing first when a fresh clone or a changed
// lockfile asks for it. Plain JavaScript for Node >= 22: it runs before anything is installed.
//
//   node scripts/setup.mjs <script> [arguments]

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const pnpmSpec = JSON.parse(readFileSync(`${root}package.json`, "utf8")).packageManager;
const stampFile = `${root}node_modules/.setup-stamp`;

// Ctrl-C reaches the started program too, which may have something to save: this one stays until it has ended.
process.on("SIGINT", () => {});

function pnpm(args, env = {}) {
  const { status, signal, error } = spawnSync("npx", ["--yes", pnpmSpec, ...args], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, npm_config_loglevel: "error", ...env },
  });
  if (error) throw error;
  if (signal || status !== 0) process.exit(status ?? 1);
}

/** What an install depends on: another lockfile, platform or workspace setting makes it stale. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(root + file));
  return hash.digest("hex");
}

const [script, ...scriptArguments] = process.argv.slice(2);
if (!script) throw new Error("setup: no script named; usage: node scripts/setup.mjs <script> [arguments]");

const wanted = fingerprint();
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== wanted) {
  console.log(`Setting up: ${pnpmSpec} installs the pinned Node, compilers and test tools into node_modules.`);
  // CI=true: never ask, never rewrite the lockfile.
  pnpm(["install", "--frozen-lockfile"], { CI: "true" });
  writeFileSync(stampFile, wanted);
}
pnpm(["run", script, ...scriptArguments]);
