/**
 * The runtime: recorded programs over a closed set of primitives, their derivatives to any order, plugins, and the
 * contract of a backend.
 *
 * @packageDocumentation
 */
export {
  allocate,
  byteSize,
  type DType,
  describe,
  type HostArray,
  isFloat,
  isHostArray,
  type Shape,
  sameShape,
  scalarOf,
  sizeOf,
  stridesOf,
  type TypedArray,
  type TypedArrayOf,
} from "./array.ts";
export * from "./backend.ts";
export * from "./buffers.ts";
export * from "./check-array.ts";
export { type Compiled, type CompileOptions, compile, type HostInput, type HostOutput, run } from "./compile.ts";
export { delay } from "./delay.ts";
export { type ErrorCode, fail, HookeError, type HookeErrorOptions } from "./error.ts";
export { interpret, referenceBackend } from "./interpret.ts";
export type { Launches } from "./kernels.ts";
export { array, type Nested, zeros } from "./make-array.ts";
export { broadcastShapes, type Operand } from "./ops/align.ts";
export * from "./ops/arrangement.ts";
export type { Complex } from "./ops/discrete-fourier.ts";
export { einsum } from "./ops/einsum.ts";
export * from "./ops/elementwise.ts";
export * from "./ops/factorization.ts";
export * from "./ops/fourier.ts";
export * from "./ops/inverse.ts";
export * from "./ops/linear.ts";
export { type NormOptions, norm } from "./ops/norm.ts";
export * from "./ops/ordering.ts";
export * from "./ops/packing.ts";
export * from "./ops/padding.ts";
export * from "./ops/random.ts";
export * from "./ops/reduction.ts";
export type { ReductionOptions } from "./ops/requirements.ts";
export * from "./ops/rounding.ts";
export * from "./ops/running.ts";
export { type ScanOptions, scan, type Tensors } from "./ops/scan.ts";
export * from "./ops/scatter.ts";
export * from "./ops/segments.ts";
export * from "./ops/slicing.ts";
export * from "./ops/softmax.ts";
export * from "./ops/statistics.ts";
export * from "./ops/structure.ts";
export { type Check, checkArgument, checkOptions, nothingMore, type OptionTable } from "./options/check-options.ts";
export * as checks from "./options/checks.ts";
export { nearest, quoted, suggestion } from "./options/nearest.ts";
export { show } from "./options/show.ts";
export { lastUses } from "./passes/liveness.ts";
export { optimize } from "./passes/optimize.ts";
export { createPauses } from "./pause.ts";
export {
  type Availability,
  type BackendFactory,
  type Contributions,
  definePlugin,
  type Kind,
  type LayerConstructor,
  type Memory,
  type NamedFunction,
  type Plugin,
} from "./plugin.ts";
export type * from "./primitives/params.ts";
export type { CommonRule, Interpret, MaybeTensor, TransposeProgram } from "./primitives/rule.ts";
export { bind, evaluate, inferOutputs, primitiveNames, ruleOf } from "./primitives/table.ts";
export { threefry, threefryWords } from "./primitives/threefry.ts";
export { type Aval, type Node, type NodeOf, Program, type Value, verify } from "./program.ts";
export {
  asTensor,
  checkRecording,
  currentScope,
  type Recording,
  record,
  type TensorsOf,
  tensorFor,
  withScope,
} from "./record.ts";
export { remember } from "./remember.ts";
export {
  type BackendStatus,
  type Contributed,
  createRuntime,
  lookUp,
  type Runtime,
  type RuntimeOptions,
} from "./runtime.ts";
export type { Choice } from "./selection.ts";
export { isTensor, type Tensor } from "./tensor.ts";
export { grad, valueAndGrad, valueAuxAndGrad, vjp } from "./transforms/grad.ts";
export { hessian, hvp, jacobian } from "./transforms/jacobian.ts";
export { jvp, type TensorTree } from "./transforms/jvp.ts";
export { type Keeping, packed } from "./transforms/packed.ts";
export { recompute } from "./transforms/recompute.ts";
export { type Coordinates, type RowDerivative, rowDerivatives } from "./transforms/taylor/rows.ts";
export { type Derivatives, taylor } from "./transforms/taylor/taylor.ts";
export { type MappedAxes, vmap } from "./transforms/vmap/vmap.ts";
export * from "./tree.ts";
export { uploadAll } from "./upload.ts";
export { durationOf, type Speed, type Work, workOf } from "./work.ts";
