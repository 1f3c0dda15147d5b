// A processor that stands in for a GPU, behind the functions of libcuda that Hooke calls: compiled against NVIDIA's own header, so that their
// parameters and structures are those of the driver. What is asked for of a stream is done later, by a thread of its own, in order; memory is
// where it was reserved, and nowhere else; and an error that a GPU does not survive is answered by every call until another context is made.
#include <cuda.h>
#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t page = 1 << 21;

struct Place {
  unsigned x, y, z;
};

// A kernel, as its module shows it.
struct Kernel {
  void (*call)(const char*);
  size_t bytes;
  bool waits;
  Place *block, *thread;
  void (**wait)();
};

std::atomic<int> failure{0};
// The error of the next kernel, and of the next context; the memory that there is.
std::atomic<int> nextFailure{0}, refusal{0};
std::atomic<size_t> limit{size_t(1) << 32}, used{0};

// What is asked for, and done in order.
class Stream {
 public:
  void add(std::function<void()> work) {
    std::lock_guard lock(mutex);
    if (!worker.joinable()) worker = std::thread([this] { run(); });
    queue.push_back(std::move(work));
    asked++;
    changed.notify_all();
  }
  size_t last() {
    std::lock_guard lock(mutex);
    return asked;
  }
  bool isDone(size_t number) {
    std::lock_guard lock(mutex);
    return done >= number;
  }
  void wait(size_t number) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done >= number; });
  }

 private:
  void run() {
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return !queue.empty(); });
        work = std::move(queue.front());
        queue.pop_front();
      }
      if (failure == 0) work();
      std::lock_guard lock(mutex);
      done++;
      changed.notify_all();
    }
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> queue;
  std::thread worker;
  size_t asked = 0, done = 0;
};

Stream& theStream() {
  // Not ended with the process: its thread may be at work.
  static Stream* stream = new Stream;
  return *stream;
}

// Threads of a group that wait for each other are fibres, which go on by turns.
struct Fibre {
  ucontext_t context;
  std::vector<char> stack = std::vector<char>(1 << 17);
  bool isDone = false;
};
ucontext_t scheduler;
Fibre* running = nullptr;
const Kernel* kernel = nullptr;
const char* given = nullptr;

void yield() { swapcontext(&running->context, &scheduler); }
void begin() {
  kernel->call(given);
  running->isDone = true;
  swapcontext(&running->context, &scheduler);
}

void launch(const Kernel& which, const CUDA_KERNEL_NODE_PARAMS& shape, const char* parameters) {
  static std::vector<Fibre>* fibres = new std::vector<Fibre>;
  for (unsigned y = 0; y < shape.gridDimY; y++)
    for (unsigned x = 0; x < shape.gridDimX; x++) {
      *which.block = {x, y, 0};
      if (!which.waits) {
        for (unsigned t = 0; t < shape.blockDimX; t++) {
          *which.thread = {t, 0, 0};
          which.call(parameters);
        }
        continue;
      }
      kernel = &which;
      given = parameters;
      *which.wait = yield;
      if (fibres->size() < shape.blockDimX) fibres->resize(shape.blockDimX);
      for (unsigned t = 0; t < shape.blockDimX; t++) {
        Fibre& fibre = (*fibres)[t];
        fibre.isDone = false;
        getcontext(&fibre.context);
        fibre.context.uc_stack.ss_sp = fibre.stack.data();
        fibre.context.uc_stack.ss_size = fibre.stack.size();
        makecontext(&fibre.context, begin, 0);
      }
      for (bool isDone = false; !isDone;) {
        isDone = true;
        for (unsigned t = 0; t < shape.blockDimX; t++) {
          running = &(*fibres)[t];
          if (running->isDone) continue;
          *which.thread = {t, 0, 0};
          swapcontext(&scheduler, &running->context);
          isDone = isDone && running->isDone;
        }
      }
    }
}

// A node as it was told: its structure, and a copy of its parameters.
struct Node {
  CUDA_KERNEL_NODE_PARAMS shape;
  std::string parameters;
};
struct Event {
  size_t number = 0;
};
struct Graph {
  std::vector<Node*> nodes;
};
struct Executable {
  Graph* graph;
  std::map<Node*, Node> nodes;
};

// Parameters as a list of keys and values, which ends with a key.
CUresult readParameters(const CUDA_KERNEL_NODE_PARAMS* from, Node& to) {
  if (from->func == nullptr || from->kernelParams != nullptr || from->extra == nullptr) return CUDA_ERROR_INVALID_VALUE;
  const char* buffer = nullptr;
  size_t size = 0;
  for (void** entry = from->extra; *entry != CU_LAUNCH_PARAM_END; entry += 2) {
    if (entry[0] == CU_LAUNCH_PARAM_BUFFER_POINTER) buffer = static_cast<const char*>(entry[1]);
    else if (entry[0] == CU_LAUNCH_PARAM_BUFFER_SIZE) size = *static_cast<size_t*>(entry[1]);
    else return CUDA_ERROR_INVALID_VALUE;
  }
  const Kernel& kernel = *reinterpret_cast<const Kernel*>(from->func);
  if (buffer == nullptr || size != kernel.bytes) return CUDA_ERROR_INVALID_VALUE;
  if (from->gridDimX == 0 || from->gridDimY == 0 || from->gridDimY > 65535 || from->gridDimZ != 1) return CUDA_ERROR_INVALID_VALUE;
  if (from->blockDimX == 0 || from->blockDimX > 1024 || from->blockDimY != 1 || from->blockDimZ != 1) return CUDA_ERROR_INVALID_VALUE;
  if (from->sharedMemBytes != 0 || from->kern != nullptr || from->ctx != nullptr) return CUDA_ERROR_INVALID_VALUE;
  to.shape = *from;
  to.parameters.assign(buffer, size);
  return CUDA_SUCCESS;
}

std::map<CUmemGenericAllocationHandle, size_t> pieces;
std::map<CUdeviceptr, size_t> mapped;
CUmemGenericAllocationHandle nextPiece = 1;

CUresult answer() { return CUresult(failure.load()); }

}  // namespace

#define ANSWER \
  if (failure != 0) return answer()

extern "C" {

// For tests: the next kernel ends in an error; contexts are refused; so much memory is there.
void standInFail(int code) { nextFailure = code; }
void standInRefuse(int code) { refusal = code; }
void standInLimit(size_t bytes) { limit = bytes; }

CUresult cuGetErrorName(CUresult error, const char** name) {
  static const std::map<int, const char*> names = {
      {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},     {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
      {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"}, {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"},
      {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},     {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},
  };
  const auto found = names.find(error);
  if (found == names.end()) return CUDA_ERROR_INVALID_VALUE;
  *name = found->second;
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult, const char** text) {
  *text = "said by what stands in for a driver";
  return CUDA_SUCCESS;
}
CUresult cuInit(unsigned) { return CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int* version) {
  *version = 13000;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int* count) {
  *count = 1;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  if (ordinal != 0) return CUDA_ERROR_INVALID_DEVICE;
  *device = 0;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetName(char* name, int length, CUdevice) {
  snprintf(name, length, "a processor in place of a GPU");
  return CUDA_SUCCESS;
}
CUresult cuDeviceTotalMem(size_t* bytes, CUdevice) {
  *bytes = limit;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice) {
  switch (attribute) {
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = 8; return CUDA_SUCCESS;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = 0; return CUDA_SUCCESS;
    case CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED: *value = 1; return CUDA_SUCCESS;
    default: return CUDA_ERROR_INVALID_VALUE;
  }
}

// In drivers since CUDA 3.2; headers of CUDA 13 know its successor.
CUresult cuCtxCreate_v2(CUcontext* context, unsigned, CUdevice) {
  if (refusal != 0) return CUresult(refusal.load());
  theStream().wait(theStream().last());
  failure = 0;
  *context = reinterpret_cast<CUcontext>(new int(0));
  return CUDA_SUCCESS;
}
CUresult cuCtxDestroy(CUcontext) {
  theStream().wait(theStream().last());
  return CUDA_SUCCESS;
}
CUresult cuCtxSetCurrent(CUcontext) {
  ANSWER;
  return CUDA_SUCCESS;
}
CUresult cuStreamCreate(CUstream* stream, unsigned) {
  ANSWER;
  *stream = reinterpret_cast<CUstream>(&theStream());
  return CUDA_SUCCESS;
}
CUresult cuEventCreate(CUevent* event, unsigned) {
  ANSWER;
  *event = reinterpret_cast<CUevent>(new Event);
  return CUDA_SUCCESS;
}
CUresult cuEventRecord(CUevent event, CUstream) {
  ANSWER;
  reinterpret_cast<Event*>(event)->number = theStream().last();
  return CUDA_SUCCESS;
}
CUresult cuEventQuery(CUevent event) {
  if (!theStream().isDone(reinterpret_cast<Event*>(event)->number)) return CUDA_ERROR_NOT_READY;
  return answer();
}
CUresult cuEventSynchronize(CUevent event) {
  theStream().wait(reinterpret_cast<Event*>(event)->number);
  return answer();
}
CUresult cuEventDestroy(CUevent event) {
  delete reinterpret_cast<Event*>(event);
  return answer();
}

CUresult cuMemGetAllocationGranularity(size_t* granularity, const CUmemAllocationProp* properties, CUmemAllocationGranularity_flags) {
  ANSWER;
  if (properties->type != CU_MEM_ALLOCATION_TYPE_PINNED || properties->location.type != CU_MEM_LOCATION_TYPE_DEVICE) return CUDA_ERROR_INVALID_VALUE;
  *granularity = page;
  return CUDA_SUCCESS;
}
CUresult cuMemAddressReserve(CUdeviceptr* address, size_t bytes, size_t, CUdeviceptr, unsigned long long) {
  ANSWER;
  if (bytes % page != 0) return CUDA_ERROR_INVALID_VALUE;
  void* found = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return CUDA_ERROR_OUT_OF_MEMORY;
  *address = reinterpret_cast<CUdeviceptr>(found);
  return CUDA_SUCCESS;
}
CUresult cuMemAddressFree(CUdeviceptr address, size_t bytes) {
  munmap(reinterpret_cast<void*>(address), bytes);
  return answer();
}
CUresult cuMemCreate(CUmemGenericAllocationHandle* handle, size_t bytes, const CUmemAllocationProp* properties, unsigned long long) {
  ANSWER;
  if (bytes == 0 || bytes % page != 0 || properties->type != CU_MEM_ALLOCATION_TYPE_PINNED) return CUDA_ERROR_INVALID_VALUE;
  if (used + bytes > limit) return CUDA_ERROR_OUT_OF_MEMORY;
  used += bytes;
  pieces[*handle = nextPiece++] = bytes;
  return CUDA_SUCCESS;
}
CUresult cuMemMap(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long) {
  ANSWER;
  if (offset != 0 || pieces[handle] != bytes) return CUDA_ERROR_INVALID_VALUE;
  mapped[address] = bytes;
  return CUDA_SUCCESS;
}
CUresult cuMemRelease(CUmemGenericAllocationHandle handle) {
  pieces.erase(handle);
  return answer();
}
CUresult cuMemSetAccess(CUdeviceptr address, size_t bytes, const CUmemAccessDesc* access, size_t count) {
  ANSWER;
  if (count != 1 || access->flags != CU_MEM_ACCESS_FLAGS_PROT_READWRITE || mapped[address] != bytes) return CUDA_ERROR_INVALID_VALUE;
  if (mprotect(reinterpret_cast<void*>(address), bytes, PROT_READ | PROT_WRITE) != 0) return CUDA_ERROR_OUT_OF_MEMORY;
  // Words that nobody has written are no number.
  memset(reinterpret_cast<void*>(address), 0xff, bytes);
  return CUDA_SUCCESS;
}
CUresult cuMemUnmap(CUdeviceptr address, size_t bytes) {
  theStream().wait(theStream().last());
  if (mapped[address] != bytes) return CUDA_ERROR_INVALID_VALUE;
  mapped.erase(address);
  used -= bytes;
  madvise(reinterpret_cast<void*>(address), bytes, MADV_DONTNEED);
  mprotect(reinterpret_cast<void*>(address), bytes, PROT_NONE);
  return answer();
}
CUresult cuMemAllocHost(void** pointer, size_t bytes) {
  ANSWER;
  *pointer = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  return CUDA_SUCCESS;
}
CUresult cuMemFreeHost(void* pointer) {
  theStream().wait(theStream().last());
  free(pointer);
  return answer();
}
CUresult cuMemcpyHtoDAsync(CUdeviceptr to, const void* from, size_t bytes, CUstream) {
  ANSWER;
  theStream().add([=] { memcpy(reinterpret_cast<void*>(to), from, bytes); });
  return CUDA_SUCCESS;
}
CUresult cuMemcpyDtoHAsync(void* to, CUdeviceptr from, size_t bytes, CUstream) {
  ANSWER;
  theStream().add([=] { memcpy(to, reinterpret_cast<const void*>(from), bytes); });
  return CUDA_SUCCESS;
}

// Code is a shared library: its headers say how long it is.
CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  ANSWER;
  const auto* header = static_cast<const Elf64_Ehdr*>(image);
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return CUDA_ERROR_INVALID_IMAGE;
  const size_t bytes = header->e_shoff + size_t(header->e_shnum) * header->e_shentsize;
  // By a name of its own: the loader takes two of one name for one.
  char name[] = "/tmp/hooke-kernel-XXXXXX";
  const int file = mkstemp(name);
  if (file < 0 || write(file, image, bytes) != ssize_t(bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
  close(file);
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  unlink(name);
  if (library == nullptr) {
    fprintf(stderr, "%s\n", dlerror());
    return CUDA_ERROR_INVALID_IMAGE;
  }
  *module = reinterpret_cast<CUmodule>(library);
  return CUDA_SUCCESS;
}
CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
  ANSWER;
  void* library = reinterpret_cast<void*>(module);
  if (strcmp(name, "kernel") != 0) return CUDA_ERROR_NOT_FOUND;
  auto* found = new Kernel;
  found->call = reinterpret_cast<void (*)(const char*)>(dlsym(library, "call"));
  found->bytes = *static_cast<const size_t*>(dlsym(library, "parameterBytes"));
  found->waits = *static_cast<const bool*>(dlsym(library, "waits"));
  found->block = static_cast<Place*>(dlsym(library, "blockIdx"));
  found->thread = static_cast<Place*>(dlsym(library, "threadIdx"));
  found->wait = static_cast<void (**)()>(dlsym(library, "waitForGroup"));
  *function = reinterpret_cast<CUfunction>(found);
  return CUDA_SUCCESS;
}

CUresult cuGraphCreate(CUgraph* graph, unsigned) {
  ANSWER;
  *graph = reinterpret_cast<CUgraph>(new Graph);
  return CUDA_SUCCESS;
}
CUresult cuGraphAddKernelNode(CUgraphNode* node, CUgraph graph, const CUgraphNode* before, size_t count, const CUDA_KERNEL_NODE_PARAMS* parameters) {
  ANSWER;
  auto& nodes = reinterpret_cast<Graph*>(graph)->nodes;
  // One behind the other.
  if (count != (nodes.empty() ? 0 : 1) || (count == 1 && reinterpret_cast<Node*>(before[0]) != nodes.back())) return CUDA_ERROR_INVALID_VALUE;
  auto* made = new Node;
  const CUresult read = readParameters(parameters, *made);
  if (read != CUDA_SUCCESS) return read;
  nodes.push_back(made);
  *node = reinterpret_cast<CUgraphNode>(made);
  return CUDA_SUCCESS;
}
CUresult cuGraphInstantiate(CUgraphExec* executable, CUgraph graph, unsigned long long) {
  ANSWER;
  auto* made = new Executable{reinterpret_cast<Graph*>(graph), {}};
  for (Node* node : made->graph->nodes) made->nodes[node] = *node;
  *executable = reinterpret_cast<CUgraphExec>(made);
  return CUDA_SUCCESS;
}
CUresult cuGraphExecKernelNodeSetParams(CUgraphExec executable, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS* parameters) {
  ANSWER;
  auto& nodes = reinterpret_cast<Executable*>(executable)->nodes;
  const auto found = nodes.find(reinterpret_cast<Node*>(node));
  if (found == nodes.end()) return CUDA_ERROR_INVALID_VALUE;
  if (found->second.shape.func != parameters->func) return CUDA_ERROR_INVALID_VALUE;
  return readParameters(parameters, found->second);
}
CUresult cuGraphLaunch(CUgraphExec executable, CUstream) {
  ANSWER;
  auto* made = reinterpret_cast<Executable*>(executable);
  // As the nodes are now: what they are told later is for later launches.
  std::vector<Node> nodes;
  for (Node* node : made->graph->nodes) nodes.push_back(made->nodes[node]);
  theStream().add([nodes = std::move(nodes)] {
    for (const Node& node : nodes) {
      if (const int code = nextFailure.exchange(0)) failure = code;
      if (failure != 0) return;
      launch(*reinterpret_cast<const Kernel*>(node.shape.func), node.shape, node.parameters.data());
    }
  });
  return CUDA_SUCCESS;
}
CUresult cuGraphExecDestroy(CUgraphExec executable) {
  delete reinterpret_cast<Executable*>(executable);
  return answer();
}
CUresult cuGraphDestroy(CUgraph graph) {
  for (Node* node : reinterpret_cast<Graph*>(graph)->nodes) delete node;
  delete reinterpret_cast<Graph*>(graph);
  return answer();
}

}  // extern "C"
