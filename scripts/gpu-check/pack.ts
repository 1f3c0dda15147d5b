// Packs what the check of a GPU needs beyond the repository, for a machine that has a driver and nothing else: Node, the libraries that
// are imported, koffi, Dawn and the Vulkan loader; and steps of the benchmark as CUDA graphs, where nvcc is.
//
//   node scripts/gpu-check/pack.ts        .cache/gpu-check, a minute, about 40 MiB
//
// There, with the repository and this folder in their places: sh scripts/gpu-check/run.sh
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, mkdirSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { packGraphs } from "./cuda-graphs.ts";
import { importedFiles } from "./imported-files.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".cache/gpu-check");
/** What some ways to another machine carry. */
const limit = 60 * 2 ** 20;

/** The folder of a package, of a path in it. */
const packageOf = (path: string): string => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)![1]!;

/** Links to packages, of the workspace and of those that are packed. */
function linksTo(packed: ReadonlySet<string>): string[] {
  const folders = [
    "node_modules",
    ...globSync("{packages,apps}/*/node_modules", { cwd: root }),
    "benchmarks/node_modules",
  ];
  const inside = [...packed].map((path) => path.slice(0, path.lastIndexOf("node_modules/") + "node_modules".length));
  return [...new Set([...folders, ...inside])]
    .flatMap((where) => globSync([`${where}/*`, `${where}/@*/*`], { cwd: root }))
    .filter((path) => isLink(join(root, path)))
    .filter((path) => {
      const target = relative(root, realpathSync(join(root, path)));
      return packed.has(target) || /^packages\/[^/]+$/.test(target);
    });
}

function isLink(path: string): boolean {
  try {
    return readlinkSync(path) !== "" && existsSync(path);
  } catch {
    return false;
  }
}

/** The loader of Vulkan, and what drivers of NVIDIA are linked to though nothing is shown; small images of containers lack it. */
const libraries = [
  "libvulkan.so.1",
  "libX11.so.6",
  "libXext.so.6",
  "libxcb.so.1",
  "libXau.so.6",
  "libXdmcp.so.6",
] as const;

/** Where this machine has a library. */
function libraryPath(name: string): string {
  const known = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" });
  const found = known.split("\n").find((line) => line.trim().startsWith(`${name} `) && line.includes("x86-64"));
  if (found === undefined) throw new Error(`pack: there is no ${name} here; apt-get install libvulkan1 libxext6.`);
  return realpathSync(found.split(" => ")[1]!);
}

if (process.platform !== "linux" || process.arch !== "x64") {
  throw new Error(
    `pack: this is ${process.platform} on ${process.arch}; pack on the kind of machine that is checked, Linux on x64.`,
  );
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "lib"), { recursive: true });
for (const name of libraries) copyFileSync(libraryPath(name), join(folder, "lib", name));

const imported = await importedFiles(root);
const dawn = relative(root, realpathSync(join(root, "packages/backend-webgpu/node_modules/webgpu")));
const koffi = relative(root, realpathSync(join(root, "packages/backend-cuda/node_modules/koffi")));
const binary = relative(root, realpathSync(join(root, koffi, "../@koromix/koffi-linux-x64")));
const node = relative(root, realpathSync(join(root, "node_modules/node")));
const own = [
  ...["index.js", "package.json", "LICENSE.md", "dist/linux-x64/dawn.node"].map((file) => `${dawn}/${file}`),
  ...["bin/node", "package.json"].map((file) => `${node}/${file}`),
  ...["index.js", "src/koffi/index.js", "src/koffi/src/static.js"].map((file) => `${koffi}/${file}`),
  ...globSync(["index.js", "linux_x64/*"], { cwd: join(root, binary) }).map((file) => `${binary}/${file}`),
];
const packed = new Set([...imported, ...own].map(packageOf));
const about = [...packed].flatMap((path) => globSync([`${path}/package.json`, `${path}/LICENSE*`], { cwd: root }));
const files = [...new Set([...imported, ...own, ...about, ...linksTo(packed), "node_modules/.bin/node"])];
execFileSync("tar", ["-cJf", join(folder, "tools.tar.xz"), "-C", root, "--no-recursion", "-T", "-"], {
  input: files.join("\n"),
  env: { ...process.env, XZ_OPT: "-6 -T0" },
});
const graphs = await packGraphs(join(folder, "graphs"));
const bytes = ["tools.tar.xz", ...globSync(["lib/*", "graphs/*"], { cwd: folder })].reduce(
  (sum, name) => sum + statSync(join(folder, name)).size,
  0,
);
console.log(
  `${relative("", folder)}: ${files.length} files of ${packed.size} packages, ${graphs}, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
);
if (bytes > limit)
  throw new Error(`pack: more than ${limit / 2 ** 20} MiB; see what was added to scripts/gpu-check/imported-files.ts.`);
