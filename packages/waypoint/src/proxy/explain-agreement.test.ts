/**
 * What a live waypoint does with a request, asked over sockets, is what `waystone explain` says of it: random routes, policies of
 * every level, policies of the backends' Services, random requests of two known clients. WAYSTONE_AGREEMENT_RUNS=20000 is the long form.
 */
import { policyMessage } from "@waystone/engine/authorization/testing/policy-rig";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import {
  agreementRuns,
  blue,
  cors,
  drawRoutes,
  policies,
  questions,
  questionsPerSet,
  red,
  redirect,
  rewrite,
} from "../testing/agreement-arbitraries.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { expectedAnswer, ExplainedPlane } from "../testing/explained-plane.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { routeResource } from "../testing/open-test-plane.ts";
import { resource } from "../testing/token-clients.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const routes = drawRoutes([[], [], [], [redirect], [cors], [rewrite], [rewrite, red], [blue]]);

test("what a waypoint does with a request is what its explanation says, whatever routes and policies there are", async () => {
  const live = await ExplainedPlane.open(rig, peers);
  const sets = fc.tuple(routes, policies, questions);
  const property = fc.asyncProperty(sets, async ([given, texts, asked]) => {
    live.apply([
      ...given.map((each, at) => routeResource(`r${at}`, { ...each, rules: [...each.rules] })),
      ...texts.map((text) => resource(policyMessage(text))),
    ]);
    for (const each of asked) {
      const expected = expectedAnswer(await live.explain(each), each);
      expect([each, await live.ask(each)]).toEqual([each, expected]);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(agreementRuns / questionsPerSet) });
}, 600_000);
