// The functions of NVIDIA's libraries that are called, by the parameters that `cuda.h` and `nvrtc.h` give them: a test has a compiler compare
// these very lines with the headers. Names end as they do in the libraries, where the headers hide it (`_v2`).

/** Parameters in C by the name of the function. */
export type Signatures = Readonly<Record<string, string>>;

/** libcuda: the driver. What a function gives back it writes where a pointer says; it returns a code. */
export const driverSignatures = {
  cuGetErrorName: "CUresult error, const char **name",
  cuGetErrorString: "CUresult error, const char **text",
  cuInit: "unsigned int flags",
  cuDriverGetVersion: "int *version",
  cuDeviceGetCount: "int *count",
  cuDeviceGet: "CUdevice *device, int ordinal",
  cuDeviceGetName: "char *name, int length, CUdevice device",
  cuDeviceTotalMem_v2: "size_t *bytes, CUdevice device",
  cuDeviceGetAttribute: "int *value, CUdevice_attribute attribute, CUdevice device",
  cuCtxCreate_v2: "CUcontext *context, unsigned int flags, CUdevice device",
  cuCtxDestroy_v2: "CUcontext context",
  cuCtxSetCurrent: "CUcontext context",
  cuStreamCreate: "CUstream *stream, unsigned int flags",
  cuEventCreate: "CUevent *event, unsigned int flags",
  cuEventRecord: "CUevent event, CUstream stream",
  cuEventQuery: "CUevent event",
  cuEventDestroy_v2: "CUevent event",
  cuEventSynchronize: "CUevent event",
  cuMemGetAllocationGranularity:
    "size_t *granularity, const CUmemAllocationProp *properties, CUmemAllocationGranularity_flags option",
  cuMemAddressReserve:
    "CUdeviceptr *address, size_t bytes, size_t alignment, CUdeviceptr wanted, unsigned long long flags",
  cuMemAddressFree: "CUdeviceptr address, size_t bytes",
  cuMemCreate:
    "CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags",
  cuMemMap:
    "CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags",
  cuMemRelease: "CUmemGenericAllocationHandle handle",
  cuMemSetAccess: "CUdeviceptr address, size_t bytes, const CUmemAccessDesc *access, size_t count",
  cuMemUnmap: "CUdeviceptr address, size_t bytes",
  cuMemAllocHost_v2: "void **pointer, size_t bytes",
  cuMemFreeHost: "void *pointer",
  cuMemcpyHtoDAsync_v2: "CUdeviceptr to, const void *from, size_t bytes, CUstream stream",
  cuMemcpyDtoHAsync_v2: "void *to, CUdeviceptr from, size_t bytes, CUstream stream",
  cuModuleLoadData: "CUmodule *module, const void *image",
  cuModuleGetFunction: "CUfunction *function, CUmodule module, const char *name",
  cuGraphCreate: "CUgraph *graph, unsigned int flags",
  cuGraphAddKernelNode_v2:
    "CUgraphNode *node, CUgraph graph, const CUgraphNode *before, size_t count, const CUDA_KERNEL_NODE_PARAMS *parameters",
  cuGraphInstantiateWithFlags: "CUgraphExec *executable, CUgraph graph, unsigned long long flags",
  cuGraphExecKernelNodeSetParams_v2:
    "CUgraphExec executable, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *parameters",
  cuGraphLaunch: "CUgraphExec executable, CUstream stream",
  cuGraphExecDestroy: "CUgraphExec executable",
  cuGraphDestroy: "CUgraph graph",
} as const satisfies Signatures;

/** libnvrtc: the compiler of kernels. */
export const compilerSignatures = {
  nvrtcVersion: "int *major, int *minor",
  nvrtcGetNumSupportedArchs: "int *count",
  nvrtcGetSupportedArchs: "int *architectures",
  nvrtcCreateProgram:
    "nvrtcProgram *program, const char *source, const char *name, int count, const char * const *headers, const char * const *names",
  nvrtcCompileProgram: "nvrtcProgram program, int count, const char * const *options",
  nvrtcGetProgramLogSize: "nvrtcProgram program, size_t *bytes",
  nvrtcGetProgramLog: "nvrtcProgram program, char *log",
  nvrtcGetCUBINSize: "nvrtcProgram program, size_t *bytes",
  nvrtcGetCUBIN: "nvrtcProgram program, char *code",
  nvrtcGetPTXSize: "nvrtcProgram program, size_t *bytes",
  nvrtcGetPTX: "nvrtcProgram program, char *code",
  nvrtcDestroyProgram: "nvrtcProgram *program",
} as const satisfies Signatures;
