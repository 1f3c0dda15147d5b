/**
 * Tensors of PyTorch's own files: .pth, .pt and .ckpt.
 *
 * @packageDocumentation
 */

export { type DecodePyTorchOptions, decodePyTorch, type PyTorchFile } from "./decode-pytorch.ts";
