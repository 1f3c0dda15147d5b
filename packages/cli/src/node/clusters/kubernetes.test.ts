// The manifest holds what Kubernetes knows, by the types of its API, and reads back as it was meant.
import type { Job } from "kubernetes-types/batch/v1.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { kubernetesJob, kubernetesManifest } from "./kubernetes.ts";

const request = {
  name: "Widths, two",
  command: ["npx", "hooke", "sweep", "my: sweep.ts", "--folder", "/sweep/it's", "--tasks", "8"],
  tasks: 8,
  cpus: 2,
  memory: "4G",
  image: "registry.example/lab/widths:1",
  claim: "shared",
  mount: "/sweep",
};

/** `T` where all its names, at every depth, are names of `K`. */
type Known<T, K> = T extends readonly (infer I)[]
  ? K extends readonly (infer L)[]
    ? readonly Known<I, L>[]
    : never
  : T extends object
    ? {
        readonly [N in keyof T]: N extends keyof K
          ? Known<T[N], NonNullable<K[N]>>
          : string extends keyof K
            ? T[N]
            : never;
      }
    : T;

test("is what the types of batch/v1 say, without a name that they do not know", () => {
  const job: Job = kubernetesJob(request) satisfies Known<ReturnType<typeof kubernetesJob>, Job>;
  expect(job.spec).toMatchObject({ completionMode: "Indexed", completions: 8, parallelism: 8 });
  // The program's exit codes after its own errors: to try again is of no use.
  expect(job.spec!.podFailurePolicy!.rules[1]).toMatchObject({ action: "FailIndex", onExitCodes: { values: [1, 2] } });
});

test("reads back from YAML, whatever words hold", () => {
  expect(parse(kubernetesManifest(request))).toEqual(kubernetesJob(request));
  expect(kubernetesJob(request).metadata.name).toBe("widths-two");
  const { resources } = kubernetesJob({ ...request, memory: undefined }).spec.template.spec.containers[0]!;
  expect(resources).toEqual({ requests: { cpu: "2" } });
});
