// A sweep as an indexed job of Kubernetes: a manifest for `kubectl apply`.
import type { Request } from "./slurm.ts";

/** What {@link kubernetesManifest} is asked for. */
export interface KubernetesRequest extends Request {
  /** A container with the project in its working directory. */
  readonly image: string;
  /** A claim of a volume that all pods may write into (ReadWriteMany). */
  readonly claim: string;
  /** Where the volume is mounted. */
  readonly mount: string;
}

/**
 * A pod that is evicted or killed is replaced, and its successor goes on from the checkpoint; three times a task is tried again after it
 * ended otherwise, and not at all after an error of its own, which would come again.
 */
export function kubernetesManifest(request: KubernetesRequest): string {
  return `# A sweep of ${request.tasks} tasks: kubectl apply -f THIS_FILE.\n${yaml(kubernetesJob(request))}`;
}

/** The manifest as a record. */
export function kubernetesJob({ name, command, tasks, cpus, memory, image, claim, mount }: KubernetesRequest) {
  const quantities = { cpu: String(cpus), ...(memory !== undefined && { memory: `${memory}i` }) };
  return {
    apiVersion: "batch/v1" as const,
    kind: "Job" as const,
    metadata: { name: labelOf(name) },
    spec: {
      completionMode: "Indexed",
      completions: tasks,
      parallelism: tasks,
      backoffLimitPerIndex: 3,
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "FailIndex", onExitCodes: { containerName: "trial", operator: "In", values: [1, 2] } },
        ],
      },
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: "trial",
              image,
              command: [...command],
              env: [{ name: "HOOKE_THREADS", value: String(cpus) }],
              resources: { requests: quantities, ...(memory !== undefined && { limits: { memory: `${memory}i` } }) },
              volumeMounts: [{ name: "sweep", mountPath: mount }],
            },
          ],
          volumes: [{ name: "sweep", persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
}

/** A name as Kubernetes takes them, with room for the index of a pod. */
const labelOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "") || "sweep";

/** Records, lists, texts and numbers. */
function yaml(value: unknown, indent = ""): string {
  const inner = (part: unknown): string =>
    typeof part === "object" && part !== null ? `\n${yaml(part, `${indent}  `)}` : ` ${JSON.stringify(part)}\n`;
  if (Array.isArray(value)) {
    return value
      .map((item) =>
        typeof item === "object" ? `${indent}- ${yaml(item, `${indent}  `).trimStart()}` : `${indent}-${inner(item)}`,
      )
      .join("");
  }
  return Object.entries(value as object)
    .map(([name, part]) => `${indent}${name}:${inner(part)}`)
    .join("");
}
