/** What may happen to a captured Service, by whom ever, and how often: actions for the property of capture. */
import type { ServicePort } from "@waystone/api/kubernetes/core";
import * as fc from "@waystone/testkit/fast-check";
import type { Fault } from "./store-transport.ts";

export type Action =
  | { readonly is: "deliver"; readonly count: number }
  | { readonly is: "sync" | "collect" | "restart" | "kill leader" | "pass" | "long pass" }
  /** Somebody deletes the shadow, writes the front without its annotations, deletes it and makes it anew. */
  | { readonly is: "lose shadow" | "lose marks" | "recreate" }
  | { readonly is: "ack"; readonly which: number }
  | { readonly is: "ask"; readonly for: string | undefined; readonly in?: string }
  | { readonly is: "direct"; readonly ports: string | undefined }
  | { readonly is: "ready"; readonly waypoint: string; readonly number: number; readonly isReady: boolean }
  | { readonly is: "edit"; readonly selector: string; readonly ports: number; readonly past: boolean }
  | { readonly is: "fault"; readonly fault: Fault };

export const http: ServicePort = { name: "http", port: 80, protocol: "TCP", targetPort: "web" };
export const portSets: readonly (readonly ServicePort[])[] = [
  [http],
  [http, { name: "admin", port: 81, protocol: "TCP", targetPort: 8081 }],
  [
    { ...http, targetPort: 8080 },
    { name: "dns", port: 53, protocol: "UDP", targetPort: 5353 },
  ],
];
export const waypoints = ["shop/waypoint", "shop/other", "infra/shared"] as const;

export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ is: fc.constant("deliver" as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ is: "sync" } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant("ack" as const), which: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ is: "pass" } as const) },
  { weight: 1, arbitrary: fc.constant({ is: "long pass" } as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { is: "collect" } as const,
      { is: "restart" } as const,
      { is: "kill leader" } as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action>({ is: "lose shadow" }, { is: "lose marks" }, { is: "recreate" }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>(
      { is: "ask", for: "waypoint" },
      { is: "ask", for: "waypoint" },
      { is: "ask", for: "other" },
      { is: "ask", for: "shared", in: "infra" },
      { is: "ask", for: undefined },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant("direct" as const),
      ports: fc.constantFrom(undefined, "admin", "81"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("ready" as const),
      waypoint: fc.constantFrom(...waypoints),
      number: fc.integer({ min: 1, max: 2 }),
      isReady: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("edit" as const),
      selector: fc.constantFrom("cart", "cart2"),
      ports: fc.integer({ min: 0, max: portSets.length - 1 }),
      past: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("fault" as const),
      fault: fc.constantFrom<Fault>("conflict", "refused", "unanswered"),
    }),
  },
);
