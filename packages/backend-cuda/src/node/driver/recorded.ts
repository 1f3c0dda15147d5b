// A program as a CUDA graph: its launches one after the other, loops written out. Where arrays have moved, the nodes that point to them are told.
import { type Launch, launchesOf, type Pointer, type Recording, type Step } from "@hooke/kernels";
import { nodesOf } from "@hooke/kernels/cuda";
import type { Context } from "./context.ts";
import { kernelNode, launchParameters } from "./layouts.ts";
import type { Memory } from "./memory.ts";
import type { Modules } from "./modules.ts";

/** Bytes of a node before its parameters: the structure, the list `extra` of five pointers, and the size of the parameters. */
const [extraAt, sizeAt, parametersAt] = [kernelNode.bytes, kernelNode.bytes + 40, kernelNode.bytes + 48];
/** Bytes of the address of the memory, which parameters begin with. */
const addressBytes = 8;

/** Launches whose parameters change. */
interface Node {
  readonly handle: bigint;
  readonly label: string;
  /** Where its structure is. */
  readonly address: bigint;
  /** Where its first pointer is, in words. */
  readonly first: number;
  readonly pointers: readonly Pointer[];
}

export class Recorded implements Recording {
  private readonly context: Context;
  private readonly graph: bigint;
  private readonly executable: bigint;
  private readonly nodes: Node[] = [];
  /** Structures and parameters of all nodes, as the driver sees them. */
  private readonly block: bigint;
  private readonly words: Uint32Array<ArrayBuffer>;
  /** Its first kernels, for errors. */
  private readonly label: string;
  private addresses: readonly number[] = [];

  private constructor(context: Context, memory: Memory, steps: readonly Step[], compiled: ReadonlyMap<Launch, bigint>) {
    this.context = context;
    const { functions, driver } = context;
    const labels = [...new Set(launchesOf(steps).map(({ label }) => `"${label}"`))];
    this.label = `${labels.slice(0, 3).join(", ")}${labels.length > 3 ? " ..." : ""}`;
    const bases = 1 + Math.max(0, ...launchesOf(steps).flatMap(({ pointers }) => pointers.map(({ base }) => base)));
    const launches = [...nodesOf(steps, new Array<number>(bases).fill(0))];
    const starts: number[] = [];
    let end = 0;
    for (const { uniforms, steps: around } of launches) {
      starts.push(end);
      end += parametersAt + addressBytes + 8 * Math.ceil((uniforms.length + around.length) / 2);
    }
    this.block = driver.koffi.alloc("uint8_t", Math.max(end, 8)) as bigint;
    const bytes = driver.koffi.view(this.block, Math.max(end, 8));
    this.words = new Uint32Array(bytes);
    const longs = new BigUint64Array(bytes);
    this.words.fill(0);
    this.graph = context.make("a graph", (to) => functions.cuGraphCreate(to, 0));
    const before = new BigUint64Array(1);
    for (const [i, { launch, uniforms, steps: around }] of launches.entries()) {
      const start = starts[i]!;
      const address = this.block + BigInt(start);
      const { at } = kernelNode;
      const size = addressBytes + 4 * (uniforms.length + around.length);
      longs[(start + at.func) / 8] = compiled.get(launch)!;
      this.words.set([...launch.groups, 1, launch.threads, 1, 1], (start + at.gridDimX) / 4);
      longs[(start + at.extra) / 8] = address + BigInt(extraAt);
      const { CU_LAUNCH_PARAM_BUFFER_POINTER, CU_LAUNCH_PARAM_BUFFER_SIZE, CU_LAUNCH_PARAM_END } = launchParameters;
      const parameters = address + BigInt(parametersAt);
      longs.set(
        [
          ...[CU_LAUNCH_PARAM_BUFFER_POINTER, parameters],
          ...[CU_LAUNCH_PARAM_BUFFER_SIZE, address + BigInt(sizeAt)],
          CU_LAUNCH_PARAM_END,
        ],
        (start + extraAt) / 8,
      );
      longs[(start + sizeAt) / 8] = BigInt(size);
      longs[(start + parametersAt) / 8] = memory.base;
      const given = (start + parametersAt + addressBytes) / 4;
      this.words.set(uniforms, given);
      this.words.set(around, given + uniforms.length);
      const handle = context.make(`the launch of "${launch.label}"`, (to) =>
        functions.cuGraphAddKernelNode_v2(to, this.graph, before, i === 0 ? 0 : 1, address),
      );
      before[0] = handle;
      const first = given + uniforms.length - launch.pointers.length;
      this.nodes.push({ handle, label: launch.label, address, first, pointers: launch.pointers });
    }
    this.executable = context.make(`a graph of ${launches.length} launches`, (to) =>
      functions.cuGraphInstantiateWithFlags(to, this.graph, 0),
    );
  }

  static async of(context: Context, memory: Memory, modules: Modules, steps: readonly Step[]): Promise<Recorded> {
    const launches = launchesOf(steps);
    const functions = await modules.of(launches);
    context.enter();
    return new Recorded(context, memory, steps, new Map(launches.map((launch, i) => [launch, functions[i]!])));
  }

  run(addresses: readonly number[]): void {
    const { context } = this;
    context.enter();
    this.point(addresses);
    context.launched = this.label;
    if (this.nodes.length > 0) {
      context.check(this.label, context.functions.cuGraphLaunch(this.executable, context.stream));
    }
  }

  free(): void {
    const { functions, driver, isClosed } = this.context;
    if (!isClosed) {
      // What still runs goes on.
      functions.cuGraphExecDestroy(this.executable);
      functions.cuGraphDestroy(this.graph);
    }
    driver.koffi.free(this.block);
  }

  /** Fills in where arrays lie, where that has changed. What runs already is not touched. */
  private point(addresses: readonly number[]): void {
    const isSame =
      addresses.length === this.addresses.length && addresses.every((each, i) => each === this.addresses[i]);
    if (isSame) return;
    const { context, words } = this;
    for (const { handle, label, address, first, pointers } of this.nodes) {
      let hasChanged = false;
      for (const [i, { base, offset }] of pointers.entries()) {
        const word = addresses[base]! + offset;
        if (words[first + i] === word) continue;
        words[first + i] = word;
        hasChanged = true;
      }
      if (!hasChanged) continue;
      const code = context.functions.cuGraphExecKernelNodeSetParams_v2(this.executable, handle, address);
      context.check(`the launch of "${label}"`, code);
    }
    this.addresses = [...addresses];
  }
}
