/**
 * Keys that an issuer serves over HTTPS, from its answer to both workers of a waypoint: fetched once, by an authority that the process
 * was told of, never from an address that the policy may not have asked, and others where the policy says another URI.
 */
import http from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import {
  keySetText,
  makeKey,
  makeToken,
  type SigningKey,
} from "@waystone/engine/authentication/testing/token-rig";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { expect, test } from "vitest";
import { eventually } from "../../examples/harness/eventually.ts";
import { type Scene, withScene } from "./harness/scene.ts";

const issuer = "https://id.example.com";
const first = makeKey("one");
const second = makeKey("two");
const tokenOf = (key: SigningKey): string => makeToken(key, { claims: { iss: issuer, sub: "alice" } });

/** On a connection of its own each, so that both workers are asked: the statuses, each once. */
async function statusesOf(scene: Scene, key: SigningKey): Promise<number[]> {
  const ask = async (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const headers = { authorization: `Bearer ${tokenOf(key)}` };
    http.get(scene.url, { agent: false, headers }, resolve).once("error", reject);
    const response = await promise;
    response.resume();
    return response.statusCode ?? 0;
  };
  return [...new Set(await Promise.all(Array.from({ length: 24 }, ask)))];
}

/** /jwks has the first key, /next the second, /away leads to a metadata service. */
async function openIssuer(scene: Scene): Promise<{ at: string; ca: string; asked: string[] }> {
  const authority = await openTestAuthority();
  const asked: string[] = [];
  const server = createServer(await authority.issue({ dns: ["localhost"] }), (request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/away") response.writeHead(302, { location: "https://169.254.169.254/" }).end();
    else response.end(keySetText(request.url === "/next" ? second : first));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  scene.onClose(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const ca = await scene.write("issuer-ca.pem", authority.certificate);
  return { at: `https://localhost:${(server.address() as AddressInfo).port}`, ca, asked };
}

const policyText = (uri: string, allowed = `["127.0.0.1", "::1"]`): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: tokens, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  jwt:
    providers:
      - {name: corp, issuer: "${issuer}", jwks: {uri: "${uri}", allowedAddresses: ${allowed}}}
`;

test("two workers check tokens by the keys that their process fetched once, from where it may", () =>
  withScene(async (scene) => {
    const { at, ca, asked } = await openIssuer(scene);
    await scene.front();
    await scene.write("policy.yaml", policyText(`${at}/jwks`));
    const waystone = scene.command(["run", "-f", scene.folder, "--admin", "127.0.0.1:0"], {
      environment: { WAYSTONE_WORKERS: "2", NODE_EXTRA_CA_CERTS: ca },
    });
    await waystone.find(/ serving/, "it serves");
    await eventually(
      async () => (await statusesOf(scene, first)).join() === "200",
      "both workers have the key",
    );
    expect(asked).toEqual(["/jwks"]);
    expect(await statusesOf(scene, second)).toEqual([401]);

    await scene.write("policy.yaml", policyText(`${at}/next`));
    await eventually(
      async () => (await statusesOf(scene, second)).join() === "200",
      "both workers have the other key",
    );
    expect(await statusesOf(scene, first)).toEqual([401]);

    await scene.write("policy.yaml", policyText(`${at}/away`));
    await waystone.find(/169\.254\.169\.254 is nothing that may be fetched from/, "it does not go there");
    await eventually(async () => (await statusesOf(scene, second)).join() === "401", "no key is left");

    await scene.write("policy.yaml", policyText(`${at}/jwks`, `["203.0.113.1"]`));
    await waystone.find(
      /127\.0\.0\.1 is nothing that may be fetched from|::1 is nothing/,
      "it does not ask there",
    );
    expect(await statusesOf(scene, first)).toEqual([401]);
    expect([...new Set(asked)].toSorted()).toEqual(["/away", "/jwks", "/next"]);
  }));
