/** The examples on a real cluster, by the very checks that `npm run test:examples` makes of `waystone run`. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { closeConnections } from "../../../examples/harness/ask.ts";
import type { Backend } from "../../../examples/harness/backend.ts";
import { exampleNames, loadExample } from "../../../examples/harness/example.ts";
import { readManifests } from "./example-on-cluster.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { namespacesOf, type OpenExample, openExample } from "./open-example.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const examples = await Promise.all(exampleNames().map(loadExample));
let image = "";

beforeAll(async () => {
  // Examples may show what only that channel has.
  await installWaystone(cluster, { channel: "experimental" });
  image = await loadWaystoneImage(cluster);
}, 240_000);

afterAll(async () => {
  closeConnections();
  await uninstallWaystone(cluster);
  const namespaces = namespacesOf(examples.flatMap(readManifests));
  await cluster.kubectl(["delete", "namespace", ...namespaces, "--wait=false", "--ignore-not-found"]);
}, 240_000);

describe.each(examples)("$name", (example) => {
  let open: OpenExample | undefined;

  beforeAll(async () => {
    open = await openExample(cluster, example, image);
  }, 240_000);

  afterAll(async () => await open?.close());

  const backend = (name: string): Backend => {
    const found = open?.backends.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the example has no backend ${name}`);
    return found;
  };
  test.each(example.checks)("$rule", async ({ holds }) => await holds({ backend }));
});
