/** A client certificate is taken where a waypoint can use it; what is said of any other quotes nothing of it. */
import { typeUrls } from "@waystone/api/names";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { gatewayWithCertificate, ownSecret } from "../testing/client-certificates.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "./translate.ts";

/** What the Gateway says of it; undefined: it is pushed. */
function judge(cert: string, key: string): string | undefined {
  const world = createManifestSources(gatewayWithCertificate("shop"));
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const { resources, statuses } = translate(world.sources, model, world.graph);
  world.applyObjects([ownSecret({ cert, key })]);
  const conditions = statuses.get("Gateway/shop/waypoint")?.conditions ?? [];
  const refused = conditions.find(({ type, status }) => type === "ResolvedRefs" && status === "False");
  expect(resources.get(`${typeUrls.secret} shop/waypoint`) === undefined).toBe(refused !== undefined);
  return refused?.message;
}

const authority = await openTestAuthority();
const good = await authority.issue({ commonName: "shop", usage: "client" });
const weak = await authority.issue({ commonName: "shop", usage: "client", rsaBits: 1024 });
const other = await authority.issue({ commonName: "shop", usage: "client" });
const brokenLink = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

test.for<[string, string, string, string | undefined]>([
  ["that is whole is pushed", good.cert, good.key, undefined],
  ["with its chain is pushed", good.cert + authority.certificate, good.key, undefined],
  ["with another's key is refused", good.cert, other.key, "its tls.key is not the key of its tls.crt"],
  [
    "whose key TLS does not take is refused, with what would do",
    weak.cert,
    weak.key,
    "the key of its tls.crt is too short for TLS: take one of elliptic curve, or RSA with 2,048 bits or more",
  ],
  [
    "with a chain that is broken behind it is refused",
    good.cert + brokenLink,
    good.key,
    "its tls.crt cannot be used: is each certificate of its chain whole? (ERR_OSSL_ASN1_WRONG_TAG)",
  ],
])("a client certificate %s", ([, cert, key, said]) => {
  const start = "spec.tls.backend.clientCertificateRef: Secret shop/own: ";
  expect(judge(cert, key)).toBe(said === undefined ? undefined : start + said);
});
