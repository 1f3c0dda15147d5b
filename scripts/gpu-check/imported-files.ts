// What the programs of the check import from node_modules.
import { build } from "esbuild";

/** Programs that the check runs, by their paths in the repository. */
const entries = [
  "scripts/gpu-check/check.ts",
  "packages/backend-webgpu/src/train.fixture.ts",
  "benchmarks/main.ts",
  "benchmarks/peers/hooke.ts",
  "benchmarks/peers/tfjs-layers.ts",
];
/** Dawn and koffi are packed by themselves; the others are loaded where somebody reads such a file. */
const apart = ["webgpu", "hyparquet", "hyparquet-compressors", "h5wasm", "sharp", "jpeg-js", "openchemlib", "koffi"];

/** Paths below `root`, such as `node_modules/.pnpm/...`. */
export async function importedFiles(root: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: entries,
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    outdir: "none",
    logLevel: "error",
    external: apart,
    loader: { ".node": "empty", ".wasm": "empty" },
  });
  return Object.keys(metafile.inputs).filter((path) => path.startsWith("node_modules/"));
}
