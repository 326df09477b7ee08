import { describe, expect, test } from "vitest";
import type { SourceVerdict } from "../probe/judge-source.ts";
import type { SourceProbeResult } from "../probe/probe-source.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { buildWorkloads } from "./workload.ts";

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: web}]}
status: {phase: Running, podIP: 10.1.0.9}
`;

function identitiesWhere(verdict: SourceVerdict | undefined) {
  const { sources, graph } = createManifestSources(pod, { cluster: { ownNamespace: "waystone-system" } });
  const sourceProbe = graph.source<SourceProbeResult>({ name: "source-probe", key: ({ key }) => key });
  const cluster = { ...sources.cluster!, sourceProbe };
  const workloads = buildWorkloads(graph, { ...sources, cluster }, { standalone: false });
  if (verdict !== undefined) sourceProbe.set({ key: "source", verdict, message: "" });
  return { addresses: () => workloads.list().map(({ address }) => address), sourceProbe };
}

describe("network identity", () => {
  test.for<[string, SourceVerdict | undefined, readonly string[]]>([
    ["is there while nothing is known of the cluster yet", undefined, ["10.1.0.9"]],
    ["is there where a single controller cannot tell", "unknown", ["10.1.0.9"]],
    ["is there where pods are seen under their own addresses", "kept", ["10.1.0.9"]],
    ["is off where they are not: an address would be somebody else's", "lost", []],
  ])("%s", ([, verdict, addresses]) => {
    expect(identitiesWhere(verdict).addresses()).toEqual(addresses);
  });

  test("comes back when the cluster keeps addresses again", () => {
    const { addresses, sourceProbe } = identitiesWhere("lost");
    sourceProbe.set({ key: "source", verdict: "kept", message: "" });
    expect(addresses()).toEqual(["10.1.0.9"]);
  });
});

interface PodAt {
  readonly address: string;
  readonly terminating?: boolean;
  readonly hostNetwork?: boolean;
  readonly phase?: string;
}

/** Which addresses have an identity, in a cluster that has these pods. */
function identitiesOf(pods: readonly PodAt[]): readonly string[] {
  const manifests = pods.map(({ address, terminating = false, hostNetwork = false, phase = "Running" }, at) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `pod-${at}`,
        namespace: "shop",
        ...(terminating && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      },
      spec: { hostNetwork, containers: [{ name: "c" }] },
      status: { phase, podIP: address },
    }),
  );
  const { sources, graph } = createManifestSources(manifests.join("\n---\n"), {
    cluster: { ownNamespace: "waystone-system" },
  });
  const workloads = buildWorkloads(graph, sources, { standalone: false });
  return workloads.list().map(({ address, workload }) => `${address} ${workload.pod}`);
}

describe("in a cluster, an address is the identity of", () => {
  test.for<[string, readonly PodAt[], readonly string[]]>([
    ["the one pod that has it", [{ address: "10.1.0.9" }], ["10.1.0.9 pod-0"]],
    ["nobody where two live pods have it", [{ address: "10.1.0.9" }, { address: "10.1.0.9" }], []],
    ["nobody where it is the host's", [{ address: "10.1.0.9", hostNetwork: true }], []],
    [
      "nobody where a pod has the address of pods on the host's network",
      [{ address: "10.1.0.9", hostNetwork: true }, { address: "10.1.0.9" }],
      [],
    ],
    ["nobody where it is loopback: that is for files alone", [{ address: "127.0.1.5" }], []],
    ["nobody where it is loopback in IPv6's spelling", [{ address: "::ffff:127.0.1.5" }], []],
    ["a pod that is terminating", [{ address: "10.1.0.9", terminating: true }], ["10.1.0.9 pod-0"]],
    [
      "the live one of a terminating and a live pod",
      [{ address: "10.1.0.9", terminating: true }, { address: "10.1.0.9" }],
      ["10.1.0.9 pod-1"],
    ],
    [
      "nobody where two pods that had it are terminating",
      [
        { address: "10.1.0.9", terminating: true },
        { address: "10.1.0.9", terminating: true },
      ],
      [],
    ],
    ["nobody where the pod has succeeded", [{ address: "10.1.0.9", phase: "Succeeded" }], []],
    [
      "the pod that has it after one that failed",
      [{ address: "10.1.0.9", phase: "Failed" }, { address: "10.1.0.9" }],
      ["10.1.0.9 pod-1"],
    ],
    ["a pod that is only just starting", [{ address: "10.1.0.9", phase: "Pending" }], ["10.1.0.9 pod-0"]],
    ["a pod by IPv4, whatever way it is written", [{ address: "::ffff:10.1.0.9" }], ["10.1.0.9 pod-0"]],
  ])("%s", ([, pods, expected]) => {
    expect(identitiesOf(pods)).toEqual(expected);
  });
});
