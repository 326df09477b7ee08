/** `waystone explain` and `waystone policy`, as a user runs them on files: what they print, how they end, and what they say of a typing error. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { repository } from "../../examples/harness/waystone-process.ts";

const program = path.join(repository, "packages/cli/bin/waystone");
const manifests = path.join(repository, "examples/authorization/manifests");
/** Each is a process of its own, on a machine that may have no time for it. */
const patience = 240_000;

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "waystone-commands-"))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...words: string[]): Promise<Ended> {
  return await new Promise((resolve) => {
    execFile(program, words, { cwd: folder }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
  });
}

/** Several at a time: what takes long is that a process begins. */
async function runAll(...each: (readonly string[])[]): Promise<readonly Ended[]> {
  return await Promise.all(each.map((words) => run(...words)));
}

function write(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

const request = (from: string, ...more: string[]): string[] =>
  ["explain", "request", "--from", from, "--to", "api.guarded", "-f", manifests].concat(more);

describe("waystone explain request", () => {
  test("ends with 0 where the request is let through, with 1 where it is not, and says which line decided", {
    timeout: patience,
  }, async () => {
    const [allowed, denied] = await runAll(
      request("guarded/frontend", "--path", "/orders"),
      request("guarded/batch", "--path", "/orders", "-o", "json"),
    );
    expect([allowed!.code, allowed!.stderr]).toEqual([0, ""]);
    expect(allowed!.stdout).toContain("\nALLOWED  to guarded/api:8080\n");
    expect(denied!.code).toBe(1);
    const answer = JSON.parse(denied!.stdout) as Record<string, unknown> & { steps: { decides: boolean }[] };
    expect(Object.keys(answer)).toEqual(
      "from to waypoint method path allowed route outcomes asks assumed shadowDeniedBy steps".split(" "),
    );
    expect(answer).toMatchObject({ allowed: false, to: "guarded/api:8080", route: null });
    expect(answer["outcomes"]).toMatchObject([
      { result: "refused", kind: "access-denied", status: 403, share: 1 },
    ]);
    expect(answer.steps.filter(({ decides }) => decides)).toMatchObject([{ phase: "authorization" }]);
  });

  test("ends with 2 where that cannot be told, and says what was probably meant", {
    timeout: patience,
  }, async () => {
    const broken = write(
      "broken.yaml",
      "apiVersion: waystone.dev/v1alpha1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: guarded}\nspec:\n  targetRefs: [{group: '', kind: Service, name: api}]\n  acton: DENY\n",
    );
    const [flag, name, nothing, file] = await runAll(
      request("guarded/frontend", "--metod", "GET"),
      request("guarded/frontnd"),
      ["explain", "request", "--from", "guarded/frontend", "-f", manifests],
      request("guarded/frontend", "-f", broken),
    );
    expect([flag, name, nothing].map((ended) => ended?.code)).toEqual([2, 2, 2]);
    expect(flag!.stderr).toMatch(/unknown option '--metod'\n.*Did you mean --method\?/);
    expect(name!.stderr).toContain(
      "there is no pod or service account guarded/frontnd; did you mean guarded/frontend?",
    );
    expect(nothing!.stderr).toContain("required option '--to <service>' not specified");
    expect(file!.stderr).toMatch(/broken\.yaml:6:3: .*acton.*did you mean action\?/);
  });
});

test("waystone explain policy lists what holds for a Service, and where it stands", {
  timeout: patience,
}, async () => {
  const [text, json, unknown] = await runAll(
    ["explain", "policy", "api.guarded", "-f", manifests],
    ["explain", "policy", "api.guarded", "-f", manifests, "-o", "json"],
    ["explain", "policy", "apo.guarded", "-f", manifests],
  );
  expect(text!.code).toBe(0);
  expect(text!.stdout).toMatch(
    /ALLOW {2}AuthorizationPolicy guarded\/frontend-only, .*policies\.yaml:\d+:\d+\n/,
  );
  expect(JSON.parse(json!.stdout)).toMatchObject({
    service: "guarded/api",
    waypoint: "guarded/waypoint",
    ports: [{ port: 8080, default: "deny" }],
  });
  expect(unknown!.code).not.toBe(0);
  expect(unknown!.stderr).toContain("did you mean api.guarded?");
});

describe("waystone policy test", () => {
  const asked = "from: guarded/batch, to: api.guarded, path: /orders";

  test("ends with 0 where all came out as expected, with 1 where not, and writes JUnit either way", {
    timeout: patience,
  }, async () => {
    write("good.yaml", `tests:\n- {${asked}, expect: deny}\n`);
    write("bad.yaml", `tests:\n- {name: may, ${asked}, expect: allow}\n`);
    const [good, bad] = await runAll(
      ["policy", "test", "good.yaml", "-f", manifests, "--junit", "good.xml"],
      ["policy", "test", "bad.yaml", "-f", manifests, "--junit", "bad.xml"],
    );
    expect([good!.code, good!.stdout]).toEqual([
      0,
      "ok    good.yaml:2  GET /orders from guarded/batch to api.guarded\n\n1 passed, 0 failed\n",
    ]);
    expect(bad!.code).toBe(1);
    expect(bad!.stdout).toContain("FAIL  bad.yaml:2  may\n        verdict: expected allow, and it is deny\n");
    expect(readFileSync(path.join(folder, "good.xml"), "utf8")).toContain('tests="1" failures="0"');
    expect(readFileSync(path.join(folder, "bad.xml"), "utf8")).toContain(
      '<testcase name="may" classname="bad.yaml"',
    );
  });

  test("ends with 2 at a table that cannot be used, with its place", { timeout: patience }, async () => {
    write("table.yaml", `tests:\n- {${asked}, expct: deny}\n`);
    const ended = await run("policy", "test", "table.yaml", "-f", manifests);
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).toMatch(/table\.yaml:2:\d+: tests\[0\]\.expct: is not known; did you mean expect\?/);
  });
});

describe("waystone policy impact", () => {
  const line = {
    start_time: "2026-01-01T00:00:00.000Z",
    method: "POST",
    path: "/orders",
    authority: "api.guarded:8080",
    response_code: 200,
    response_flags: "-",
    source_namespace: "guarded",
    source_service_account: "frontend",
    downstream_remote_address: "10.0.0.1:1",
  };
  const readOnly =
    "{apiVersion: waystone.dev/v1alpha1, kind: AuthorizationPolicy, metadata: {name: read-only, namespace: guarded}, " +
    "spec: {targetRefs: [{group: '', kind: Service, name: api}], action: DENY, rules: [{to: [{operation: {notMethods: [GET]}}]}]}}";

  test("lists what would change, and takes no file for granted", { timeout: patience }, async () => {
    write("new.yaml", readOnly);
    write("log", `${JSON.stringify(line)}\n${JSON.stringify({ ...line, method: "GET" })}\n`);
    const command = ["policy", "impact", "-f", "new.yaml", "--present", manifests];
    const [text, json, lost, none] = await runAll(
      [...command, "--access-log", "log"],
      [...command, "--access-log", "log", "-o", "json"],
      [...command, "--access-log", "lgo"],
      ["policy", "impact", "--access-log", "log"],
    );
    expect([text!.code, text!.stderr]).toEqual([0, ""]);
    expect(text!.stdout).toMatch(/2 requests, .*: 1 would change, 1 would not\n/);
    expect(JSON.parse(json!.stdout)).toMatchObject({
      lines: 2,
      unchanged: 1,
      changes: [{ count: 1, operation: "POST /orders", before: "allow", after: "deny 403" }],
    });
    expect(lost!.code).not.toBe(0);
    expect(lost!.stderr).toContain("--access-log: ");
    expect(none!.stderr).toContain("required option '-f, --filename <path>' not specified");
  });
});
