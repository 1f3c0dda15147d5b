/**
 * What transfer needs of Node: a cache of features in a folder.
 *
 * @packageDocumentation
 */
export { featureFolder } from "./feature-folder.ts";
