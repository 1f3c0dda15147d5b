// CUDA kernels run to see whether they are right: on a GPU, where there is one, as a CUDA graph; and on a processor, where the threads of a group
// run one after the other, or as threads where they wait for each other. Programs read the memory and the launches, and write the memory.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostArray, type Program, sizeOf } from "@hooke/runtime";
import { printProgram } from "../print.ts";
import { fromWords, toWords } from "../words.ts";
import { nvcc } from "./compilers.fixture.ts";
import { cuda, entry, options, prelude } from "./cuda.ts";
import { nodesOf } from "./graph.ts";

/** A program and what it is given. */
export interface Run {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  /** The input that each output is written over, if any. */
  readonly donate?: readonly (number | null)[];
}

/** What runs kernels. */
export interface Runner {
  /** Why it cannot be had here, if so. */
  readonly lacks: string | undefined;
  readonly file: string;
  readonly compiler: readonly string[];
  /** What stands before the kernels, and the code of a call and of what calls it. */
  readonly before: string;
  readonly call: string;
  readonly main: string;
}

/** Modules in one text, each in a namespace of its own: `kernels::k0`, `kernels::k1` and so on. */
export const joined = (sources: Iterable<string>): string =>
  [
    prelude,
    // The last brace of a module closes the namespace of all.
    ...[...sources].map((source, k) => `namespace k${k} {${source.slice(prelude.length).replace('extern "C" ', "")}`),
    "}",
  ].join("\n");

const before = `
#include <cstdio>
#include <cstring>
#include <vector>
using Word = unsigned;
`;

/** A list of words behind its length. */
const read = `
static std::vector<Word> read() {
  Word size = 0;
  if (fread(&size, 4, 1, stdin) != 1) return {};
  std::vector<Word> list(size);
  return fread(list.data(), 4, size, stdin) == size ? list : std::vector<Word>{};
}
`;

/** g++. */
export const processor: Runner = {
  lacks: spawnSync("g++", ["--version"]).status === 0 ? undefined : "no g++",
  file: "kernels.cpp",
  compiler: ["g++", "-std=c++20", "-O0", "-ffp-contract=off", "-fno-strict-aliasing", "-w", "-pthread"],
  before: `${before}
#include <barrier>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <thread>
#define __device__
#define __global__
// Groups run one after the other.
#define __shared__ static
#define __launch_bounds__(threads)
struct Place { unsigned x, y; };
static thread_local Place blockIdx, threadIdx;
static std::barrier<>* waiting;
static void __syncthreads() { if (waiting) waiting->arrive_and_wait(); }
struct Shape { Word across, down, threads; bool waits; };
static void run(Shape shape, const std::function<void()>& thread) {
  auto everyGroup = [&](const std::function<void()>& run) {
    for (Word y = 0; y < shape.down; y++) for (Word x = 0; x < shape.across; x++) { blockIdx = {x, y}; run(); }
  };
  if (!shape.waits) {
    everyGroup([&] { for (Word t = 0; t < shape.threads; t++) { threadIdx = {t, 0}; thread(); } });
    return;
  }
  // The same threads for all groups, which they begin together.
  std::barrier<> barrier(shape.threads);
  waiting = &barrier;
  std::vector<std::thread> group;
  for (Word t = 0; t < shape.threads; t++) group.emplace_back([&, t] {
    threadIdx = {t, 0};
    everyGroup([&] { thread(); barrier.arrive_and_wait(); });
  });
  for (auto& each : group) each.join();
  waiting = nullptr;
}
`,
  call: "run(shape, [&] { KERNEL(ARGUMENTS); });",
  main: `${read}
int main() {
  std::vector<Word> given = read();
  Word* memory = static_cast<Word*>(aligned_alloc(64, 4 * given.size()));
  memcpy(memory, given.data(), 4 * given.size());
  for (std::vector<Word> node = read(); !node.empty(); node = read())
    calls[node[0]]({node[1], node[2], node[3], node[4] == 1}, memory, &node[6], &node[6 + node[5]]);
  fwrite(memory, 4, given.size(), stdout);
}
`,
};

const hasGpu = spawnSync("nvidia-smi", ["-L"]).status === 0;

/** Runs after the first that are measured. */
const rounds = 100;

/** nvcc, and a GPU. Says on stderr how many milliseconds a run takes. */
export const gpu: Runner = {
  lacks: nvcc === undefined ? "no nvcc" : hasGpu ? undefined : "no GPU",
  file: "kernels.cu",
  // Drivers make code of it for newer GPUs, too.
  compiler: [nvcc ?? "nvcc", ...options, "-w", "-arch=sm_80", "-Xcompiler=-static-libstdc++"],
  before: `${before}
struct Shape { Word across, down, threads; bool waits; cudaStream_t stream; };
`,
  call: `KERNEL<<<dim3(shape.across, shape.down), shape.threads, 0, shape.stream>>>(ARGUMENTS);`,
  main: `${read}
static void check(cudaError_t error) {
  if (error != cudaSuccess) { fprintf(stderr, "%s\\n", cudaGetErrorString(error)); exit(1); }
}
int main() {
  std::vector<Word> given = read();
  Word* memory;
  check(cudaMalloc(&memory, 4 * given.size()));
  check(cudaMemcpy(memory, given.data(), 4 * given.size(), cudaMemcpyHostToDevice));
  cudaStream_t stream;
  check(cudaStreamCreate(&stream));
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
  for (std::vector<Word> node = read(); !node.empty(); node = read())
    calls[node[0]]({node[1], node[2], node[3], node[4] == 1, stream}, memory, &node[6], &node[6 + node[5]]);
  cudaGraph_t graph;
  check(cudaStreamEndCapture(stream, &graph));
  cudaGraphExec_t made;
  check(cudaGraphInstantiate(&made, graph, 0));
  check(cudaGraphLaunch(made, stream));
  check(cudaStreamSynchronize(stream));
  check(cudaMemcpy(given.data(), memory, 4 * given.size(), cudaMemcpyDeviceToHost));
  fwrite(given.data(), 4, given.size(), stdout);
  const int rounds = ${rounds};
  cudaEvent_t begin, end;
  check(cudaEventCreate(&begin));
  check(cudaEventCreate(&end));
  check(cudaEventRecord(begin, stream));
  for (int round = 0; round < rounds; round++) check(cudaGraphLaunch(made, stream));
  check(cudaEventRecord(end, stream));
  check(cudaEventSynchronize(end));
  float milliseconds;
  check(cudaEventElapsedTime(&milliseconds, begin, end));
  fprintf(stderr, "%g", milliseconds / rounds);
}
`,
};

/** The text that runs kernels. */
export function textFor({ before, call, main }: Runner, sources: readonly string[]): string {
  const calls = sources.map((source, k) => {
    const steps = [...source.matchAll(/, u32 step(\d+)/g)].map(([, level]) => `, steps[${level}]`).join("");
    const code = call.replace("KERNEL", `kernels::k${k}::${entry}`).replace("ARGUMENTS", `memory, uniforms${steps}`);
    return `static void call${k}(Shape shape, Word* memory, const Word* given, const Word* steps) {
  kernels::k${k}::Uniforms uniforms;
  memcpy(&uniforms, given, sizeof uniforms);
  ${code}
}`;
  });
  const table = `static void (*calls[])(Shape, Word*, const Word*, const Word*) = {${sources.map((_, k) => `call${k}`).join(", ")}};`;
  return [before, joined(sources), ...calls, table, main].join("\n");
}

const wordsOf = (list: readonly number[]): Uint32Array => Uint32Array.from([list.length, ...list]);

/** Programs as one: the kernels of all, what the program that runs them reads, and results in what it writes. */
export interface Together {
  readonly sources: readonly string[];
  readonly input: Uint8Array;
  readonly resultsIn: (output: ArrayBuffer) => HostArray[][];
  /** How many launches. */
  readonly launches: number;
}

export function together(runs: readonly Run[]): Together {
  const sources = new Map<string, number>();
  const nodes: Uint32Array[] = [];
  const image: { readonly at: number; readonly words: Uint32Array }[] = [];
  let end = 0;
  const place = (size: number, content?: Uint32Array): number => {
    const at = end;
    if (content) image.push({ at, words: content });
    end += Math.ceil(size / 16) * 16;
    return at;
  };
  const results = runs.map(({ program, inputs, donate = [] }) => {
    const { steps, words, constants } = printProgram({ dialect: cuda, onProcessor: false }, program, donate);
    const workspace = place(words);
    for (const { place, array, data } of constants) {
      image.push({ at: workspace + place.offset / 4, words: toWords({ dtype: array.dtype, data: data() }) });
    }
    const given = inputs.map((input) => place(sizeOf(input.shape), toWords(input)));
    const made = program.outputs.map(({ shape }, i) => given[donate[i] ?? -1] ?? place(sizeOf(shape)));
    for (const { launch, uniforms, steps: around } of nodesOf(steps, [workspace, ...given, ...made])) {
      const kernel = sources.get(launch.code) ?? sources.size;
      sources.set(launch.code, kernel);
      const waits = Number(/Barrier\(\);/.test(launch.code.slice(prelude.length)));
      nodes.push(wordsOf([kernel, ...launch.groups, launch.threads, waits, uniforms.length, ...uniforms, ...around]));
    }
    return { program, made };
  });
  const memory = new Uint32Array(1 + end);
  memory[0] = end;
  for (const { at, words } of image) memory.set(words, 1 + at);
  const input = Buffer.concat([memory, ...nodes].map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer)));
  const resultsIn = (output: ArrayBuffer): HostArray[][] =>
    results.map(({ program, made }) =>
      program.outputs.map(({ shape, dtype }, i) => {
        const from = 4 * made[i]!;
        return { shape, dtype, data: fromWords(dtype, output.slice(from, from + 4 * sizeOf(shape))) } as HostArray;
      }),
    );
  return { sources: [...sources.keys()], input, resultsIn, launches: nodes.length };
}

/** The results of programs, all compiled at once. */
export function runWith(runner: Runner, runs: readonly Run[]): HostArray[][] {
  const { sources, input, resultsIn } = together(runs);
  const folder = mkdtempSync(join(tmpdir(), "hooke-cuda-"));
  try {
    compileFor(runner, sources, folder);
    const { buffer, byteOffset, length } = execFileSync(join(folder, "kernels"), { input, maxBuffer: 2 ** 30 });
    return resultsIn(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles kernels, and what runs them, to `kernels` in a folder. */
export function compileFor(runner: Runner, sources: readonly string[], folder: string): void {
  writeFileSync(join(folder, runner.file), textFor(runner, sources));
  const [compiler, ...given] = runner.compiler as [string, ...string[]];
  execFileSync(compiler, [...given, runner.file, "-o", "kernels"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
