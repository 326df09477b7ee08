/** What says that something is ours: copied by mistake, or written by others. */
import { beforeEach, describe, expect, test } from "vitest";
import type { CapturedService } from "./captured-service.ts";
import { serviceManifest } from "./owner.ts";
import { asWritten, kept, policySuite, web } from "./policy-suite.ts";

const { as, captured, owner, service } = policySuite("owners-marks");

describe("a manifest that was read from a captured Service", () => {
  async function copyOf(service: CapturedService, name: string): Promise<string> {
    const { metadata, spec = {} } = await service.read();
    const marks = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
      key.startsWith("waystone.dev/"),
    );
    const { selector = {}, ports = [] } = spec;
    const manifest = serviceManifest(name, { selector, ports });
    return JSON.stringify({ ...manifest, metadata: { name, annotations: Object.fromEntries(marks) } });
  }

  test.for(["by-selector", "by-slices"] as const)(
    "makes the Service that it was, captured %s",
    async (way) => {
      const original = await captured({ way });
      const copy = service(`${original.name}-copy`);
      const manifest = await copyOf(original, copy.name);
      for (const args of [
        ["create"],
        ["apply"],
        ["apply", "--server-side", "--force-conflicts"],
        ["replace"],
      ]) {
        expect(await owner.kubectl([...args, "-f", "-"], manifest)).toMatchObject({ exitCode: 0 });
        expect(await copy.front()).toEqual(asWritten(web));
        const annotations = Object.keys((await copy.read()).metadata.annotations ?? {});
        expect(annotations.filter((key) => key.startsWith("waystone.dev/"))).toEqual([]);
      }
    },
  );

  test("is refused where it does not say what the Service was", async () => {
    const manifest = (await copyOf(await captured(), "lost")).replace(/selector\\":/, 'selectors\\":');
    const { exitCode, stderr } = await owner.kubectl(["create", "-f", "-"], manifest);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("annotation waystone.dev/captured-by is set by the Waystone controller alone");
  });

  test("changes nothing when it is applied to the captured Service", async () => {
    const service = await captured();
    const stale = (await copyOf(service, service.name)).replaceAll("1000", "1234");
    expect(await owner.kubectl(["apply", "-f", "-"], stale)).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(kept);
    await service.carryWishes();
    expect(service.shadow()).toEqual(asWritten(web));
  });
});

describe("what only the controller may say", () => {
  const shadowLabels = { "waystone.dev/shadow-of": "web", "app.kubernetes.io/managed-by": "waystone" };
  const shadow = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web-shadow",
      labels: shadowLabels,
      annotations: { "waystone.dev/waypoint-ports": "{}" },
    },
    spec: { clusterIP: "None", selector: { app: "web" }, ports: [{ name: "http", port: 80 }] },
  };
  const pod = { containers: [{ name: "a", image: "a.invalid/a" }] };
  const template = { metadata: { labels: { a: "b", "waystone.dev/waypoint": "waypoint" } }, spec: pod };
  const selector = { matchLabels: { a: "b" } };
  const once = { ...template, spec: { ...pod, restartPolicy: "Never" } };
  const workloads: readonly { readonly kind: string; readonly apiVersion: string; readonly spec: object }[] =
    [
      { kind: "Deployment", apiVersion: "apps/v1", spec: { replicas: 0, selector, template } },
      { kind: "ReplicaSet", apiVersion: "apps/v1", spec: { replicas: 0, selector, template } },
      {
        kind: "StatefulSet",
        apiVersion: "apps/v1",
        spec: { replicas: 0, serviceName: "a", selector, template },
      },
      {
        kind: "DaemonSet",
        apiVersion: "apps/v1",
        spec: { selector, template: { ...template, spec: { ...pod, nodeSelector: { none: "" } } } },
      },
      {
        kind: "ReplicationController",
        apiVersion: "v1",
        spec: { replicas: 0, selector: { a: "b" }, template },
      },
      { kind: "Job", apiVersion: "batch/v1", spec: { suspend: true, template: once } },
      {
        kind: "CronJob",
        apiVersion: "batch/v1",
        spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: once } } },
      },
    ];

  beforeEach(async () => {
    const controller = as("waystone-controller");
    const made = await owner.kubectl([...controller, "apply", "-f", "-"], JSON.stringify(shadow));
    expect(made).toMatchObject({ exitCode: 0 });
  });

  /** What a try before has left would be in the way of another. */
  async function withoutForged(kind: string): Promise<void> {
    const gone = await owner.kubectl(["delete", kind, "forged", "--now", "--ignore-not-found"]);
    expect(gone).toMatchObject({ exitCode: 0 });
  }

  test.for([
    [
      "a mark on a Service of one's own",
      ["annotate", "service", "plain", "waystone.dev/captured-by=a/b"],
      "waystone.dev/captured-by",
    ],
    [
      "a shadow's label on a Service of one's own",
      ["label", "service", "plain", "waystone.dev/shadow-of=web"],
      "waystone.dev/shadow-of",
    ],
    [
      "a shadow's label away",
      ["label", "service", "web-shadow", "waystone.dev/shadow-of-"],
      "shadow of Service web",
    ],
    [
      "a shadow's ports of a waypoint",
      ["annotate", "--overwrite", "service", "web-shadow", 'waystone.dev/waypoint-ports={"80":10001}'],
      "shadow of Service web",
    ],
    [
      "a shadow's waypoint",
      ["annotate", "service", "web-shadow", "waystone.dev/moving-to=a/b"],
      "shadow of Service web",
    ],
    [
      "a shadow's selector",
      ["set", "selector", "service", "web-shadow", "app=other"],
      "shadow of Service web",
    ],
  ] as const)("%s", async ([, args, message]) => {
    await owner.kubectl(["create", "service", "clusterip", "plain", "--tcp=80"]);
    const { exitCode, stderr } = await owner.kubectl(args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test("a shadow", async () => {
    const forged = { ...shadow, metadata: { ...shadow.metadata, name: "forged" } };
    const { exitCode, stderr } = await owner.kubectl(["create", "-f", "-"], JSON.stringify(forged));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("makes the shadow of Service web itself");
  });

  test("what others keep on a shadow stays theirs", async () => {
    expect(await owner.kubectl(["annotate", "service", "web-shadow", "note=a"])).toMatchObject({
      exitCode: 0,
    });
    expect(await owner.kubectl(["delete", "service", "web-shadow"])).toMatchObject({ exitCode: 0 });
  });

  test.for(workloads)("the label of a waypoint's pods in a $kind", async ({ kind, apiVersion, spec }) => {
    await withoutForged(kind);
    const manifest = { apiVersion, kind, metadata: { name: "forged" }, spec };
    const { exitCode, stderr } = await owner.kubectl(["create", "-f", "-"], JSON.stringify(manifest));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("label waystone.dev/waypoint is for the pods of waypoints");
    // Without the label the same object is nobody's business.
    const plain = JSON.stringify(manifest).replaceAll("waystone.dev/waypoint", "c");
    expect(await owner.kubectl(["create", "-f", "-"], plain)).toMatchObject({ exitCode: 0 });
    const path = kind === "CronJob" ? "/spec/jobTemplate/spec/template" : "/spec/template";
    const add = [{ op: "add", path: `${path}/metadata/labels/waystone.dev~1waypoint`, value: "w" }];
    const patched = await owner.kubectl([
      "patch",
      kind,
      "forged",
      "--type",
      "json",
      "-p",
      JSON.stringify(add),
    ]);
    expect(patched.stderr).toContain("label waystone.dev/waypoint is for the pods of waypoints");
    await owner.kubectl(["delete", kind, "forged", "--wait=false"]);
  });

  test("the label on a pod, when it is made and after", async () => {
    await withoutForged("pod");
    const manifest = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "forged", labels: template.metadata.labels },
      spec: pod,
    };
    const { stderr } = await owner.kubectl(["create", "-f", "-"], JSON.stringify(manifest));
    expect(stderr).toContain("label waystone.dev/waypoint is for the pods of waypoints");
    const plain = { ...manifest, metadata: { name: "forged" } };
    expect(await owner.kubectl(["create", "-f", "-"], JSON.stringify(plain))).toMatchObject({ exitCode: 0 });
    const labelled = await owner.kubectl(["label", "pod", "forged", "waystone.dev/waypoint=waypoint"]);
    expect(labelled.stderr).toContain("label waystone.dev/waypoint is for the pods of waypoints");
    await owner.kubectl(["delete", "pod", "forged", "--now", "--wait=false"]);
  });

  test("the controller's Deployment gets its pods from Kubernetes' own controllers", async () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "waypoint" },
      spec: { selector, template },
    };
    const controller = as("waystone-controller");
    await owner.kubectl(["delete", "deployment", "waypoint", "--ignore-not-found"]);
    expect(
      await owner.kubectl([...controller, "create", "-f", "-"], JSON.stringify(deployment)),
    ).toMatchObject({
      exitCode: 0,
    });
    const wait = ["wait", "--for=create", "--timeout=90s", "pod", "-l", "waystone.dev/waypoint=waypoint"];
    expect(await owner.kubectl(wait)).toMatchObject({ exitCode: 0 });
    const restart = await owner.kubectl(["rollout", "restart", "deployment", "waypoint"]);
    expect(restart).toMatchObject({ exitCode: 0 });
    await owner.kubectl(["delete", "deployment", "waypoint", "--wait=false"]);
  });
});
