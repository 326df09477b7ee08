/** Connections, explained from a store: ports that are not HTTP have policies, routes by server name, and shares. */
import { systemClock } from "@waystone/base/clock";
import { explainAtPort } from "@waystone/engine/explain/explain-at-port";
import { expect, test } from "vitest";
import { buildClientView } from "../listener/client-view.ts";
import type { EncodedResource } from "@waystone/xds/resource";
import { createStore } from "../store/store.ts";
import { policy, route, service, slice, upserts } from "../store/test-resources.ts";
import { askedWaypoint } from "./asked-waypoint.ts";
import { nothingUnread } from "./assume-unread.ts";
import { ShownJudge } from "./judge-shown.ts";

function explain(serverName: string, ...more: readonly EncodedResource[]) {
  const store = createStore();
  const port = { name: "http", port: 80, tcp: true };
  store.apply(
    upserts(
      service("shop/db", { ports: [{ ...port, listen: ["127.0.0.1:80"] }] }),
      slice("shop/db-1", "shop/db", ["10.0.0.1", "10.0.0.2 unready"]),
      ...more,
    ),
  );
  const [asked] = store.current().listeners.values();
  const client = buildClientView({ known: false }, "10.9.9.9", "10.9.9.9");
  const words = {
    client,
    method: "GET",
    target: "/",
    authority: "",
    headers: new Map(),
    serverName,
    timeMs: 0,
  };
  const { judge } = new ShownJudge({ store, clock: systemClock, unread: nothingUnread });
  return explainAtPort(asked!, askedWaypoint(store, judge), words);
}

test("a connection goes to the Service itself where no route is attached, and the health of it is told", () => {
  const { allowed, outcomes, steps } = explain("");
  expect(allowed).toBe(true);
  expect(outcomes).toMatchObject([{ result: "forwarded", backend: "shop/db:80", status: null }]);
  expect(steps.at(-1)?.text).toBe("shop/db:80, the Service itself: 1 of 2 endpoints are ready");
});

test("a TLSRoute takes connections by their server name, and no others (GEP-2643)", () => {
  const named = route("shop/r", {
    kind: "TLSRoute",
    hostnames: ["db.example"],
    parents: ["shop/db"],
    backends: ["shop/db"],
  });
  expect(explain("db.example", named)).toMatchObject({ allowed: true, route: "shop/r/0" });
  expect(explain("other.example", named).outcomes).toMatchObject([{ kind: "no-route", status: null }]);
});

test("an ALLOW that asks for what only a request has allows no connection", () => {
  const rules = [{ to: [{ methods: ["GET"] }] }];
  const guard = policy({ target: { kind: "Service", name: "shop/db" }, rules });
  expect(explain("", guard).outcomes).toMatchObject([{ kind: "access-denied", status: null }]);
});
