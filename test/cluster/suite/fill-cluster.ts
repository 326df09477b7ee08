/**
 * Many Services with their pods and EndpointSlices, straight through the API: objects as large as real ones, that nothing
 * runs. Pods wait at a scheduling gate and are said to be Running; Services have no selector, so that making them is not a
 * matter of the controller manager's rate limit.
 */
import { createObject, patchObject } from "@waystone/kube/objects/objects";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import type { Transport } from "@waystone/kube/transport/transport";

export interface FillOptions {
  readonly transport: Transport;
  readonly services: number;
  readonly podsEach: number;
  readonly namespaces: number;
}

const core = { group: "", version: "v1", namespaced: true } as const;
const kinds = {
  namespaces: { ...core, plural: "namespaces", kind: "Namespace", namespaced: false },
  services: { ...core, plural: "services", kind: "Service" },
  pods: { ...core, plural: "pods", kind: "Pod" },
  endpointSlices: {
    ...core,
    group: "discovery.k8s.io",
    plural: "endpointslices",
    kind: "EndpointSlice",
  },
} as const satisfies Readonly<Record<string, KubeResource>>;

const fieldManager = "deployment-controller";
const atOnce = 24;

export function filledNamespace(at: number): string {
  return `filled-${at}`;
}

export async function fillCluster(options: FillOptions): Promise<void> {
  const { transport, services, podsEach, namespaces } = options;
  await each(namespaces, async (at) => {
    await create(transport, kinds.namespaces, { metadata: { name: filledNamespace(at) } });
    await create(
      transport,
      { ...core, plural: "serviceaccounts", kind: "ServiceAccount" },
      { metadata: { namespace: filledNamespace(at), name: "default" } },
    ).catch(() => undefined);
  });
  await each(services * podsEach, async (at) => {
    await makePod(transport, podNames(options, Math.floor(at / podsEach), at % podsEach), at);
  });
  await each(services, async (at) => await makeService(options, at));
}

interface Names {
  readonly namespace: string;
  readonly service: string;
  readonly pod: string;
}

/** Every pod once more, with another value of a label. */
export async function changePods(options: FillOptions, value: string): Promise<void> {
  const { transport, services, podsEach } = options;
  const patch = { metadata: { labels: { changed: value } } };
  await each(services * podsEach, async (at) => {
    const { namespace, pod } = podNames(options, Math.floor(at / podsEach), at % podsEach);
    const id = { namespace, name: pod };
    await patchObject(transport, kinds.pods, id, { type: "merge", patch }, { fieldManager });
  });
}

function podNames({ namespaces }: FillOptions, service: number, pod: number): Names {
  const name = `service-${service}`;
  const suffix = (service * 100 + pod).toString(36).padStart(5, "0");
  return {
    namespace: filledNamespace(service % namespaces),
    service: name,
    pod: `${name}-7d9f8b6c4-${suffix}`,
  };
}

function addressOf(at: number): string {
  return `10.${Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}`;
}

async function makeService(options: FillOptions, at: number): Promise<void> {
  const { transport, podsEach } = options;
  const { namespace, service } = podNames(options, at, 0);
  const ports = [
    { name: "http", port: 80, targetPort: "http" },
    { name: "grpc", port: 9000, targetPort: 9000 },
  ];
  await create(transport, kinds.services, {
    metadata: { namespace, name: service, labels: labelsOf(service), annotations: archive },
    spec: { ports },
  });
  await create(transport, kinds.endpointSlices, {
    metadata: {
      namespace,
      name: `${service}-x7k2p`,
      labels: { "kubernetes.io/service-name": service, "endpointslice.kubernetes.io/managed-by": "filled" },
    },
    addressType: "IPv4",
    ports: [
      { name: "http", port: 8080, protocol: "TCP" },
      { name: "grpc", port: 9000, protocol: "TCP" },
    ],
    endpoints: Array.from({ length: podsEach }, (_, pod) => ({
      addresses: [addressOf(at * podsEach + pod)],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: `node-${pod}`,
      zone: "zone-1",
      targetRef: { kind: "Pod", namespace, name: podNames(options, at, pod).pod },
    })),
  });
}

async function makePod(transport: Transport, { namespace, service, pod }: Names, at: number): Promise<void> {
  const container = {
    image: "registry.example/shop/service:v1.2.3",
    env: Array.from({ length: 20 }, (_, number) => ({ name: `SETTING_${number}`, value: `value ${number}` })),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: "/live", port: 8080 }, periodSeconds: 10 },
  };
  await create(transport, kinds.pods, {
    metadata: {
      namespace,
      name: pod,
      labels: { ...labelsOf(service), "pod-template-hash": "7d9f8b6c4" },
      annotations: archive,
    },
    spec: {
      schedulingGates: [{ name: "example.com/never" }],
      automountServiceAccountToken: false,
      containers: [
        {
          ...container,
          name: "main",
          ports: [{ name: "http", containerPort: 8080 }, { containerPort: 9000 }],
        },
        { ...container, name: "side" },
      ],
    },
  });
  const status = {
    phase: "Running",
    podIP: addressOf(at),
    podIPs: [{ ip: addressOf(at) }],
    conditions: ["Initialized", "ContainersReady", "Ready", "PodReadyToStartContainers"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    })),
  };
  const options = { fieldManager: "kubelet", subresource: "status" } as const;
  await patchObject(
    transport,
    kinds.pods,
    { namespace, name: pod },
    { type: "strategic", patch: { status } },
    options,
  );
}

function labelsOf(service: string): Readonly<Record<string, string>> {
  return {
    app: service,
    "app.kubernetes.io/name": service,
    "app.kubernetes.io/version": "v1.2.3",
    "app.kubernetes.io/managed-by": "Helm",
  };
}

/** What tools leave on real objects. */
const archive = {
  "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ as: "applied ".repeat(150) }),
  "example.com/checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
};

interface WrittenObject extends KubeObject {
  readonly [field: string]: unknown;
}

async function create(transport: Transport, resource: KubeResource, object: WrittenObject): Promise<void> {
  await createObject(transport, resource, object, { fieldManager });
}

/** Calls `make` for 0 to count - 1, some at a time. */
async function each(count: number, make: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await make(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
