// g++ behind the functions of NVRTC: a kernel becomes a shared library, which the stand-in for a driver loads.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#ifdef WITH_NVRTC_HEADER
#include <nvrtc.h>
#else
typedef int nvrtcResult;
typedef struct _nvrtcProgram* nvrtcProgram;
#endif

namespace {

struct Program {
  std::string text, log, code;
};

const char* before = R"(
#define __device__
#define __global__
#define __shared__ static
#define __launch_bounds__(threads)
#define memcpy __builtin_memcpy
struct Place { unsigned x, y, z; };
extern "C" {
Place blockIdx, threadIdx;
void (*waitForGroup)();
float fmaf(float, float, float), fabsf(float), floorf(float), sqrtf(float), expf(float), expm1f(float), logf(float), log1pf(float),
  sinf(float), cosf(float), tanf(float), tanhf(float), erff(float), fmodf(float, float), powf(float, float);
}
static void __syncthreads() { waitForGroup(); }
#line 1 "kernel.cu"
)";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What the driver asks a module: its parameters, in one piece, and whether its threads wait for each other.
std::string behind(const std::string& text) {
  size_t steps = 0;
  std::string given;
  while (text.find(", u32 step" + std::to_string(steps)) != std::string::npos) given += ", steps[" + std::to_string(steps++) + "]";
  const bool waits = text.find("Barrier();") != std::string::npos;
  const std::string count = std::to_string(steps);
  return "\nextern \"C\" {\n"
         "extern const unsigned long parameterBytes;\nconst unsigned long parameterBytes = 8 + sizeof(kernels::Uniforms) + 4 * " + count + ";\n"
         "extern const bool waits;\nconst bool waits = " + (waits ? "true" : "false") + ";\n"
         "void call(const char* given) {\n"
         "  unsigned* words; kernels::Uniforms uniforms; unsigned steps[" + count + " + 1];\n"
         "  memcpy(&words, given, 8);\n"
         "  memcpy(&uniforms, given + 8, sizeof uniforms);\n"
         "  memcpy(steps, given + 8 + sizeof uniforms, 4 * " + count + ");\n"
         "  kernels::kernel(words, uniforms" + given + ");\n"
         "}\n}\n";
}

}  // namespace

extern "C" {

nvrtcResult nvrtcVersion(int* major, int* minor) {
  *major = 13;
  *minor = 0;
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetNumSupportedArchs(int* count) {
  *count = 1;
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetSupportedArchs(int* architectures) {
  architectures[0] = 80;
  return nvrtcResult(0);
}
nvrtcResult nvrtcCreateProgram(nvrtcProgram* program, const char* source, const char*, int count, const char* const*, const char* const*) {
  if (count != 0) return nvrtcResult(3);
  *program = reinterpret_cast<nvrtcProgram>(new Program{source, "", ""});
  return nvrtcResult(0);
}
nvrtcResult nvrtcCompileProgram(nvrtcProgram handle, int count, const char* const* options) {
  auto& program = *reinterpret_cast<Program*>(handle);
  bool isRounded = false;
  for (int i = 0; i < count; i++) isRounded = isRounded || strcmp(options[i], "--fmad=false") == 0;
  char folder[] = "/tmp/hooke-stand-in-XXXXXX";
  if (!isRounded || mkdtemp(folder) == nullptr) return nvrtcResult(5);
  const std::string where = folder;
  std::ofstream(where + "/kernel.cpp") << before << program.text << behind(program.text);
  const std::string command = "cd " + where + " && g++ -std=c++17 -O0 -ffp-contract=off -fno-strict-aliasing -w -shared -fPIC -nostdlib -Wl,-Bsymbolic kernel.cpp -o kernel.so 2>log";
  const int status = system(command.c_str());
  program.log = read(where + "/log");
  program.code = read(where + "/kernel.so");
  // As NVRTC writes it.
  const size_t colon = program.log.find("kernel.cu:");
  if (colon != std::string::npos) {
    const std::string rest = program.log.substr(colon + 10);
    const size_t line = rest.find(':'), error = rest.find("error: ");
    if (line != std::string::npos && error != std::string::npos)
      program.log = "kernel.cu(" + rest.substr(0, line) + "): error: " + rest.substr(error + 7, rest.find('\n', error) - error - 7) + "\n";
  }
  (void)!system(("rm -r " + where).c_str());
  return nvrtcResult(status == 0 ? 0 : 6);
}
nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t* bytes) {
  *bytes = reinterpret_cast<Program*>(program)->log.size() + 1;
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char* log) {
  strcpy(log, reinterpret_cast<Program*>(program)->log.c_str());
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t* bytes) {
  *bytes = reinterpret_cast<Program*>(program)->code.size();
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetCUBIN(nvrtcProgram handle, char* code) {
  const auto& program = *reinterpret_cast<Program*>(handle);
  memcpy(code, program.code.data(), program.code.size());
  return nvrtcResult(0);
}
nvrtcResult nvrtcGetPTXSize(nvrtcProgram, size_t*) { return nvrtcResult(3); }
nvrtcResult nvrtcGetPTX(nvrtcProgram, char*) { return nvrtcResult(3); }
nvrtcResult nvrtcDestroyProgram(nvrtcProgram* program) {
  delete reinterpret_cast<Program*>(*program);
  *program = nullptr;
  return nvrtcResult(0);
}

}  // extern "C"
