import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { findCluster, type FindClusterOptions } from "../find-cluster.ts";
import type { TransportConfig } from "../transport/transport-config.ts";

let folder: string;
let clock: ManualClock;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "waystone-kubeconfig-"));
  clock = new ManualClock();
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: object | string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

async function find(options: Partial<FindClusterOptions> = {}): Promise<TransportConfig> {
  return await findCluster({ environment: { HOME: folder, PATH: process.env["PATH"] }, clock, ...options });
}

function config(name: string, user: object = { token: `${name}-token` }, cluster: object = {}): object {
  return {
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-ns` } }],
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: [{ name, user }],
  };
}

describe("which cluster", () => {
  test("the usual file's current context", async () => {
    write(".kube/config", config("home"));
    const found = await find();
    expect(found).toMatchObject({ server: "https://home.example:6443", namespace: "home-ns" });
    expect(await found.credentials.read()).toMatchObject({ authorization: "Bearer home-token" });
  });

  test("of several files the first says the context, and each name counts where it comes first", async () => {
    const first = write("a", { ...config("one"), users: [] });
    const second = write("b", {
      ...config("two"),
      users: [
        { name: "one", user: { token: "from-b" } },
        { name: "two", user: { token: "two" } },
      ],
    });
    const third = write("c", config("one", { token: "from-c" }, { server: "https://wrong.example" }));
    const missing = path.join(folder, "missing");
    const KUBECONFIG = [missing, first, second, third].join(path.delimiter);
    const found = await find({ environment: { KUBECONFIG } });
    expect(found.server).toBe("https://one.example:6443");
    expect(await found.credentials.read()).toMatchObject({ authorization: "Bearer from-b" });
    expect((await find({ environment: { KUBECONFIG }, context: "two" })).namespace).toBe("two-ns");
  });

  test("flags come first", async () => {
    write(".kube/config", config("home"));
    const kubeconfig = write("other", config("other"));
    expect(await find({ kubeconfig, namespace: "mine" })).toMatchObject({
      server: "https://other.example:6443",
      namespace: "mine",
    });
  });

  test.for<[string, object | string, Partial<FindClusterOptions>, RegExp]>([
    [
      "a context that is misspelt",
      config("home"),
      { context: "hom" },
      /has no context hom, did you mean home\?/,
    ],
    ["no current context", { contexts: [] }, {}, /says no current-context/],
    ["a cluster that is missing", { ...config("home"), clusters: [] }, {}, /has no cluster home/],
    ["no YAML", "a: [", {}, /kubeconfig .* can't be read/],
    ["no server", config("home", {}, { server: "" }), {}, /has no server/],
    ["a provider of old", config("home", { "auth-provider": { name: "gcp" } }), {}, /use its exec plugin/],
  ])("%s is said plainly", async ([, content, options, message]) => {
    write(".kube/config", content);
    await expect(find(options)).rejects.toThrow(message);
  });

  test("a file that is named and not there is said plainly", async () => {
    await expect(find({ kubeconfig: path.join(folder, "none") })).rejects.toThrow(/none can't be read/);
    await expect(find({ environment: { KUBECONFIG: path.join(folder, "none") } })).rejects.toThrow(
      /no such file/,
    );
  });
});

describe("who we are", () => {
  const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

  test("certificates inline or in files beside the kubeconfig", async () => {
    write(".kube/key.pem", "KEY");
    write(".kube/ca.pem", "CA");
    const user = { "client-certificate-data": encode("CERT"), "client-key": "key.pem" };
    write(
      ".kube/config",
      config("home", user, { "certificate-authority": "ca.pem", "tls-server-name": "name" }),
    );
    expect((await (await find()).credentials.read()).tls).toMatchObject({
      ca: "CA",
      certificate: "CERT",
      key: "KEY",
      serverName: "name",
    });
  });

  test("a name and a password, and whom to impersonate", async () => {
    const user = { username: "me", password: "secret", as: "other", "as-groups": ["g1", "g2"] };
    write(".kube/config", config("home", user));
    expect(await (await find()).credentials.read()).toMatchObject({
      authorization: `Basic ${encode("me:secret")}`,
      headers: { "impersonate-user": "other", "impersonate-group": ["g1", "g2"] },
    });
  });

  test("a proxy of the cluster comes before the environment's", async () => {
    write(".kube/config", config("home", {}, { "proxy-url": "socks5://proxy:1080" }));
    expect((await find({ environment: { HOME: folder, HTTPS_PROXY: "http://no" } })).proxyUrl).toBe(
      "socks5://proxy:1080",
    );
  });
});

describe("a login plugin", () => {
  const apiVersion = "client.authentication.k8s.io/v1";

  /** Answers with a token that counts its runs, and notes what it was told. */
  function plugin(more: object = {}, status = ""): void {
    write(
      ".kube/login.sh",
      `echo x >> "$HOME/runs"; printf %s "$KUBERNETES_EXEC_INFO" > "$HOME/told"
       printf '{"status":{"token":"%s-%s"${status}}}' "$PREFIX" "$(wc -l < "$HOME/runs" | tr -d ' ')"`,
    );
    const exec = { apiVersion, command: "sh", args: [path.join(folder, ".kube/login.sh")], ...more };
    write(".kube/config", config("home", { exec: { ...exec, env: [{ name: "PREFIX", value: "t" }] } }));
  }

  test("is run once for all, and again after a 401", async () => {
    plugin();
    const { credentials } = await find();
    const both = await Promise.all([credentials.read(), credentials.read()]);
    expect(both.map(({ authorization }) => authorization)).toEqual(["Bearer t-1", "Bearer t-1"]);
    credentials.discard();
    expect(await credentials.read()).toMatchObject({ authorization: "Bearer t-2" });
  });

  test("is run again before its token expires", async () => {
    plugin({}, `,"expirationTimestamp":"${new Date(clock.wallMs() + 60_000).toISOString()}"`);
    const { credentials } = await find();
    await credentials.read();
    clock.advance(49_000);
    expect(await credentials.read()).toMatchObject({ authorization: "Bearer t-1" });
    clock.advance(2_000);
    expect(await credentials.read()).toMatchObject({ authorization: "Bearer t-2" });
  });

  test.for<[string, object, RegExp]>([
    [
      "is not installed",
      { command: "no-such-plugin", installHint: "get it from us" },
      /no-such-plugin.*\n?.*get it from us/,
    ],
    ["fails", { args: ["-c", "exit 3"] }, /ended with exit code 3/],
    ["answers nonsense", { args: ["-c", "echo hello"] }, /no ExecCredential in JSON/],
    ["answers nothing of use", { args: ["-c", "echo '{}'"] }, /neither a token nor a certificate/],
    ["is of another age", { apiVersion: "client.authentication.k8s.io/v1alpha1" }, /v1 and v1beta1 are/],
    ["must ask and can't", { interactiveMode: "Always" }, /there is no terminal/],
  ])("that %s is said plainly", async ([, more, message]) => {
    plugin(more);
    await expect((await find()).credentials.read()).rejects.toThrow(message);
  });
});
