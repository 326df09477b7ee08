/** Many HTTPRoutes through the API, some at a time: each for one path of one Service, showing its number in every answer. */
import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import { applyObject, deleteObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";

export const httpRoutes = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "httproutes",
  kind: "HTTPRoute",
  namespaced: true,
};

export interface ManyRoutes {
  readonly transport: Transport;
  readonly namespace: string;
  /** The Services that they ask for, in turn. */
  readonly services: readonly string[];
  readonly backend: string;
}

const atOnce = 16;

export function routePath(number: number): string {
  return `/route-${number}`;
}

/** `shown` instead of its number, `port` of the backend: what a change changes. */
export async function writeRoute(
  { transport, namespace, services, backend }: ManyRoutes,
  number: number,
  { shown = String(number), port = 80 }: { readonly shown?: string; readonly port?: number } = {},
): Promise<HTTPRoute> {
  const set = [{ name: "x-route-number", value: shown }];
  const wanted = {
    metadata: { namespace, name: `route-${number}` },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: services[number % services.length] ?? "" }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: routePath(number) } }],
          filters: [{ type: "ResponseHeaderModifier", responseHeaderModifier: { set } }],
          backendRefs: [{ name: backend, port }],
        },
        {
          matches: [{ path: { type: "PathPrefix", value: `${routePath(number)}/nowhere` } }],
          backendRefs: [{ name: "nowhere", port: 80 }],
        },
      ],
    },
  };
  return await applyObject<HTTPRoute>(transport, httpRoutes, wanted, { fieldManager: "suite" });
}

/** Numbers from `from` to below `to`. */
export async function writeRoutes(routes: ManyRoutes, from: number, to: number): Promise<void> {
  await doEach(from, to, async (number) => void (await writeRoute(routes, number)));
}

export async function deleteRoutes(
  { transport, namespace }: ManyRoutes,
  from: number,
  to: number,
): Promise<void> {
  await doEach(from, to, async (number) => {
    await deleteObject(transport, httpRoutes, { namespace, name: `route-${number}` });
  });
}

/** Some at a time. */
export async function doEach(
  from: number,
  to: number,
  act: (number: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to) await act(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
