import { describe, expect, test } from "vitest";
import { defaultSettings } from "@waystone/waypoint/settings";
import { environmentName, settingPaths, settingRules } from "./setting-rules.ts";
import { type SettingFlags, settingsFromFlags } from "./settings-from-flags.ts";

const plain: SettingFlags = {
  accessLog: true,
  logLevel: "info",
  set: [],
  allowLoopback: false,
  forbiddenAddresses: [],
};
const withSet = (...set: string[]): SettingFlags => ({ ...plain, set });

test("without flags and variables, the settings are the defaults", () => {
  expect(settingsFromFlags(plain, {})).toEqual(defaultSettings);
});

test("every number and list of the settings has a rule, and every rule a setting", () => {
  const groups = ["limits", "timeouts", "pool", "http2", "overload", "forwarding"] as const;
  const leaves = groups.flatMap((group) =>
    Object.keys(defaultSettings[group]).map((name) => `${group}.${name}`),
  );
  expect(settingPaths.toSorted()).toEqual(leaves.toSorted());
});

test("every default is within its own rule", () => {
  for (const group of ["limits", "timeouts", "pool", "http2"] as const) {
    for (const [name, value] of Object.entries(defaultSettings[group])) {
      const rule = settingRules[`${group}.${name}`];
      const isFine =
        rule !== undefined &&
        ((value === 0 && rule.zero !== undefined) || (value >= rule.least && value <= rule.most));
      expect(isFine, `${group}.${name} = ${value}`).toBe(true);
    }
  }
});

test("a flag beats a variable, and the last flag the ones before", () => {
  const environment = { WAYSTONE_LIMITS_HEADER_BYTES: "2048", WAYSTONE_POOL_IDLE_MS: "1s" };
  const settings = settingsFromFlags(
    withSet("limits.headerBytes=4096", "limits.headerBytes=8Ki"),
    environment,
  );
  expect([settings.limits.headerBytes, settings.pool.idleMs]).toEqual([8192, 1000]);
});

test("a time is milliseconds or a duration, a list is separated by commas", () => {
  const settings = settingsFromFlags(
    withSet(
      "timeouts.headerMs=1m30s",
      "timeouts.requestMs=250",
      "forwarding.trustedHops=10.0.0.0/8, 192.0.2.7",
    ),
    {},
  );
  expect([settings.timeouts.headerMs, settings.timeouts.requestMs]).toEqual([90_000, 250]);
  expect(settings.forwarding.trustedHops).toEqual(["10.0.0.0/8", "192.0.2.7"]);
});

test("a variable's name is made of the path's words", () => {
  expect(environmentName("pool.requestsPerConnection")).toBe("WAYSTONE_POOL_REQUESTS_PER_CONNECTION");
  expect(new Set(settingPaths.map(environmentName)).size).toBe(settingPaths.length);
});

describe("what is refused, and with which words", () => {
  test.for([
    ["limits.headerByte=1", "--set: there is no setting limits.headerByte; did you mean limits.headerBytes?"],
    ["headerBytes=1", "--set: there is no setting headerBytes; did you mean limits.headerBytes?"],
    ["wholly.other=1", "--set: there is no setting wholly.other; docs/settings.md lists them all"],
    [
      "limits.headerBytes",
      '--set "limits.headerBytes" is not path=value: write, for example, --set limits.headerBytes=64Ki',
    ],
    ["limits.headerBytes=10", '--set limits.headerBytes: "10" is out of range: expected 1024 to 1048576'],
    [
      "limits.headerBytes=64k",
      '--set limits.headerBytes: "64k" is not a size: write a whole number of bytes, such as "65536" or "64Ki"',
    ],
    ["limits.headerCount=1Ki", '--set limits.headerCount: "1Ki" is not a whole number'],
    ["limits.headerCount=-1", '--set limits.headerCount: "-1" is not a whole number'],
    [
      "timeouts.headerMs=50",
      '--set timeouts.headerMs: "50" is out of range: expected 100 to 2073600000, or 0 (off)',
    ],
    ["timeouts.headerMs=1.5s", "there are no fractions"],
    ["forwarding.trustedHops=10.0.0.0/99", '"10.0.0.0/99" is no address or block of addresses'],
  ] as const)("--set %s", ([assignment, message]) => {
    expect(() => settingsFromFlags(withSet(assignment), {})).toThrow(message);
  });

  test("a variable that looks like a setting and is none", () => {
    expect(() => settingsFromFlags(plain, { WAYSTONE_LIMITS_HEADER_BYTE: "1" })).toThrow(
      "environment variable WAYSTONE_LIMITS_HEADER_BYTE is no setting; did you mean WAYSTONE_LIMITS_HEADER_BYTES?",
    );
  });
});
