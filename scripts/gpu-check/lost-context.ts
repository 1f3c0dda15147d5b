// What becomes of a process whose kernel writes where nothing is: whether the driver gives it another context, as `reopen` hopes. Started by check.ts
// in a process of its own, which may be beyond help afterwards.
import { tmpdir } from "node:os";
import { findForDriver } from "../../packages/backend-cuda/src/node/backend.ts";
import { Context } from "../../packages/backend-cuda/src/node/driver/context.ts";
import { DriverMachine } from "../../packages/backend-cuda/src/node/driver/machine.ts";

const found = await findForDriver({});
if ("reason" in found) throw new Error(`${found.reason}. ${found.cure}`);
const { driver, gpu, compiler } = found;
const open = (): DriverMachine => new DriverMachine(new Context(driver, gpu), compiler, tmpdir());

const first = open();
first.memory.grow(64, "some words");
const code = `struct Uniforms { float x, y; unsigned z; };
extern "C" __global__ void kernel(unsigned*, Uniforms) { *reinterpret_cast<volatile unsigned*>(64) = 1u; }`;
const astray = { label: "astray", code, pointers: [], groups: [1, 1], threads: 1, iterations: 1, levels: 0 } as const;
const recording = await first.record([astray]);
recording.run([0]);
console.log(await first.read(0, 4).then(String, (error: Error) => error.message));
first.close();

const second = open();
second.memory.grow(64, "some words");
second.write(0, Uint32Array.of(1, 2, 3, 4));
const words = [...new Uint32Array(await second.read(0, 4))];
console.log(words.join() === "1,2,3,4" ? "another context works" : `another context reads ${words}`);
