/**
 * HDF5 files, MATLAB's of version 7.3 among them.
 *
 * @packageDocumentation
 */

export type { SourceOptions } from "../source.ts";
export type { Hdf5Attribute } from "./attributes.ts";
export { type Hdf5File, type OpenHdf5Options, type ReadHdf5Options, readHdf5 } from "./read-hdf5.ts";
export type { Hdf5Dataset, Hdf5Datatype, Hdf5Group, Hdf5Link, Hdf5Node } from "./tree.ts";
