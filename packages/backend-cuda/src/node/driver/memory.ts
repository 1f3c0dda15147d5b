// The memory of the device: addresses in one piece, reserved for all that it may hold; memory is put there as it is needed. Nothing moves when it grows.
import type { Extent } from "@hooke/kernels";
import type { Context } from "./context.ts";
import { accessDescription, allocationProperties, constants } from "./layouts.ts";

/** Kernels count words by 32 bits. */
export const mostBytes = 2 ** 34;
/** The first piece, and the most by which memory grows at once if less will do. */
const [firstBytes, mostGrowth] = [2 ** 25, 2 ** 28];

export class Memory implements Extent {
  readonly mostWords: number;
  /** Where it begins. */
  readonly base: bigint;
  private readonly context: Context;
  private readonly properties = new Int32Array(allocationProperties.bytes / 4);
  private readonly access = new Int32Array(accessDescription.bytes / 4);
  private readonly granularity: number;
  private readonly reserved: number;
  /** Bytes of each piece, in order. */
  private readonly pieces: number[] = [];
  private bytes = 0;

  constructor(context: Context) {
    this.context = context;
    const { functions, gpu } = context;
    const { at } = allocationProperties;
    this.properties[at.type / 4] = constants.CU_MEM_ALLOCATION_TYPE_PINNED;
    this.properties[at["location.type"] / 4] = constants.CU_MEM_LOCATION_TYPE_DEVICE;
    this.properties[at["location.id"] / 4] = gpu.device;
    this.access[accessDescription.at["location.type"] / 4] = constants.CU_MEM_LOCATION_TYPE_DEVICE;
    this.access[accessDescription.at["location.id"] / 4] = gpu.device;
    this.access[accessDescription.at.flags / 4] = constants.CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
    const option = constants.CU_MEM_ALLOC_GRANULARITY_RECOMMENDED;
    this.granularity = Number(
      context.make("the size of pieces of memory", (to) =>
        functions.cuMemGetAllocationGranularity(to, this.properties, option),
      ),
    );
    this.reserved = this.granularity * Math.floor(Math.min(gpu.bytes, mostBytes) / this.granularity);
    this.mostWords = this.reserved / 4;
    this.base = context.make("addresses of memory", (to) => functions.cuMemAddressReserve(to, this.reserved, 0, 0, 0));
  }

  get words(): number {
    return this.bytes / 4;
  }

  grow(least: number, what: string): void {
    this.context.enter();
    const needed = 4 * least - this.bytes;
    const wanted = Math.max(needed, firstBytes, Math.min(this.bytes, mostGrowth));
    const { CUDA_ERROR_OUT_OF_MEMORY: isShort } = constants;
    // Where other programs have the rest, what is needed may still be there.
    if (this.add(wanted) !== isShort) return;
    const code = this.add(needed);
    if (code !== 0) this.context.check(`${what} (${Math.ceil(least / 2 ** 18)} MiB in all)`, code);
  }

  /** Puts memory behind what is there; the code of the driver where it gives none. */
  private add(wanted: number): number {
    const { functions } = this.context;
    const { granularity, reserved, bytes: before } = this;
    const bytes = Math.min(granularity * Math.ceil(wanted / granularity), reserved - before);
    const handle = new BigUint64Array(1);
    const code = functions.cuMemCreate(handle, bytes, this.properties, 0);
    if (code === constants.CUDA_ERROR_OUT_OF_MEMORY) return code;
    this.context.check("memory", code);
    const address = this.base + BigInt(before);
    const mapped = functions.cuMemMap(address, bytes, 0, handle[0]!, 0);
    // Where it is mapped it stays until it is not.
    functions.cuMemRelease(handle[0]!);
    this.context.check("memory", mapped);
    this.pieces.push(bytes);
    this.bytes += bytes;
    this.context.check("memory", functions.cuMemSetAccess(address, bytes, this.access, 1));
    return 0;
  }

  /** Gives all back. A lost context may keep it until the process ends. */
  close(): void {
    const { functions } = this.context;
    let address = this.base;
    for (const bytes of this.pieces) {
      functions.cuMemUnmap(address, bytes);
      address += BigInt(bytes);
    }
    functions.cuMemAddressFree(this.base, this.reserved);
  }
}
