// TensorFlow's kernels read a tensor's shape from the tensor itself, while the other engines of tfjs read it from the call.
// The lowering reshapes by calling with another shape, so here such an input becomes a TensorFlow view for that call.
import type { DataId, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";

/** The id of a tensor inside the binding. */
type Id = number;

interface Metadata {
  readonly id: Id;
  readonly shape: number[];
  readonly dtype: number;
}

/** What is used of tfjs-node's binding. */
interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: number[], dtype: number, values: Int32Array): Id;
  deleteTensor(id: Id): void;
  executeOp(name: string, attrs: readonly object[], inputs: readonly Id[], outputs: number): Metadata[];
}

/** What is used of tfjs-node's NodeJSKernelBackend. */
export interface NodeKernels extends KernelBackend {
  readonly binding: Binding;
  readonly tensorMap: { get(id: DataId): { readonly shape: readonly number[]; readonly dtype: number } };
  getInputTensorIds(inputs: readonly TensorInfo[]): Id[];
  createOutputTensor(metadata: Metadata): TensorInfo;
  executeSingleOutput(name: string, attrs: readonly object[], inputs: readonly TensorInfo[]): TensorInfo;
  executeMultipleOutputs(
    name: string,
    attrs: readonly object[],
    inputs: readonly TensorInfo[],
    n: number,
  ): TensorInfo[];
}

/** Makes every operation see its inputs in the shapes of the call. */
export function viewInputs(kernels: NodeKernels): void {
  const { binding } = kernels;
  const shapes = new Map<string, Id>();
  const shapeId = (shape: readonly number[]): Id => {
    const key = shape.join();
    const id = shapes.get(key) ?? binding.createTensor([shape.length], binding.TF_INT32, Int32Array.from(shape));
    shapes.set(key, id);
    return id;
  };
  const execute = (name: string, attrs: readonly object[], inputs: readonly TensorInfo[], n: number): TensorInfo[] => {
    const ids = kernels.getInputTensorIds(inputs);
    const views: Id[] = [];
    try {
      inputs.forEach(({ dataId, shape }, i) => {
        const stored = kernels.tensorMap.get(dataId);
        if (stored.shape.length === shape.length && stored.shape.every((size, axis) => size === shape[axis])) return;
        const types = [
          { name: "T", type: binding.TF_ATTR_TYPE, value: stored.dtype },
          { name: "Tshape", type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
        ];
        const [view] = binding.executeOp("Reshape", types, [ids[i]!, shapeId(shape)], 1);
        ids[i] = view!.id;
        views.push(view!.id);
      });
      return binding.executeOp(name, attrs, ids, n).map((metadata) => kernels.createOutputTensor(metadata));
    } finally {
      for (const view of views) binding.deleteTensor(view);
    }
  };
  kernels.executeSingleOutput = (name, attrs, inputs) => execute(name, attrs, inputs, 1)[0]!;
  kernels.executeMultipleOutputs = execute;
}
