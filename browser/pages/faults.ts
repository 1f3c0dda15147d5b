// A page whose GPU fails in every way there is, and which keeps what the backend says.
import { type WebgpuBackend, webgpuBackend } from "@hooke/backend-webgpu";
import { adam, type Callback, dense, type FitResult, fit, mse, predict, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, broadcastTo, record, run, type Tensor, tanh } from "@hooke/runtime";

/** What was thrown, and what the same backend computes next: `tanh(0)`, unless its device is gone. */
export interface Fault {
  readonly message: string;
  readonly next: string;
}

declare global {
  interface Window {
    faults(): Promise<Readonly<Record<"shader" | "bindGroup" | "memory" | "size" | "loss", Fault>>>;
    /**
     * A training, and one that loses its device after its second update, and again with the GPU process after its fourth: what each ends with, and how many batches
     * it computes again.
     */
    recovery(): Promise<{
      readonly whole: string;
      readonly lost: string;
      readonly told: readonly number[];
      /** Before the device was lost once more, and after. */
      readonly predicted: readonly string[];
    }>;
    /** Ends the GPU process. */
    endGpu(): Promise<number>;
  }
}

const said = (error: Error): string => error.message;

async function openDevice(): Promise<GPUDevice> {
  const adapter = (await navigator.gpu.requestAdapter())!;
  return adapter.requestDevice();
}

async function fault(backend: WebgpuBackend, work: () => Promise<unknown>, mend = (): void => {}): Promise<Fault> {
  const message = await work().then(() => "nothing was thrown", said);
  mend();
  const next = await run(backend, tanh, array([0])).then(({ data }) => String(data[0]), said);
  return { message, next };
}

const bend = (backend: WebgpuBackend) => run(backend, (x: Tensor) => tanh(x), array([1, 2]));
const repeat = (backend: WebgpuBackend, count: number) =>
  backend.prepare(record((x: Tensor) => tanh(broadcastTo(x, [count])), array([1])).program);

window.recovery = async () => {
  const { requestDevice } = GPUAdapter.prototype;
  let opened: GPUDevice | undefined;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    opened = await requestDevice.apply(this, given);
    return opened;
  };
  const backend = await webgpuBackend();
  const told: number[] = [];
  const losing: Callback = {
    async onStep({ step }) {
      if (step === 2) opened!.destroy();
      if (step === 4) await window.endGpu();
    },
    onRecovery: ({ repeated }) => void told.push(repeated),
  };
  const x = array([[0.1], [0.4], [0.7], [0.9]]);
  const end = async (callbacks: readonly Callback[]): Promise<FitResult> =>
    fit({
      backend,
      model: sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]),
      data: { train: dataset({ inputs: x, targets: x }) },
      loss: mse(),
      optimizer: adam(),
      learningRate: 0.01,
      epochs: 3,
      batchSize: 2,
      seed: 0,
      callbacks,
    });
  const text = ({ model, slots, history }: FitResult): string => JSON.stringify([model.variables, slots, history]);
  const [whole, lost] = [await end([]), await end([losing])];
  const prediction = async (): Promise<string> => JSON.stringify(await predict(whole.model, x, { backend }));
  const before = await prediction();
  opened!.destroy();
  return { whole: text(whole), lost: text(lost), told, predicted: [before, await prediction()] };
};

window.faults = async () => {
  const [shaders, groups, lost] = await Promise.all([openDevice(), openDevice(), openDevice()]);
  const [first, second, third, whole] = await Promise.all([
    ...[shaders, groups, lost].map((device) => webgpuBackend({ device })),
    webgpuBackend(),
  ]);
  const { createShaderModule } = shaders;
  const { createBindGroup } = groups;
  shaders.createShaderModule = () => createShaderModule.call(shaders, { code: "not a shader" });
  groups.createBindGroup = ({ entries, ...rest }) =>
    createBindGroup.call(groups, { ...rest, entries: [...entries].slice(1) });
  lost.destroy();
  return {
    shader: await fault(
      first!,
      () => bend(first!),
      () => {
        shaders.createShaderModule = createShaderModule;
      },
    ),
    bindGroup: await fault(
      second!,
      () => bend(second!),
      () => {
        groups.createBindGroup = createBindGroup;
      },
    ),
    memory: await fault(whole!, () => repeat(whole!, 2 ** 28 - 128)),
    size: await fault(whole!, () => repeat(whole!, 2 ** 30)),
    loss: await fault(third!, () => bend(third!)),
  };
};
