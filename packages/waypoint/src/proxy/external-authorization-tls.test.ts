/**
 * An authorizer over TLS, as a BackendTLSPolicy on its Service has it: asked only where it shows who it is, over gRPC and over HTTP, and
 * whoever cannot be asked lets nobody through (design/0005-who-asks.md, "CUSTOM").
 */
import type { BackendTlsResource } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { backendTlsResource } from "../testing/backend-tls-resource.ts";
import { backendName, useBackendTls } from "../testing/backend-tls-rig.ts";
import type { RigPlane } from "../testing/exchange-rig.ts";
import { ask, frontend, openKnownClient } from "../testing/policy-clients.ts";
import {
  authorizerResources,
  customPolicy,
  no,
  openTestAuthorizer,
  overHttp,
  type TestAuthorizer,
  yes,
} from "../testing/test-authorizer.ts";

const tls = useBackendTls();

type Shown = "its own" | "a stranger's" | "another name's" | "none";

async function openAuthorizer(shown: Shown): Promise<TestAuthorizer> {
  const authority = shown === "a stranger's" ? tls.stranger : tls.authority;
  const dns = [shown === "another name's" ? "other.test" : backendName];
  const certificate = shown === "none" ? undefined : await authority.issue({ dns });
  const opened = await openTestAuthorizer(() => yes, certificate);
  tls.keep(opened);
  return opened;
}

function speakTls(more: BackendTlsResource = {}): EncodedResource {
  const targets = [{ kind: "Service", name: "policy/opa" }];
  return backendTlsResource(tls.trusting(more), { namespace: "policy", targets });
}

async function openPlane(port: number, policy: EncodedResource, protocol: "grpc" | "http" = "grpc") {
  const upstream = await tls.rig.openUpstream();
  const more = [...authorizerResources(port, protocol), speakTls(), policy];
  return { upstream, plane: await tls.rig.openPlane({ upstreams: [upstream], more }) };
}

async function statusOf(plane: RigPlane): Promise<number> {
  return await ask(await openKnownClient(tls.rig, plane, frontend), "/");
}

test("is asked where it shows the certificate that the policy wants, and its word holds", async () => {
  const authorizer = await openAuthorizer("its own");
  const { plane } = await openPlane(authorizer.port, customPolicy());
  expect(await statusOf(plane)).toBe(200);
  authorizer.decide = () => no;
  expect(await statusOf(plane)).toBe(403);
  expect(authorizer.asked.length).toBe(2);
});

test.for<Shown>(["a stranger's", "another name's", "none"])(
  "hears nothing where the certificate that it shows is %s, and nobody is let through",
  async (shown) => {
    const authorizer = await openAuthorizer(shown);
    const { plane, upstream } = await openPlane(authorizer.port, customPolicy());
    expect(await statusOf(plane)).toBe(403);
    expect([authorizer.asked.length, upstream.requests.length]).toEqual([0, 0]);
    expect(await plane.lines(1)).toMatchObject([
      { response_code: 403, response_code_details: "authorizer-error" },
    ]);
  },
);

test("that one trusted no more is not asked on connections of before", async () => {
  const authorizer = await openAuthorizer("its own");
  const { plane } = await openPlane(authorizer.port, customPolicy());
  expect(await statusOf(plane)).toBe(200);
  plane.apply([speakTls({ caCertificates: [tls.stranger.certificate] })]);
  expect(await statusOf(plane)).toBe(403);
  expect(authorizer.asked.length).toBe(1);
});

test("over HTTP the same holds", async () => {
  const policy = customPolicy({ provider: overHttp });
  const endpoint = await tls.endpoint();
  const good = await openPlane(Number(endpoint.address.split(":")[1]), policy, "http");
  expect(await statusOf(good.plane)).toBe(200);
  const other = await tls.endpoint({ dns: ["other.test"] });
  const bad = await openPlane(Number(other.address.split(":")[1]), policy, "http");
  expect(await statusOf(bad.plane)).toBe(403);
  expect(bad.upstream.requests).toEqual([]);
});
