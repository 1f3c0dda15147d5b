// Random programs on a backend beside the reference interpreter, on and on: what the conformance suite has seven of.
//
//   node scripts/fuzz/main.ts BACKEND [programs, default 200] [first seed, default 0]
//
// A backend is wasm (on one thread and on three, and piece by piece from the last to the first, in both float dtypes), wasm-divided (the same, where all that can be is divided), webgpu, webgpu-gpu (the kernels that a GPU is given, on any device), or cuda (its kernels, compiled by g++, on the processor). A single
// program is printed, too.
import { optimize } from "@hooke/runtime";
import { checkVaried, type Runs, runsOn, variedProgram } from "@hooke/testkit/fuzz";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";

const onThreads = async (fineness: number): Promise<Runs> => {
  const { WasmBackend } = await import("../../packages/backend-wasm/src/backend.ts");
  const { BackwardsBackend } = await import("../../packages/backend-wasm/src/threads/backwards.fixture.ts");
  return runsOn(
    new WasmBackend({ threads: 1 }, fineness),
    new WasmBackend({ threads: 3 }, fineness),
    // Blocks are more and smaller for more threads.
    ...[3, 8].map((threads) => new BackwardsBackend({ threads }, fineness)),
  );
};

const backends: Readonly<Record<string, () => Promise<Runs>>> = {
  wasm: () => onThreads(1),
  "wasm-divided": () => onThreads(1e-9),
  async webgpu() {
    const { webgpuBackend } = await import("@hooke/backend-webgpu");
    return runsOn(await webgpuBackend());
  },
  async "webgpu-gpu"() {
    const { printedBackend } = await import("../../packages/backend-webgpu/src/printed/open.fixture.ts");
    return runsOn(await printedBackend({ onProcessor: false }));
  },
  async cuda() {
    const { processor, runWith } = await import("../../packages/kernels/src/cuda/running.fixture.ts");
    return async ({ inputs, donate }, program) => {
      const run = { program, inputs, donate };
      return runWith(processor, [run, run]);
    };
  },
};

const [name = "", countText = "200", firstText = "0"] = process.argv.slice(2);
const open = backends[name];
if (open === undefined) {
  throw new Error(`fuzz: received the backend "${name}"; it is one of ${Object.keys(backends).join(", ")}.`);
}
offerSwiftshader();
const dtypes = name.startsWith("wasm") ? (["f32", "f64"] as const) : (["f32"] as const);
const runs = await open();
const [count, first] = [Number(countText), Number(firstText)];
const begun = performance.now();
let [failed, unjudged, outputs] = [0, 0, 0];
for (let done = 0; done < count; done++) {
  const seed = first + done;
  if (count === 1) console.log(String(optimize(variedProgram(seed, "f32").program)));
  let problems: readonly string[];
  try {
    const found = [];
    for (const dtype of dtypes) found.push(await checkVaried(runs, seed, dtype));
    for (const each of found) {
      unjudged += each.unjudged;
      outputs += each.outputs;
    }
    problems = found.flatMap((each) => each.problems);
  } catch (error) {
    problems = [String((error as Error).stack)];
  }
  if (problems.length > 0) {
    failed++;
    console.log(`seed ${seed}: ${problems.join("\n  ")}`);
  }
  if (done % 25 === 24) {
    const each = (performance.now() - begun) / 1000 / (done + 1);
    console.error(`${done + 1} of ${count} programs, ${each.toFixed(2)} s each, ${failed} failed`);
  }
}
console.log(
  `${name}: ${count} programs from seed ${first}, ${outputs} outputs, ${unjudged} of them lose too many digits to be judged; ${failed} programs failed`,
);
process.exit(failed > 0 ? 1 : 0);
