/** Services, each with two policies of two rules: one file for all Services, one for each policy. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { namespace, ownNamespace, servicePair } from "../peers/waystone-files.ts";

export interface PolicedServices {
  readonly folder: string;
  readonly count: number;
  readonly port: number;
  readonly backendPort: number;
}

export const policiesPerService = 2;
/** What the load asks for: no DENY is about it, and the last rule of the ALLOW is. */
export const target = "/api/v1/items/42";
/** Denied where a policy was written with the same number, and allowed else. */
export const probeTarget = (number: number): string => `/probe/${number}`;

/** Gives back the folder of the manifests. */
export async function writePolicedServices(services: PolicedServices): Promise<string> {
  const folder = path.join(services.folder, "manifests");
  await mkdir(path.join(folder, "policies"), { recursive: true });
  const { count, port, backendPort } = services;
  const items = Array.from({ length: count }, (_, at) =>
    servicePair(
      { name: nameOf(at), port, appProtocol: "http", clusterIP: addressOf(at) },
      { addresses: ["127.0.0.1"], port: backendPort },
    ),
  );
  await writeFile(
    path.join(folder, "services.json"),
    JSON.stringify({ apiVersion: "v1", kind: "List", items: [ownNamespace, ...items.flat()] }),
  );
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      await writeDeny(services, at, 0);
      await writePolicy(services, `allow-${at}`, at, "ALLOW", [
        { methods: ["POST"], paths: [`/orders-${at}/*`] },
        { methods: ["GET"], paths: ["/api/*", "/probe/*"] },
      ]);
    }),
  );
  return folder;
}

/** The DENY of one Service, anew. */
export async function writeDeny(services: PolicedServices, at: number, number: number): Promise<void> {
  await writePolicy(services, `deny-${at}`, at, "DENY", [
    { methods: ["DELETE"], paths: [`/orders-${at}/*`] },
    { paths: [probeTarget(number)] },
  ]);
}

export function addressOf(at: number): string {
  return `127.89.${at >> 8}.${(at & 255) + 1}`;
}

function nameOf(at: number): string {
  return `web-${at}`;
}

interface Operation {
  readonly methods?: readonly string[];
  readonly paths: readonly string[];
}

async function writePolicy(
  { folder }: PolicedServices,
  name: string,
  at: number,
  action: "ALLOW" | "DENY",
  operations: readonly Operation[],
): Promise<void> {
  const policy = {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: nameOf(at) }],
      action,
      rules: operations.map((operation) => ({ to: [{ operation }] })),
    },
  };
  await writeFile(path.join(folder, "manifests/policies", `${name}.json`), JSON.stringify(policy));
}
