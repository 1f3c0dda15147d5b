/**
 * Volumes of imaging and simulation.
 *
 * @packageDocumentation
 */

export type { Affine, AffineRow } from "./nifti/affine.ts";
export { type DecodeNiftiOptions, decodeNifti, type NiftiVolume } from "./nifti/decode-nifti.ts";
export type { Axes, VoxelGrid } from "./voxel-grid.ts";
export { type DecodeVtkOptions, decodeVtk, type VtkVolume } from "./vtk/decode-vtk.ts";
