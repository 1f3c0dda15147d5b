// Kernels that are compiled, by their text: in the GPU's context, and as files from one process to the next.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Launch } from "@hooke/kernels";
import { entry } from "@hooke/kernels/cuda";
import { remember } from "@hooke/runtime";
import { type Compiler, compile, optionsFor } from "./compiler.ts";
import type { Context } from "./context.ts";

export class Modules {
  private readonly context: Context;
  private readonly compiler: Compiler;
  private readonly folder: string;
  private readonly known = new Map<string, Promise<bigint>>();

  /** @param folder of what was compiled before */
  constructor(context: Context, compiler: Compiler, folder: string) {
    this.context = context;
    this.compiler = compiler;
    this.folder = folder;
  }

  /** The functions of launches. @throws with the name of the kernel that does not compile, and its line */
  async of(launches: readonly Launch[]): Promise<bigint[]> {
    return Promise.all(launches.map((launch) => remember(this.known, launch.code, () => this.load(launch))));
  }

  private async load(launch: Launch): Promise<bigint> {
    const { compiler, context } = this;
    const { functions, gpu } = context;
    const key = createHash("sha256");
    for (const part of [compiler.version, ...optionsFor(compiler, gpu.capability), launch.code])
      key.update(`${part}\n`);
    const file = join(this.folder, `${key.digest("hex").slice(0, 32)}.cubin`);
    const module = new BigUint64Array(1);
    const kept = await readFile(file).catch(() => undefined);
    if (kept !== undefined) {
      context.enter();
      // What a disk has damaged is compiled again.
      if (functions.cuModuleLoadData(module, kept) === 0) return this.functionOf(launch, module[0]!);
    }
    const image = await compile(compiler, gpu.capability, launch);
    await keep(file, image);
    context.enter();
    context.check(`the kernel "${launch.label}"`, functions.cuModuleLoadData(module, image));
    return this.functionOf(launch, module[0]!);
  }

  private functionOf({ label }: Launch, module: bigint): bigint {
    const { context } = this;
    return context.make(`the kernel "${label}"`, (to) => context.functions.cuModuleGetFunction(to, module, entry));
  }
}

/** Writes a file as a whole, where that is possible: one that cannot be kept is compiled again next time. */
async function keep(file: string, image: Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(unfinished, image);
    await rename(unfinished, file);
  } catch {}
}
