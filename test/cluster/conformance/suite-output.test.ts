import { describe, expect, test } from "vitest";
import { countOutcomes, parseVerdict } from "./suite-output.ts";

describe("a line of the suite's output", () => {
  test.for([
    [
      "    --- PASS: TestConformance/MeshBasic (0.41s)",
      { name: "MeshBasic", verdict: "PASS", seconds: 0.41 },
    ],
    [
      "    --- FAIL: TestConformance/MeshPorts (30.10s)",
      { name: "MeshPorts", verdict: "FAIL", seconds: 30.1 },
    ],
    ["    --- SKIP: TestConformance/MeshPorts (0.00s)", { name: "MeshPorts", verdict: "SKIP", seconds: 0 }],
  ] as const)("that is a verdict on a test counts: %s", ([line, outcome]) => {
    expect(parseVerdict(line)).toEqual(outcome);
  });

  test.for([
    ["of the whole run", "--- FAIL: TestConformance (43.10s)"],
    ["of one case of a test", "        --- PASS: TestConformance/MeshPorts/0_request_to_'/' (0.30s)"],
    ["that begins a test", "=== RUN   TestConformance/MeshBasic"],
    [
      "of a test for Gateways that is skipped",
      "    --- SKIP: TestConformance/GatewayModifyListeners (0.00s)",
    ],
  ])("%s does not", ([, line = ""]) => {
    expect(parseVerdict(line)).toBeUndefined();
  });
});

describe("a run", () => {
  const passed = { name: "MeshBasic", verdict: "PASS", seconds: 1 } as const;
  const failed = { name: "MeshPorts", verdict: "FAIL", seconds: 1 } as const;

  test.for([
    [
      "counts what passed, failed and was skipped",
      [passed, failed, { ...failed, verdict: "SKIP" as const }],
      1,
      [1, 1, 1],
    ],
    ["that ends badly with all tests passed has failed", [passed], 2, [1, 1, 0]],
    ["whose tests never began has failed", [], 0, [0, 1, 0]],
  ] as const)("%s", ([, outcomes, exitCode, [pass, fail, skip]]) => {
    expect(countOutcomes(outcomes, exitCode)).toEqual({ passed: pass, failed: fail, skipped: skip });
  });
});
