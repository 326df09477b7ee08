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
