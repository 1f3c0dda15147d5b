// Replaying a plan: kernels are called one after the other, without tfjs's engine, tape or scopes.
import { evaluate, fail, type HostArray, sizeOf } from "@hooke/runtime";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device, Stored } from "./device.ts";
import { loop } from "./loop.ts";
import { slotOf, slotsOf } from "./plan/release.ts";
import type { KernelCall, Plan, Ref, Step } from "./plan/step.ts";

type Slots = (Stored | undefined)[];
type Action = (slots: Slots) => void;

/** A plan with its kernels looked up and its constants uploaded. */
export class Replay {
  private readonly device: Device;
  private readonly plan: Plan;
  private readonly slots: Slots;
  private readonly actions: readonly Action[];
  private readonly bodies: Replay[] = [];

  constructor(device: Device, plan: Plan) {
    this.device = device;
    this.plan = plan;
    this.slots = new Array<Stored | undefined>(plan.slots);
    for (const { to, array } of plan.constants) this.slots[to.slot] = device.write(array);
    for (const { slot, array } of plan.hostConstants) this.slots[slot] = array;
    this.actions = plan.steps.map((step) => this.action(step));
  }

  /** Runs once. Inputs stay the caller's; of each output it gets a reference. */
  run(inputs: readonly Stored[]): Stored[] {
    const { slots, device, plan } = this;
    for (const [i, input] of inputs.entries()) slots[slotOf(plan.inputs[i]!)] = input;
    let done = 0;
    try {
      for (const step of plan.steps) {
        this.actions[done++]!(slots);
        for (const slot of step.release) {
          device.release(slots[slot]!);
          slots[slot] = undefined;
        }
      }
      return plan.outputs.map((held) => device.share(slots[slotOf(held)]!));
    } finally {
      this.clear(done);
    }
  }

  /** Gives back what the first steps made and nobody has given back. */
  private clear(done: number): void {
    for (let i = 0; i < done; i++) {
      for (const slot of slotsOf(this.plan.steps[i]!).fills) {
        const stored = this.slots[slot];
        if (stored !== undefined) this.device.release(stored);
        this.slots[slot] = undefined;
      }
    }
    for (const held of this.plan.inputs) this.slots[slotOf(held)] = undefined;
  }

  /** Gives back the constants. */
  free(): void {
    for (const { to } of this.plan.constants) this.device.release(this.slots[to.slot]!);
    for (const body of this.bodies) body.free();
  }

  private action(step: Step): Action {
    switch (step.kind) {
      case "kernel":
        return this.kernel(step.call);
      case "upload":
        return (slots) => {
          slots[step.to.slot] = this.device.write(slots[step.from] as HostArray);
        };
      case "host":
        return (slots) => {
          const { primitive, params } = step.node;
          const inputs = step.inputs.map((slot) => slots[slot] as HostArray);
          for (const [i, array] of evaluate(primitive, inputs, params).entries()) slots[step.outputs[i]!] = array;
        };
      case "loop": {
        const body = new Replay(this.device, step.loop.body);
        this.bodies.push(body);
        return loop(this.device, step.loop, body);
      }
    }
  }

  private kernel(planned: KernelCall): Action {
    const { kernel, inputs, attrs, outputs, primitive } = planned;
    const { name, beforeCall } = this.device;
    const call = this.device.kernel(kernel, primitive);
    const entries = Object.entries(inputs).map(([key, ref]: [string, Ref]) => [key, ref.slot, info(ref)] as const);
    const given = (Array.isArray(inputs) ? [] : {}) as Record<string, TensorInfo>;
    for (const [key, , tensor] of entries) given[key] = tensor;
    return (slots) => {
      for (const [, slot, tensor] of entries) tensor.dataId = slots[slot] as TensorInfo["dataId"];
      beforeCall(planned);
      const results = call(given, attrs);
      for (const [i, { slot }] of outputs.entries()) slots[slot] = results[i]!.dataId;
      for (const [i, { shape }] of outputs.entries()) {
        if (sizeOf(results[i]!.shape) === sizeOf(shape)) continue;
        fail(`backend ${name}`, `${primitive}: kernel ${kernel} returned [${results[i]!.shape}], expected [${shape}].`);
      }
    };
  }
}

const info = ({ shape, dtype }: Ref): TensorInfo => ({ dataId: {}, shape: [...shape], dtype });
