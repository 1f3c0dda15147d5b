// What becomes of errors in the pieces of a kernel, in the calling thread and in a worker.
import { expect, test } from "vitest";
import type { Code } from "../encoder/code.ts";
import { br_if, call, global, local, loop, unreachable, when } from "../encoder/control.ts";
import { ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { Heap, mostPages } from "../heap.ts";
import { controlBytes, share } from "./share.ts";

/** The memory of its own that the only worker is told of; the calling thread has none. */
const ofWorkers = 64;

/** A program of a thousand pieces of some microseconds, of which those trap where `fails` is not 0. */
async function start(fails: (piece: Code, ofWorker: Code) => Code) {
  const heap = new Heap(true);
  const { memory } = heap;
  const control = heap.allocate(controlBytes(2));
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1, max: mostPages, shared: true });
  const signal = (name: string): number => module.importFunction("env", name, { params: [], results: [] });
  const signals = { wake: signal("wake"), wait: signal("wait") };
  const own = module.exportGlobal("own");
  const piece = module.addFunction(["i32"]);
  const rounds = piece.local("i32");
  piece.emit(
    when(fails(local.get(0), i32.eq(global.get(own), i32.const(ofWorkers))), unreachable),
    local.set(rounds, i32.const(10_000)),
    loop(br_if(0, local.tee(rounds, i32.sub(local.get(rounds), i32.const(1))))),
  );
  module.table.push(piece.index);
  const distributor = module.addFunction(["i32", "i32"]);
  const main = module.addFunction([]);
  main.emit(call(distributor.index, i32.const(0), i32.const(1000)));
  module.exportFunction("main", main);
  const program = share(module, distributor, signals, memory, { address: control, threads: 2 });
  const compiled = await WebAssembly.instantiate(module.toBytes(), {
    env: { memory, wake: program.wake, wait: program.wait },
  });
  program.start(compiled.module, [{ own: ofWorkers }]);
  return { program, run: () => program.run(compiled.instance.exports.main as () => void) };
}

function errorOf(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

test("a piece that traps in a worker is an error of the run, and the next program runs", async () => {
  const { program, run } = await start((_, ofWorker) => ofWorker);
  // Until the worker is there, the calling thread computes everything.
  await expect
    .poll(() => errorOf(run), { timeout: 60_000 })
    .toMatchObject({
      name: "HookeError",
      code: "device-lost",
      message: expect.stringMatching(/a thread failed: .*unreachable.*Make a new backend/),
    });
  expect(program.end()).toBe(true);
  const next = await start(() => i32.const(0));
  for (let i = 0; i < 10; i++) next.run();
  expect(next.program.end()).toBe(true);
});

test("a piece that traps in the calling thread ends the run once workers have ended theirs", async () => {
  const { program, run } = await start((_, ofWorker) => i32.eqz(ofWorker));
  const errors: unknown[] = [];
  // Now and then the worker is faster, and computes everything.
  await expect.poll(() => errors.push(errorOf(run)) > 10 && errors.some(Boolean), { interval: 1 }).toBe(true);
  for (const error of errors.filter(Boolean)) expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
  expect(program.end()).toBe(true);
});
