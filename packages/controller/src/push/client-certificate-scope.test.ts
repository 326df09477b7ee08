/** Who gets the certificate and key of a waypoint's Gateway: that waypoint, and nobody else. */
import { typeUrls } from "@waystone/api/names";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { gatewayWithCertificate, ownSecret } from "../testing/client-certificates.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "../translate/translate.ts";
import { buildCatalog } from "./catalog.ts";

test("a client certificate is offered to the waypoint of its Gateway alone, by that waypoint's name", async () => {
  const world = createManifestSources(
    [gatewayWithCertificate("shop"), gatewayWithCertificate("billing")].join("\n---\n"),
  );
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const catalog = buildCatalog(world.graph, model, translate(world.sources, model, world.graph));
  const authority = await openTestAuthority();
  const issued = await authority.issue({ commonName: "shop", usage: "client" });
  world.applyObjects([ownSecret(issued)]);
  const offered = (scope: string): readonly string[] =>
    [...catalog.list(typeUrls.secret, scope)].map(({ name }) => name);
  expect(offered("shop/waypoint")).toEqual(["shop/waypoint"]);
  expect(offered("shop/other")).toEqual([]);
  expect(offered("billing/waypoint")).toEqual([]);
  expect(catalog.get(typeUrls.secret, "shop/waypoint", "billing/waypoint")).toBeUndefined();
  world.remove("Secret", "shop/own");
  expect(offered("shop/waypoint")).toEqual([]);
});
