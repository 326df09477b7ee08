import { expect, test } from "vitest";
import { enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";

const service = (spec: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
spec: {clusterIP: 10.96.0.1, selector: {app: web}, ports: [{name: http, port: 80}], ${spec}}`;

function targetOf(spec: string) {
  return openClusterWorld(enrolledShop + service(spec)).model.cluster?.targets.get("shop/web")?.target;
}

test.for(["internalTrafficPolicy: Local", "type: LoadBalancer, externalTrafficPolicy: Local"])(
  "who asks for it on a Service with %s gets it, and is told from where nothing is answered",
  (spec) => {
    expect(targetOf(spec)).toMatchObject({
      is: "captured",
      warning: expect.stringMatching(
        /^captured because the annotation of the Service asks for it, although \w+TrafficPolicy Local .*: from nodes without one nothing is answered$/,
      ) as string,
    });
  },
);

test("where nothing may be lost nothing is said", () => {
  expect(targetOf("internalTrafficPolicy: Cluster")).not.toHaveProperty("warning");
});
