/**
 * The network between the nodes: a bridge in the control plane's namespace, a veth pair to each node, and routes to each
 * node's pods. No route leads out of it: the control plane forwards nothing, and its namespace has no other interface.
 */
import {
  type AddressPair,
  controlPlane,
  fabricPrefix,
  maxNodes,
  nodeAddress,
  podRange,
} from "./addresses.ts";
import { inNetwork, type NodeNamespace } from "./node-namespace.ts";
import { runProgram } from "./run-program.ts";

/** `nodes` in their order: the first is node 1. */
export async function connectFabric(control: NodeNamespace, nodes: readonly NodeNamespace[]): Promise<void> {
  await configure(control, [
    "link set lo up",
    "link add fabric type bridge",
    ...addressLines(controlPlane, "fabric"),
    "link set fabric up",
    ...nodes.flatMap((node, at) => [
      `link add port-${at + 1} type veth peer name eth0 netns ${node.holder.pid}`,
      `link set port-${at + 1} master fabric up`,
    ]),
    ...routesToPods(nodes.length),
  ]);
  await Promise.all(nodes.map(async (node, at) => await configureNode(node, at + 1, nodes.length)));
}

async function configureNode(node: NodeNamespace, number: number, count: number): Promise<void> {
  await writeSettings(node, {
    "ipv4/ip_forward": "1",
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv6/conf/all/forwarding": "1",
    "ipv6/conf/default/forwarding": "1",
    // Nobody else has these addresses: asking around first would cost each pod a second.
    "ipv6/conf/all/accept_dad": "0",
    "ipv6/conf/default/accept_dad": "0",
  });
  await configure(node, [
    "link set lo up",
    ...addressLines(nodeAddress(number), "eth0"),
    "link set eth0 up",
    // Only for the answer "no route" of the control plane: a default route must exist for the programs that look for one.
    `route add default via ${controlPlane.v4}`,
    `route add ::/0 via ${controlPlane.v6}`,
    ...routesToPods(count, number),
  ]);
}

function addressLines(address: AddressPair, link: string): readonly string[] {
  return [
    `addr add ${address.v4}/${fabricPrefix.v4} dev ${link}`,
    `addr add ${address.v6}/${fabricPrefix.v6} dev ${link} nodad`,
  ];
}

/** `except`: the node whose own pods are behind its own interfaces. */
function routesToPods(count: number, except?: number): readonly string[] {
  if (count > maxNodes) throw new Error(`${count} nodes: at most ${maxNodes} have addresses`);
  return Array.from({ length: count }, (_, at) => at + 1)
    .filter((number) => number !== except)
    .flatMap((number) => [
      `route add ${podRange(number).v4} via ${nodeAddress(number).v4}`,
      `route add ${podRange(number).v6} via ${nodeAddress(number).v6}`,
    ]);
}

async function configure(node: NodeNamespace, lines: readonly string[]): Promise<void> {
  const input = `${lines.join("\n")}\n`;
  await runProgram(inNetwork(node, ["ip", "-batch", "-"]), { input });
}

/** /proc/sys/net shows the settings of the network namespace of the process that looks. */
async function writeSettings(node: NodeNamespace, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `echo ${value} >/proc/sys/net/${name}`);
  await runProgram(inNetwork(node, ["/bin/sh", "-e"]), { input: `${lines.join("\n")}\n` });
}
