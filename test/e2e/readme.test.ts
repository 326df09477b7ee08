/** What the README tells a newcomer to type, typed. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { openEchoServer } from "@waystone/testkit/http-echo-server";
import { expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { repository } from "../../examples/harness/waystone-process.ts";
import { withScene } from "./harness/scene.ts";

test("the README's manifests serve, and rewrite as it says", () =>
  withScene(async (scene) => {
    const readme = readFileSync(path.join(repository, "README.md"), "utf8");
    const manifests = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? "";
    expect(manifests).toContain("kind: HTTPRoute");
    const server = await openEchoServer({ name: "hello" });
    scene.onClose(() => server.close());
    // Only the addresses are this test's own.
    const text = manifests
      .replace("127.20.9.1", scene.address)
      .replaceAll("port: 8080", `port: ${scene.port}`)
      .replace("port: 9000", `port: ${server.port}`);
    await scene.write("hello.yaml", text);
    await scene.start("one process");
    expect((await ask(`${scene.url}/files/a?b=c`)).status).toBe(200);
    expect(server.seen.map(({ target }) => target)).toEqual(["/a?b=c"]);
    expect((await ask(`${scene.url}/other`)).status).toBe(404);
  }));

test("the command runs from any folder, by its link in node_modules/.bin", () =>
  withScene(async (scene) => {
    await scene.write("hello.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n");
    const once = scene.command(["run", "-f", "hello.yaml", "--once"], {
      folder: scene.folder,
      command: path.join(repository, "node_modules/.bin/waystone"),
    });
    expect(await once.exited).toBe(0);
    expect(once.stdout).toContain("no Service has a waypoint");
  }));
