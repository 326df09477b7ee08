/** Names, ClusterIPs and source addresses across nodes: all that capture stands on. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { type EchoPod, EchoPods } from "./echo-pods.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "traffic";
let echo: EchoPods;

beforeAll(async () => {
  echo = await EchoPods.create(cluster, namespace);
});

afterAll(async () => await echo.delete());

function onNode(pods: readonly EchoPod[], number: number): EchoPod {
  const found = pods[number - 1];
  if (found === undefined) throw new Error(`the suite needs a node ${number}`);
  return found;
}

const client = (node: number): EchoPod => onNode(echo.clients, node);
const server = (node: number): EchoPod => onNode(echo.servers, node);

interface Service {
  readonly spec: { readonly clusterIPs: readonly string[] };
}

async function clusterIps(service: string): Promise<readonly string[]> {
  const json = await cluster.kubectl(["-n", namespace, "get", "service", service, "-o", "json"]);
  return (JSON.parse(json) as Service).spec.clusterIPs;
}

describe("DNS", () => {
  test.for([1, 2])("a pod on node-%i finds a Service by its short and its full name", async (node) => {
    const addresses = (await clusterIps("servers")).toSorted();
    for (const name of ["servers", `servers.${namespace}.svc.cluster.local`]) {
      const found = await echo.run(client(node), "lookup", name);
      expect(found.trimEnd().split("\n").toSorted()).toEqual(addresses);
    }
  });
});

describe("through a ClusterIP", () => {
  const ways = [
    { from: 1, to: 1, is: "on the same node" },
    { from: 1, to: 2, is: "on the other node" },
    { from: 2, to: 1, is: "on the other node, the other way" },
  ];

  test.for(ways)("a pod reaches a pod $is, and is seen as who it is", async ({ from, to }) => {
    const answer = await echo.ask(client(from), `server-node-${to}`);
    expect(answer.host).toBe(server(to).name);
    expect(client(from).status.podIPs.map(({ ip }) => ip)).toContain(answer.caller);
  });

  test.for([
    ["IPv4", 0],
    ["IPv6", 1],
  ] as const)("the source address is kept in %s", async ([, family]) => {
    const address = (await clusterIps("server-node-2"))[family] ?? "";
    const answer = await echo.ask(client(1), address.includes(":") ? `[${address}]` : address);
    expect(answer.caller).toBe(client(1).status.podIPs[family]?.ip);
  });

  test("a test that runs in a node's network reaches pods and Services itself", async () => {
    const [address] = await clusterIps("server-node-2");
    const response = await until(async () => await fetch(`http://${address}:8080/`).catch(() => undefined), {
      deadlineMs: 60_000,
      describe: () => "the Service does not answer",
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ host: server(2).name, caller: "198.18.0.11" });
  });
});
