/** How `waystone run` starts, or says in one line why it does not: as a new user meets it. */
import { chmod, mkdir } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { nextEvent } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { frontText, openScene, routeText, type Scene, withScene } from "./harness/scene.ts";

/** stderr of a start that failed, with exit code 1. */
async function refusal(scene: Scene, args: readonly string[], options = {}): Promise<string> {
  const process = scene.command(args, options);
  expect(await process.exited, process.stderr).toBe(1);
  return process.stderr;
}

async function listenOn(scene: Scene, address: string, port: number): Promise<number> {
  const server = net.createServer().listen(port, address);
  await nextEvent(server, "listening");
  scene.onClose(async () => server.close());
  return (server.address() as net.AddressInfo).port;
}

describe("nothing to serve: one line, exit code 1", () => {
  test("a folder without manifests", () =>
    withScene(async (scene) => {
      expect(await refusal(scene, ["run", "-f", scene.folder])).toBe(
        `error: ${scene.folder}: has no manifests; files that end in .yaml, .yml or .json are read; hidden ones are not\n`,
      );
    }));

  test("a file that does not exist", () =>
    withScene(async (scene) => {
      const file = path.join(scene.folder, "nope.yaml");
      expect(await refusal(scene, ["run", "-f", file])).toBe(`error: ${file}: no such file or folder\n`);
    }));

  test("a file that may not be read", () =>
    withScene(async (scene) => {
      const file = await scene.write("secret.yaml", "apiVersion: v1\n");
      await chmod(file, 0o000);
      await chmod(scene.folder, 0o755);
      expect(await refusal(scene, ["run", "-f", file], asNobody())).toBe(
        `error: ${file}: cannot be read: permission denied; check the permissions of the file and its folders\n`,
      );
    }));

  test("objects of which none is enrolled", () =>
    withScene(async (scene) => {
      const input = "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n";
      expect(await refusal(scene, ["run", "-f", "-"], { input })).toBe(
        "error: nothing to serve: no Service has a waypoint; annotate a Namespace or Service with waystone.dev/use-waypoint: waypoint\n",
      );
    }));

  test("a port that another process has, where it is the only one", () =>
    withScene(async (scene) => {
      await scene.front();
      await listenOn(scene, scene.address, scene.port);
      const line = await refusal(scene, ["run", "-f", scene.folder, "--admin", "127.0.0.1:0"]);
      expect(line).toBe(
        `error: cannot listen on ${scene.address}:${scene.port} for Service shop/web port http: another process listens ` +
          `there (another waystone?); stop it, or give the Service another port (ss -ltnp 'sport = :${scene.port}' shows who it is)\n`,
      );
    }));

  test("a privileged port", () =>
    withScene(async (scene) => {
      const front = { address: scene.address, port: 80, endpointPort: 9 };
      const line = await refusal(scene, ["run", "-f", "-", "--admin", "127.0.0.1:0"], {
        input: frontText(front),
        ...asNobody(),
      });
      expect(line).toBe(
        `error: cannot listen on ${scene.address}:80 for Service shop/web port http: privileged port, needs ` +
          "CAP_NET_BIND_SERVICE or a port from 1024\n",
      );
    }));

  test("an admin port that another process has", () =>
    withScene(async (scene) => {
      await scene.front();
      const port = await listenOn(scene, "127.0.0.1", 0);
      const line = await refusal(scene, ["run", "-f", scene.folder, "--admin", `127.0.0.1:${port}`]);
      expect(line).toBe(
        `error: cannot listen on 127.0.0.1:${port} for the admin server: another process listens there ` +
          "(another waystone?); choose another address with --admin\n",
      );
    }));
});

test("a push address that another process has: the controller says so and ends", () =>
  withScene(async (scene) => {
    await scene.front();
    const push = `127.0.0.1:${await listenOn(scene, "127.0.0.1", 0)}`;
    expect(
      await refusal(scene, ["controller", "-f", scene.folder, "--listen", push, "--admin", "127.0.0.1:0"]),
    ).toBe(`error: cannot listen on push address ${push}: the address is in use by another process\n`);
  }));

describe("a cluster that does not answer: one line, exit code 1", () => {
  const kubeconfig = `
apiVersion: v1
kind: Config
current-context: here
clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: me, user: {}}]
contexts: [{name: here, context: {cluster: here, user: me, namespace: shop}}]
`;
  test.for([
    ["check"],
    ["status"],
    ["enroll", "shop", "--dry-run"],
    ["unenroll", "shop"],
    ["restore", "--all"],
  ])("waystone %s", (args) =>
    withScene(async (scene) => {
      const file = await scene.write("kubeconfig", kubeconfig);
      expect(await refusal(scene, [...args, "--kubeconfig", file])).toMatch(
        /^error: the cluster does not answer: GET .*127\.0\.0\.1:1 .*; try kubectl cluster-info\n$/,
      );
    }),
  );
});

describe("mistakes on the command line", () => {
  test.for([
    [["rnu"], "error: unknown command 'rnu'\n(Did you mean run?)"],
    [
      ["run"],
      "error: required option '-f, --filename <path>' not specified\nSee 'waystone run --help' for usage.",
    ],
    [["run", "-f", "x", "--amdin", "y"], "error: unknown option '--amdin'\n(Did you mean --admin?)"],
    [["run", "-f", "x", "--workers", "0"], "Expected a whole number from 1 to 256."],
    [["run", "-f", "x", "--access-log", "no"], "Allowed choices are on, off."],
    [
      ["run", "-f", "x", "--drain-timeout", "10"],
      "the unit is missing; write whole numbers with units h, m, s or ms",
    ],
    [["run", "-f", "x", "--set", "limits.headerByte=1"], "did you mean limits.headerBytes?"],
    [["run", "-f", "x", "--admin", "0.0.0.0:1"], "error: --admin 0.0.0.0:1 is not a loopback address"],
    [
      ["waypoint", "--controller", "10.0.0.1:1"],
      "error: --controller 10.0.0.1:1 is not a loopback address: without --token-file the push channel has no TLS",
    ],
    [
      ["controller", "-f", "x", "--listen", "0.0.0.0:1"],
      "error: --listen 0.0.0.0:1 is not a loopback address",
    ],
    [
      ["waypoint", "--controller", "127.0.0.1:1", "--gateway", "shop"],
      'error: --gateway "shop" is not namespace/name',
    ],
    [["status", "--kubeconfig", "none.yaml"], "none.yaml"],
  ] as const)("waystone %s", ([args, message]) =>
    withScene(async (scene) => {
      expect(await refusal(scene, args)).toContain(message);
    }),
  );
});

describe("--once checks and prints", () => {
  test("good files: the resolved routes in order of precedence, exit code 0", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("stable");
      await scene.write("route.yaml", routeText("stable"));
      const once = scene.command(["run", "-f", scene.folder, "--once"]);
      expect(await once.exited).toBe(0);
      expect(once.stdout).toBe(
        `shop/web:${scene.port} HTTP (appProtocol http) on ${scene.address}:${scene.port}, 1/1 endpoints ready
  /*  to shop/stable:80  [shop/web/0]
`,
      );
      expect(once.stderr).toBe("");
    }));

  test("an unknown field: what was meant and where, exit code 1", () =>
    withScene(async (scene) => {
      await scene.front();
      const file = await scene.write("route.yaml", routeText("web").replace("parentRefs", "parentRef"));
      const stderr = await refusal(scene, ["run", "-f", scene.folder, "--once"]);
      expect(stderr).toContain(
        `${file}:5:3: HTTPRoute shop/web: spec.parentRef: unknown field; did you mean parentRefs?\n`,
      );
      // What comes of it is no mistake of its own.
      expect(stderr).toContain(
        `Service shop/web: answers everything with 500 until HTTPRoute shop/web (${file}:5:3) can be read\nerror: 1 error\n`,
      );
    }));

  test("a typo of YAML itself: line and column, and the other files are checked all the same", () =>
    withScene(async (scene) => {
      await scene.front();
      const file = await scene.write("broken.yaml", "kind: Service\nmetadata:\n  name: a\n   labels: b\n");
      await scene.write("route.yaml", routeText("stabel"));
      await scene.backend("stable");
      const stderr = await refusal(scene, ["run", "-f", scene.folder, "--once"]);
      expect(stderr).toContain(`${file}:3:9: a mapping cannot begin here`);
      expect(stderr).toContain("Service shop/stabel does not exist; did you mean shop/stable?");
    }));

  test("standard input, as `kustomize build . | waystone run -f - --once` gives it", () =>
    withScene(async (scene) => {
      const input = frontText({ ...scene.place, endpointPort: 9 });
      const once = scene.command(["run", "-f", "-", "--once"], { input });
      expect(await once.exited).toBe(0);
      expect(once.stdout).toContain("every request to its own endpoints");
    }));
});

describe("what is wrong with one thing never stops the others", () => {
  test("a bad object, a taken port: the rest serves, and the start says what is wrong and where", async () => {
    const other = await openScene();
    await withScene(async (scene) => {
      await scene.front();
      await mkdir(path.join(scene.folder, "more"));
      const bad = routeText("web")
        .replace("Service, name: web", "Service, name: gone")
        .replace("rules", "rule");
      const file = await scene.write("more/bad.yaml", bad);
      const taken = await listenOn(scene, other.address, other.port);
      await scene.write(
        "more/taken.yaml",
        frontText({ address: other.address, port: taken, endpointPort: 9 })
          .replace(/^.*?---\n/s, "")
          .replaceAll("web", "taken"),
      );
      const run = scene.run();
      await run.find(/admin on/, "the summary");
      expect((await ask(scene.url)).status).toBe(200);
      expect(run.stderr).toContain(`http://${scene.address}:${scene.port}   shop/web:${scene.port}`);
      expect(run.stderr).toContain(
        `${file}:6:3: HTTPRoute shop/web: spec.rule: unknown field; did you mean rules?`,
      );
      expect(run.stderr).toContain(
        `cannot listen on ${other.address}:${taken} for Service shop/taken port http`,
      );
      expect(run.stderr).not.toContain("shop/taken:");
      expect(await run.stop()).toBe(0);
    });
    await other.close();
  });
});

/** Root may read and listen everywhere: as root, the command runs as somebody who may not. */
function asNobody(): { readonly user?: number } {
  return process.getuid?.() === 0 ? { user: 65_534 } : {};
}
