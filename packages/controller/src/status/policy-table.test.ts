/** One row per policy, whatever its kind says of itself and of its targets. */
import type { Condition } from "@waystone/api/kubernetes/meta";
import { expect, test } from "vitest";
import { policyRow, type PolicyView, renderPolicyTable } from "./policy-table.ts";

const condition = (type: string, status: "True" | "False", reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: "2030-01-01T00:00:00Z",
});
const view = (name: string, more: Partial<PolicyView>): PolicyView => ({
  kind: "AuthorizationPolicy",
  namespace: "shop",
  name,
  targets: [{ kind: "Service", name: "api" }],
  mode: "Enforce",
  conditions: [],
  ancestors: [],
  notes: [],
  ...more,
});
const accepted = condition("Accepted", "True", "Accepted", "the policy is carried out");

test("what is not as it should be is told once, with what no condition says; that waypoints are on their way is not", () => {
  const lost = condition("Accepted", "False", "TargetNotFound", "Service shop/lost does not exist");
  const rows = [
    view("good", {
      conditions: [accepted, condition("Programmed", "True", "Programmed", "2/2 waypoints at generation 1")],
      targets: [
        { kind: "Service", name: "api", sectionName: "http" },
        { kind: "Namespace", name: "shop" },
      ],
    }),
    view("on-its-way", {
      conditions: [accepted, condition("Programmed", "False", "Pending", "1/2 waypoints at generation 1")],
      mode: "Shadow",
    }),
    view("half", { conditions: [accepted], ancestors: [{ conditions: [accepted] }, { conditions: [lost] }] }),
    view("lost", { conditions: [lost], ancestors: [{ conditions: [lost] }], notes: ["", "and more"] }),
    view("second", {
      kind: "BackendTLSPolicy",
      mode: undefined,
      ancestors: [
        { conditions: [accepted, condition("Overridden", "True", "Overridden", "by shop/first")] },
        { conditions: [lost] },
      ],
    }),
    view("unheard-of", { targets: [] }),
  ].map(policyRow);
  expect(`\n${renderPolicyTable(rows)}`).toMatchInlineSnapshot(`
    "
    NAMESPACE   KIND                  NAME         TARGETS                           MODE      ACCEPTED                 RESOLVED   PROGRAMMED        IN SYNC   MESSAGE
    shop        AuthorizationPolicy   good         Service/api:http,Namespace/shop   Enforce   True                     -          True              2/2       -
    shop        AuthorizationPolicy   on-its-way   Service/api                       Shadow    True                     -          False (Pending)   1/2       -
    shop        AuthorizationPolicy   half         Service/api                       Enforce   True                     -          -                 -         Service shop/lost does not exist
    shop        AuthorizationPolicy   lost         Service/api                       Enforce   False (TargetNotFound)   -          -                 -         Service shop/lost does not exist; and more
    shop        BackendTLSPolicy      second       Service/api                       -         False (TargetNotFound)   -          -                 -         by shop/first; Service shop/lost does not exist
    shop        AuthorizationPolicy   unheard-of   -                                 Enforce   -                        -          -                 -         -
    "
  `);
});
