import { expect, test } from "vitest";
import { parseConformanceLine } from "./conformance-line.ts";
import { placeReport } from "./place-report.ts";

const place = (args: readonly string[], failed = 0, skipped = 0): ReturnType<typeof placeReport> =>
  placeReport(parseConformanceLine(args), { failed, skipped });

test("a run of both profiles in which every test passed is published, by its channel", () => {
  expect(place([])).toEqual({ publishAs: "mesh-v1.6.3-standard.yaml", why: "" });
  expect(place(["--channel", "experimental"]).publishAs).toBe("mesh-v1.6.3-experimental.yaml");
});

test("a report of a run in which a test failed or was skipped takes the place of none that is published", () => {
  expect(place([], 1)).toEqual({ publishAs: undefined, why: "the report is not published: 1 failed" });
  expect(place([], 0, 2)).toEqual({
    publishAs: undefined,
    why: "the report is not published: 2 were skipped",
  });
});

test("one profile alone is not what is claimed, and one test alone has no report", () => {
  const { publishAs, why } = place(["--profile", "MESH-HTTP"]);
  expect(publishAs).toBeUndefined();
  expect(why).toBe("the report is not published: it is without MESH-GRPC");
  expect(place(["--run-test", "MeshPorts"])).toEqual({ publishAs: undefined, why: "" });
});
