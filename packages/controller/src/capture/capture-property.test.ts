/**
 * The task of the leader among everybody else: owners who edit (through the admission policy and past it), waypoints that come
 * and go, watches and Kubernetes' controllers that are late, an API server that fails, leaders that end anywhere. Whatever
 * happens, three things hold at every single write, and in the end all is as it should be.
 */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { Drama } from "./testing/capture-drama.ts";
import { action } from "./testing/drama-action.ts";

test("whatever happens, clients are led to waypoints that listen, and in the end all is as it should be", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), async (actions) => {
      const drama = new Drama();
      await drama.act({ is: "ask", for: "waypoint" });
      for (const each of actions) await drama.act(each);
      await drama.end();
      expect(drama.broken).toEqual([]);
      if (drama.isAsked) drama.expectCaptured();
      else drama.expectGivenBack();
      await drama.act({ is: "ask", for: undefined });
      await drama.end();
      expect(drama.broken).toEqual([]);
      drama.expectGivenBack();
      await drama.world.close();
    }),
    { numRuns: 60 },
  );
}, 600_000);
