/** Issue: 0 wrong answers while 3,000 routes change under load; an answer is of one generation, never a mix. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { MatchType } from "@waystone/api/resources";
import { freePort } from "@waystone/testkit/free-port";
import type { EncodedResource } from "@waystone/xds/resource";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { openTestPlane, routeResource } from "../testing/open-test-plane.ts";

const routes = 3000;
const clients = 8;

/** Route i, as edited for the n-th time: its own path, and three marks on the answer that must agree. */
function numberedRoute(index: number, edit: number): EncodedResource {
  const mark = `${index}-${edit}`;
  return routeResource(`r${index}`, {
    generation: edit + 1,
    rules: [
      {
        matches: [{ path: { type: MatchType.PREFIX, value: `/r${index}` } }],
        filters: [
          {
            responseHeaderModifier: {
              set: [
                { name: "x-first", value: mark },
                { name: "x-second", value: mark },
              ],
            },
          },
          { requestHeaderModifier: { set: [{ name: "x-third", value: mark }] } },
        ],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
    ],
  });
}

test("3,000 routes change under load: every answer is right, of the old generation or of the new one", async () => {
  const upstream = http.createServer((request, response) => {
    response.setHeader("x-seen", request.headers["x-third"] ?? "none").end();
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const port = await freePort();
  const plane = await openTestPlane({
    port,
    endpoints: [`127.0.0.1:${(upstream.address() as AddressInfo).port}`],
    more: Array.from({ length: routes }, (_, i) => numberedRoute(i, 0)),
    settings: { accessLog: false },
  });
  const edits = Array.from({ length: routes }, () => 0);
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const flow = { isChanging: true };
  let changed = 0;
  let answers = 0;
  const wrong: string[] = [];

  const ask = async (index: number): Promise<void> => {
    const before = edits[index]!;
    const request = http.get({ port, host: "127.0.0.1", path: `/r${index}/x`, agent });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    response.resume();
    await once(response, "end");
    const marks = ["x-first", "x-second", "x-seen"].map((name) => response.headers[name]);
    const possible = Array.from({ length: edits[index]! - before + 1 }, (_, i) => `${index}-${before + i}`);
    const isOne = new Set(marks).size === 1 && possible.includes(String(marks[0]));
    if (response.statusCode !== 200 || !isOne)
      wrong.push(`${response.statusCode} ${marks.join(" ")} of ${possible.join(" ")}`);
    answers++;
  };
  const asking = Array.from({ length: clients }, async (_, client) => {
    // Each client follows the changes closely: the routes asked for are the ones that just changed or are about to.
    for (let i = client; flow.isChanging; i += clients) await ask((changed + (i % 16)) % routes);
  });
  const changeEach = async (): Promise<void> => {
    for (changed = 0; changed < routes; changed++) {
      edits[changed]!++;
      plane.apply([numberedRoute(changed, edits[changed]!)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await changeEach();
  // On a machine that gives the clients little time they change more than once.
  await until(async () => {
    if (answers <= 1000) await changeEach();
    return answers > 1000;
  }, "a thousand answers have come meanwhile");
  flow.isChanging = false;
  await Promise.all(asking);
  agent.destroy();
  plane.close();
  upstream.close();
  expect(wrong).toEqual([]);
});
