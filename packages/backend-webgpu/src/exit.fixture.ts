// Starts work on the GPU and leaves before it is done: by reaching the end, or with process.exit().
import "./gpu.fixture.ts";
import { array, matmul, record, type Tensor } from "@hooke/runtime";
import { webgpuBackend } from "./backend.ts";

const backend = await webgpuBackend();
const square = array(new Array<number>(128 * 128).fill(1 / 128), { shape: [128, 128] });
const { program } = record((x: Tensor) => Array.from({ length: 8 }).reduce<Tensor>((y) => matmul(y, x), x), square);
const executable = await backend.prepare(program);
for (let i = 0; i < 4; i++) executable.run([backend.upload(square)]);
console.log("started");
if (process.argv[2] === "exit") process.exit();
