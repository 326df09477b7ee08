import { expect, test } from "vitest";
import { readClusterSettings } from "./cluster-settings.ts";

const surroundings = {
  environment: {},
  namespace: "tools",
  hostname: "here",
  addresses: ["10.1.0.5"],
  version: "1.2.3",
};

test("outside a pod there are defaults for everything", () => {
  expect(readClusterSettings(surroundings)).toEqual({
    podName: "here",
    podAddresses: ["10.1.0.5"],
    ownNamespace: "tools",
    serviceAccount: "waystone-controller",
    waypointImage: "waystone:1.2.3",
    waypointImagePullPolicy: "IfNotPresent",
    clusterDomain: "cluster.local",
    pushAddress: ":15010",
    probeHost: "waystone-probe.tools.svc",
  });
});

test("what the chart says is taken, and what it leaves empty is not", () => {
  const environment = { POD_NAMESPACE: "waystone-system", POD_NAME: "c-1", WAYSTONE_CLUSTER_DOMAIN: "" };
  expect(readClusterSettings({ ...surroundings, environment })).toMatchObject({
    ownNamespace: "waystone-system",
    podName: "c-1",
    clusterDomain: "cluster.local",
  });
});

test("a pull policy that Kubernetes does not know is refused, with those that it does", () => {
  const environment = { WAYSTONE_WAYPOINT_IMAGE_PULL_POLICY: "Sometimes" };
  expect(() => readClusterSettings({ ...surroundings, environment })).toThrow(
    'WAYSTONE_WAYPOINT_IMAGE_PULL_POLICY is "Sometimes"; it must be one of Always, IfNotPresent, Never',
  );
});
