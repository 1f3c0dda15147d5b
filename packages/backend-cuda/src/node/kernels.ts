// Kernels of tfjs-node 4.22 that are replaced:
//  - Pow passes its inputs to tfjs's `cast`, which takes none but tensors of tfjs's own engine.
//  - The two gradients of Conv2D refuse explicit padding, which TensorFlow has.
import { type KernelFunc, registerKernel, type TensorInfo, unregisterKernel } from "@tensorflow/tfjs-core";
import type { NodeKernels } from "./views.ts";

/** Replaces them in tfjs's registry. */
export function replaceKernels(backendName: string): void {
  const kernels: Readonly<Record<string, KernelFunc>> = {
    Pow: ({ inputs, backend }) => {
      const kernels = backend as NodeKernels;
      return kernels.executeSingleOutput("Pow", [floats(kernels)], [inputs.a!, inputs.b!]);
    },
    Conv2DBackpropInput: ({ inputs, backend, attrs }) => {
      const kernels = backend as NodeKernels;
      const sizes = integers(kernels, attrs!.inputShape as number[]);
      return convolve(kernels, "Conv2DBackpropInput", attrs as unknown as Sliding, [sizes, inputs.filter!, inputs.dy!]);
    },
    Conv2DBackpropFilter: ({ inputs, backend, attrs }) => {
      const kernels = backend as NodeKernels;
      const sizes = integers(kernels, attrs!.filterShape as number[]);
      return convolve(kernels, "Conv2DBackpropFilter", attrs as unknown as Sliding, [inputs.x!, sizes, inputs.dy!]);
    },
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc });
  }
}

/** How the window moves: what @hooke/backend-tfjs states of a convolution. Channels last. */
interface Sliding {
  readonly strides: readonly number[];
  /** Before and after, per dimension. */
  readonly pad: readonly (readonly number[])[];
}

const floats = ({ binding }: NodeKernels) => ({ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });

const integers = (kernels: NodeKernels, values: readonly number[]): TensorInfo => ({
  dataId: kernels.write(Int32Array.from(values), [values.length], "int32"),
  shape: [values.length],
  dtype: "int32",
});

/** Runs a gradient of a convolution, and frees the sizes among its inputs. */
function convolve(kernels: NodeKernels, name: string, { strides, pad }: Sliding, inputs: readonly TensorInfo[]) {
  const { TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_BOOL } = kernels.binding;
  const padding = pad.flat();
  const isPadded = padding.some((size) => size > 0);
  const attrs = [
    floats(kernels),
    { name: "strides", type: TF_ATTR_INT, value: [1, ...strides, 1] },
    { name: "padding", type: TF_ATTR_STRING, value: isPadded ? "EXPLICIT" : "VALID" },
    ...(isPadded ? [{ name: "explicit_paddings", type: TF_ATTR_INT, value: padding }] : []),
    { name: "data_format", type: TF_ATTR_STRING, value: "NHWC" },
    { name: "use_cudnn_on_gpu", type: TF_ATTR_BOOL, value: true },
    { name: "dilations", type: TF_ATTR_INT, value: [1, 1, 1, 1] },
  ];
  try {
    return kernels.executeSingleOutput(name, attrs, inputs);
  } finally {
    for (const { dataId, dtype } of inputs) if (dtype === "int32") kernels.disposeData(dataId);
  }
}
