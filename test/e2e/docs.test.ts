/** The documentation's tables and links, held against the code and the files that they speak of. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AccessLogFormat } from "@waystone/waypoint/telemetry/access-log";
import { proxyError, proxyErrorKinds } from "@waystone/waypoint/proxy/proxy-error";
import { defaultSettings } from "@waystone/waypoint/settings";
import { environmentName, settingPaths, settingRules } from "waystone/settings/setting-rules";
import { describe, expect, test } from "vitest";
import { repository } from "../../examples/harness/waystone-process.ts";

const readDoc = (name: string): string => readFileSync(path.join(repository, "docs", name), "utf8");

/** The cells of every table row whose first cell is `code`. */
function readRows(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "));
}

describe("docs/settings.md", () => {
  const rows = readRows(readDoc("settings.md"));

  test("names every setting, once, and nothing else", () => {
    const names = rows.map(([name = ""]) => name.replaceAll("`", ""));
    expect(names.toSorted()).toEqual(settingPaths.toSorted());
  });

  test.for(settingPaths)("%s: default and range are the code's", (setting) => {
    const row = rows.find(([name]) => name === `\`${setting}\``) ?? [];
    const rule = settingRules[setting];
    const [group = "", name = ""] = setting.split(".");
    const defaults = new Map(Object.entries(defaultSettings)).get(group) as Readonly<Record<string, unknown>>;
    if (rule?.kind === "cidrs") return expect([defaults[name], row[1]]).toEqual([[], "none"]);
    expect(row.slice(1, 3)).toEqual([`\`${String(defaults[name])}\``, `${rule?.least} to ${rule?.most}`]);
    expect(row[3]?.length).toBeGreaterThan(20);
  });

  test("its example of a variable is one", () => {
    expect(readDoc("settings.md")).toContain(`${environmentName("timeouts.requestMs")}=30s`);
  });
});

describe("docs/observability.md", () => {
  const rows = readRows(readDoc("observability.md"));

  test("has a row for every answer of our own: status, flag, reason and whether the connection closes", () => {
    const documented = rows.filter(([kind]) => proxyErrorKinds.some((each) => kind === `\`${each}\``));
    const expected = proxyErrorKinds.map((kind) => {
      const { status, grpcStatus, flag, reason, close } = proxyError(kind);
      return [`\`${kind}\``, `${status} (${grpcStatus})`, `\`${flag}\``, reason, close ? "closes" : "stays"];
    });
    expect(documented.map((row) => row.slice(0, 5))).toEqual(expected);
  });

  test("names every key of the access log, in order", () => {
    const line = new AccessLogFormat().format({
      startTimeMs: 0,
      durationMs: 0,
      method: "",
      path: "",
      protocol: "",
      responseCode: 0,
      responseFlags: "",
      responseCodeDetails: "",
      reason: "",
      bytesReceived: 0,
      bytesSent: 0,
      upstreamServiceTimeMs: 0,
      forwardedFor: "",
      userAgent: "",
      requestId: "",
      authority: "",
      upstreamHost: "",
      upstreamCluster: "",
      downstreamLocal: "",
      downstreamRemote: "",
      routeName: "",
      serverName: "",
      source: undefined,
      grpcStatus: -1,
      attempts: 0,
      policies: [],
      policyRule: "",
      shadowDeniedBy: [],
      requestPrincipal: "",
      authorizerOutcome: "",
      authorizerMs: -1,
      upstreamFailure: "",
    });
    const text = readDoc("observability.md");
    const table = readRows(text.slice(text.indexOf("## Access log"), text.indexOf("## Metrics")));
    const documented = table.flatMap(([keys = ""]) => keys.split(", ").map((key) => key.replaceAll("`", "")));
    expect(documented).toEqual(Object.keys(JSON.parse(line) as object));
  });

  test("names every metric that the waypoint has", () => {
    const folder = path.join(repository, "packages/waypoint/src");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(path.join(folder, file), "utf8"));
    const names = sources.flatMap((text) => [...text.matchAll(/"((?:waystone|istio|process)_[a-z_]+)"/g)]);
    const text = readDoc("observability.md");
    expect(
      new Set(names.map(([, name = ""]) => name).filter((name) => !text.includes(`\`${name}\``))),
    ).toEqual(new Set());
  });
});

describe("links", () => {
  const documents = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(path.join(repository, "docs")).map((name) => `docs/${name}`),
    "examples/README.md",
  ].filter((name) => name.endsWith(".md"));

  test.for(documents)("%s leads nowhere that does not exist", (name) => {
    const text = readFileSync(path.join(repository, name), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = ""]) => target);
    const missing = targets.filter(
      (target) =>
        !target.startsWith("http") && !existsSync(path.join(repository, path.dirname(name), target)),
    );
    expect(missing).toEqual([]);
  });
});
