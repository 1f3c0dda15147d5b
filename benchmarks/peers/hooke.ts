// Hooke on its WebAssembly backend.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, apply, createTrainer, dataset, dense, mse, sequential, train, type Variables } from "@hooke/core";
import {
  add,
  array,
  type Buffer,
  type HostArray,
  jvp,
  matmul,
  mean,
  mul,
  optimize,
  record,
  square,
  sub,
  type Tensor,
  type Tree,
  tanh as tanhOf,
  concat,
  fullLike,
  treeLeaves,
  treeMap,
  valueAndGrad,
  zeros,
} from "@hooke/runtime";
import manifest from "@hooke/core/package.json" with { type: "json" };
