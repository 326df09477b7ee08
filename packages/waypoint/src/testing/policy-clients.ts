/** For tests of policies: clients whose addresses are made known as workloads, and requests of theirs in few words. */
import { until } from "@waystone/testkit/within";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import type { ExchangeRig, RigPlane } from "./exchange-rig.ts";
import { workloadResource } from "./open-test-plane.ts";

export interface Person {
  readonly address: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export const frontend: Person = { address: "127.7.0.1", namespace: "shop", serviceAccount: "frontend" };
export const stranger: Person = { address: "127.7.0.2", namespace: "other", serviceAccount: "default" };

/** A connection whose client is known by the time that it sends anything. */
export async function openKnownClient(rig: ExchangeRig, plane: RigPlane, person: Person): Promise<RawClient> {
  const client = await rig.openClient(plane, { localAddress: person.address });
  await untilAsked(plane, person.address);
  introduce(plane, person);
  return client;
}

/** The plane has asked who the address is. */
export async function untilAsked(plane: RigPlane, address: string): Promise<void> {
  const isAsked = (): boolean =>
    plane.emitted.some((message) => message.type === "subscribe" && message.address === address);
  await until(isAsked, `somebody asked who ${address} is`);
}

export function introduce(
  plane: RigPlane,
  { address, namespace, serviceAccount, labels = {} }: Person,
): void {
  const list = Object.entries(labels).map(([key, value]) => ({ key, value }));
  plane.apply([workloadResource({ address, workload: { namespace, serviceAccount }, labels: list })]);
}

/** The status of a request; headers as "Name: value". */
export async function ask(
  client: RawClient,
  path = "/",
  { method = "GET", headers = [] }: { readonly method?: string; readonly headers?: readonly string[] } = {},
): Promise<number> {
  const lines = headers.map((line) => `${line}\r\n`).join("");
  await client.send(`${method} ${path} HTTP/1.1\r\nHost: h\r\n${lines}\r\n`);
  return (await client.readResponse(method)).status;
}
