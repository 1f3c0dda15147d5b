// Structures of `cuda.h` as they lie in memory: bytes from the start, which a test compares with the header's.

/** `CUDA_KERNEL_NODE_PARAMS`, in the form that functions named `_v2` take. */
export const kernelNode = {
  name: "CUDA_KERNEL_NODE_PARAMS",
  bytes: 72,
  at: {
    func: 0,
    gridDimX: 8,
    gridDimY: 12,
    gridDimZ: 16,
    blockDimX: 20,
    blockDimY: 24,
    blockDimZ: 28,
    sharedMemBytes: 32,
    kernelParams: 40,
    extra: 48,
    kern: 56,
    ctx: 64,
  },
} as const;

/** `CUmemAllocationProp`. */
export const allocationProperties = {
  name: "CUmemAllocationProp",
  bytes: 32,
  at: {
    type: 0,
    requestedHandleTypes: 4,
    "location.type": 8,
    "location.id": 12,
    win32HandleMetaData: 16,
    allocFlags: 24,
  },
} as const;

/** `CUmemAccessDesc`. */
export const accessDescription = {
  name: "CUmemAccessDesc",
  bytes: 12,
  at: { "location.type": 0, "location.id": 4, flags: 8 },
} as const;

/** Values of enumerations and macros of `cuda.h`. */
export const constants = {
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: 76,
  CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED: 102,
  CU_STREAM_NON_BLOCKING: 1,
  CU_EVENT_DISABLE_TIMING: 2,
  CU_MEM_ALLOCATION_TYPE_PINNED: 1,
  CU_MEM_LOCATION_TYPE_DEVICE: 1,
  CU_MEM_ACCESS_FLAGS_PROT_READWRITE: 3,
  CU_MEM_ALLOC_GRANULARITY_RECOMMENDED: 1,
  CUDA_ERROR_OUT_OF_MEMORY: 2,
  CUDA_ERROR_NOT_READY: 600,
} as const;

/** What `extra` of a kernel's parameters lists: the address of a buffer with all of them, and that of its size. */
export const launchParameters = {
  CU_LAUNCH_PARAM_END: 0n,
  CU_LAUNCH_PARAM_BUFFER_POINTER: 1n,
  CU_LAUNCH_PARAM_BUFFER_SIZE: 2n,
} as const;

/** Errors behind which a context answers nothing else: what its memory held is lost. */
export const deadly = {
  CUDA_ERROR_DEINITIALIZED: 4,
  CUDA_ERROR_DEVICE_UNAVAILABLE: 46,
  CUDA_ERROR_ECC_UNCORRECTABLE: 214,
  CUDA_ERROR_NVLINK_UNCORRECTABLE: 220,
  CUDA_ERROR_CONTAINED: 226,
  CUDA_ERROR_ILLEGAL_ADDRESS: 700,
  CUDA_ERROR_LAUNCH_TIMEOUT: 702,
  CUDA_ERROR_CONTEXT_IS_DESTROYED: 709,
  CUDA_ERROR_ASSERT: 710,
  CUDA_ERROR_HARDWARE_STACK_ERROR: 714,
  CUDA_ERROR_ILLEGAL_INSTRUCTION: 715,
  CUDA_ERROR_MISALIGNED_ADDRESS: 716,
  CUDA_ERROR_INVALID_ADDRESS_SPACE: 717,
  CUDA_ERROR_INVALID_PC: 718,
  CUDA_ERROR_LAUNCH_FAILED: 719,
  CUDA_ERROR_TENSOR_MEMORY_LEAK: 721,
  CUDA_ERROR_UNKNOWN: 999,
} as const;
