/** How a captured Service is put back by hand, and what does not put it back by accident. */
import { beforeAll, describe, expect, test } from "vitest";
import { asWritten, kept, policySuite, web } from "./policy-suite.ts";

const { as, captured, owner } = policySuite("owners-release");

describe("putting a Service back by hand", () => {
  beforeAll(async () => {
    const binding = ["create", "rolebinding", "editor", "--clusterrole=edit", "--user=editor"];
    expect(await owner.kubectl(binding)).toMatchObject({ exitCode: 0 });
  });

  test("marker, selector and ports together: the policy lets go, and owners write as before", async () => {
    const service = await captured();
    expect(await owner.patch(service.name, "merge", await service.releasePatch())).toMatchObject({
      exitCode: 0,
    });
    expect(await service.front()).toEqual(asWritten(web));
    expect(Object.keys((await service.read()).metadata.annotations ?? {})).toEqual([
      "kubectl.kubernetes.io/last-applied-configuration",
      "waystone.dev/release",
    ]);
    const after = { ...web, selector: { app: "shop" } };
    await owner.write("client-side apply", service.name, after, false);
    expect(await service.front()).toEqual(asWritten(after));
  });

  test("needs the permission to release: without it the Service stays captured", async () => {
    const service = await captured();
    const patch = JSON.stringify(await service.releasePatch());
    const args = ["--as", "editor", "patch", "service", service.name, "--type", "merge", "-p", patch];
    expect(await owner.kubectl(args)).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(kept);
  });

  test("needs the marker: with the permission alone the Service stays captured", async () => {
    const service = await captured();
    const patch = (await service.releasePatch()) as {
      metadata: { annotations: Record<string, string | null> };
    };
    const annotations = { ...patch.metadata.annotations, "waystone.dev/release": null };
    const sent = { ...patch, metadata: { ...patch.metadata, annotations } };
    expect(await owner.patch(service.name, "merge", sent)).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(kept);
  });

  test("needs the ports as well: half a patch would leave a targetPort where nobody listens", async () => {
    const service = await captured();
    const annotations = { "waystone.dev/release": "true" };
    const selector = { $patch: "replace", ...web.selector };
    expect(
      await owner.patch(service.name, "strategic", { metadata: { annotations }, spec: { selector } }),
    ).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(kept);
  });

  test("is no effect of a marker that is there when a manifest is applied again", async () => {
    const service = await captured();
    await owner.kubectl(["annotate", "service", service.name, "waystone.dev/release=true"]);
    await owner.write("client-side apply", service.name, web, false);
    expect(await service.front()).toEqual(kept);
  });

  test("the account that restores at uninstall needs no marker", async () => {
    const service = await captured();
    const patch = (await service.releasePatch()) as {
      metadata: { annotations: Record<string, string | null> };
    };
    const annotations = { ...patch.metadata.annotations, "waystone.dev/release": null };
    const sent = JSON.stringify({ ...patch, metadata: { ...patch.metadata, annotations } });
    const args = [...as("waystone-restore"), "patch", "service", service.name, "--type", "merge", "-p", sent];
    expect(await owner.kubectl(args)).toMatchObject({ exitCode: 0 });
    expect(await service.front()).toEqual(asWritten(web));
  });
});
