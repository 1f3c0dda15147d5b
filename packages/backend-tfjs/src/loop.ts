// A scan: the host repeats the body's replay; slices go in, and what comes out is joined at the end.
import { allocate, type HostArray, type Shape, sizeOf } from "@hooke/runtime";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type Device, isHost, type Stored } from "./device.ts";
import { slotOf } from "./plan/release.ts";
import { type Kind, kindOf, type Loop } from "./plan/step.ts";

/** A body's replay: inputs stay the caller's; of each output it gets a reference. */
interface Body {
  run(inputs: readonly Stored[]): Stored[];
}

/** What a replay does for a loop: reads the inputs' slots and fills those of the outputs. */
export function loop(device: Device, { params, inputs, outputs }: Loop, body: Body) {
  const { length, consts, carry, reverse } = params;
  const avals = params.body;
  return (slots: (Stored | undefined)[]): void => {
    const given = inputs.map((held) => slots[slotOf(held)]!);
    const constants = given.slice(0, consts);
    const xs = given.slice(consts + carry);
    let state = given.slice(consts, consts + carry).map((stored) => device.share(stored));
    const ys: Stored[][] = avals.outputs.slice(carry).map(() => new Array<Stored>(length));
    const temporary: Stored[] = [];
    const letGo = (): void => {
      for (const stored of temporary.splice(0)) device.release(stored);
    };
    try {
      for (let step = 0; step < length; step++) {
        const t = reverse ? length - 1 - step : step;
        for (const [i, x] of xs.entries()) {
          temporary.push(entryOf(device, x, length, avals.inputs[consts + carry + i]!, t));
        }
        const results = body.run([...constants, ...state, ...temporary]);
        letGo();
        for (const stored of state) device.release(stored);
        state = results.slice(0, carry);
        for (const [i, list] of ys.entries()) list[t] = results[carry + i]!;
      }
      for (const [i, stored] of state.entries()) slots[slotOf(outputs[i]!)] = stored;
      state = [];
      for (const [i, list] of ys.entries()) {
        const inner = avals.outputs[carry + i]!;
        const stack = { shape: [length, ...inner.shape], dtype: inner.dtype };
        const held = outputs[carry + i]!;
        slots[slotOf(held)] = held.where === "host" ? joinHost(list, stack) : joinDevice(device, list, stack);
      }
    } finally {
      letGo();
      for (const stored of [...state, ...ys.flat()]) if (stored !== undefined) device.release(stored);
    }
  };
}

type Aval = Pick<HostArray, "shape" | "dtype">;

/** Entry `t` of an array of `length` entries. */
function entryOf(device: Device, x: Stored, length: number, { shape, dtype }: Aval, t: number): Stored {
  const size = sizeOf(shape);
  if (isHost(x)) return { shape, dtype, data: x.data.subarray(t * size, (t + 1) * size) };
  if (size === 0 || length === 1) return device.share(x);
  const attrs = { begin: [t, 0], size: [1, size] };
  return device.kernel("Slice", "scan")({ x: tensor(x, [length, size], kindOf(dtype)) }, attrs)[0]!.dataId;
}

function joinHost(list: readonly Stored[], { shape, dtype }: Aval): HostArray {
  const data = allocate(dtype, sizeOf(shape));
  for (const [t, entry] of list.entries()) {
    const part = (entry as HostArray).data;
    data.set(part, t * part.length);
  }
  return { shape, dtype, data };
}

function joinDevice(device: Device, list: readonly Stored[], { shape, dtype }: Aval): Stored {
  if (sizeOf(shape) === 0) return device.write({ shape, dtype, data: allocate(dtype, 0) });
  if (list.length === 1) return device.share(list[0]!);
  const size = sizeOf(shape.slice(1));
  const parts = list.map((entry) => tensor(entry, [1, size], kindOf(dtype)));
  return device.kernel("Concat", "scan")(parts, { axis: 0 })[0]!.dataId;
}

const tensor = (stored: Stored, shape: Shape, dtype: Kind): TensorInfo => ({
  dataId: stored as TensorInfo["dataId"],
  shape: [...shape],
  dtype,
});
