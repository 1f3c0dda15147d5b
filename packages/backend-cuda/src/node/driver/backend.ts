// The engine: printed programs on a GPU, through the driver alone, with errors and the end of the device looked after.
import { PrintedBackend } from "@hooke/kernels";
import { delay, fail } from "@hooke/runtime";
import type { CudaBackend } from "../cuda-backend.ts";
import { Context } from "./context.ts";
import type { Found } from "./find.ts";
import { DriverMachine } from "./machine.ts";

/** Milliseconds before a context is asked for again: a GPU that has been reset may need a moment. */
const waits = [0, 250, 1000];

/**
 * Opens a context of the GPU.
 *
 * @param folder of kernels that were compiled before
 */
export function driverBackend({ driver, gpu, compiler }: Found, folder: string): CudaBackend {
  const open = (): DriverMachine => new DriverMachine(new Context(driver, gpu), compiler, folder);
  let machine = open();
  const inner = new PrintedBackend("cuda", machine);
  let reopening: Promise<void> | undefined;

  const openAgain = async (): Promise<DriverMachine> => {
    let reason = "";
    for (const wait of waits) {
      await delay(wait);
      try {
        return open();
      } catch (error) {
        reason = (error as Error).message;
      }
    }
    const advice =
      "start the program again; a training goes on from its last checkpoint: fit({ ..., resume: checkpoint })";
    return fail(
      "backend cuda",
      `the GPU's context was lost, and this process opens no other in its place: ${reason} Where that stays so, ${advice}.`,
      "unavailable",
    );
  };
  const reopen = async (): Promise<void> => {
    // A GPU that has failed opens no other context beside the one in which it did.
    machine.close();
    const another = await openAgain();
    try {
      await inner.moveTo(another);
    } catch (error) {
      another.close();
      throw error;
    } finally {
      machine = another;
    }
  };

  return {
    name: "cuda",
    engine: "driver",
    deviceName: gpu.name,
    dtypes: inner.dtypes,
    get liveArrays() {
      return inner.liveArrays;
    },
    async prepare(program, options) {
      machine.context.enter();
      const executable = await inner.prepare(program, options);
      return {
        run(inputs) {
          machine.context.enter();
          return executable.run(inputs);
        },
        free: () => executable.free(),
      };
    },
    upload(array) {
      machine.context.enter();
      return inner.upload(array);
    },
    write(buffer, array) {
      machine.context.enter();
      inner.write(buffer, array);
    },
    async read(buffer) {
      machine.context.enter();
      return inner.read(buffer);
    },
    free: (buffer) => inner.free(buffer),
    async reopen() {
      if (reopening !== undefined) return reopening;
      if (!machine.context.isLost) return machine.context.enter();
      reopening = reopen().finally(() => {
        reopening = undefined;
      });
      return reopening;
    },
    async close() {
      machine.close();
    },
  };
}
