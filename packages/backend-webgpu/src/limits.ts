// Limits of a device, in bytes. How many workgroups fit into one dimension is not among them: kernels go round that.

export type Limits = Pick<GPUSupportedLimits, "maxBufferSize" | "maxStorageBufferBindingSize">;

/** The limits to ask a device for: all that the adapter has of those that programs profit from. */
export const wantedLimits = (limits: GPUSupportedLimits): Record<string, number> => ({
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
});

/** The largest array in bytes. */
export const largest = ({ maxBufferSize, maxStorageBufferBindingSize }: Limits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize);
