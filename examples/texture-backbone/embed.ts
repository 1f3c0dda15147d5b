// Puts the weights that main.ts wrote into the package that ships them: node examples/texture-backbone/embed.ts FILE
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "@hooke/data/node";
import { decodeWeights } from "./weights-file.ts";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("embed: received no file; give the texture-net.safetensors of a run folder.");
const bytes = readFileSync(file);
decodeWeights(bytes);
const digest = createHash("sha256").update(bytes).digest("hex");
const module = [
  "// Written by examples/texture-backbone/embed.ts: a safetensors file of 16-bit floats in base64.",
  `// SHA-256 ${digest}`,
  `export const weights =\n  "${bytes.toString("base64")}";`,
  "",
].join("\n");
const path = fileURLToPath(new URL("../../packages/transfer/src/texture-net/weights.ts", import.meta.url));
await writeFileAtomic(path, new TextEncoder().encode(module));
console.log(`${path}: ${module.length} bytes, SHA-256 ${digest}`);
