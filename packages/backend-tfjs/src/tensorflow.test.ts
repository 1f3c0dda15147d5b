// What is lowered differently for TensorFlow's own binding, on the plain JavaScript kernels under its name.
import { conformance } from "@hooke/testkit";
import { knownDifferences, leftOut } from "@hooke/testkit/suite";
import { backend, copyRegisteredKernels, setBackend } from "@tensorflow/tfjs-core";
import { createTfjsBackend, dtypes } from "./backend.ts";
import "@tensorflow/tfjs-backend-cpu";

const part = { every: 2, reason: "one in two; HOOKE_TESTS=full runs all" };
const skip = process.env.HOOKE_TESTS === "full" ? {} : leftOut({ dtypes }, part);
const options = { terms: 1e4, skip: { ...skip, ...knownDifferences.tfjs } };

conformance(
  "tfjs kernels without explicit padding",
  async () => {
    copyRegisteredKernels("cpu", "tensorflow");
    await setBackend("cpu");
    return createTfjsBackend({
      name: "tensorflow",
      engine: "tensorflow",
      kernelBackend: backend(),
      capabilities: { precise: true, transposedProducts: true, freshWeights: true },
      checkCall({ kernel, attrs }) {
        if (Array.isArray(attrs.pad) && attrs.pad.flat().some((side) => side !== 0)) throw new Error(`${kernel} pads`);
      },
    });
  },
  options,
);
