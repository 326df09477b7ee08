/** How it ends: the first signal drains, the second one does not wait. */
import net from "node:net";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { openRecordingUpstream } from "@waystone/testkit/recording-upstream";
import { describe, expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { forms, readinessAddress } from "../../examples/harness/forms.ts";
import { frontText, type Scene, withScene } from "./harness/scene.ts";

/** A backend that answers when it is told to. */
async function slowFront(scene: Scene): Promise<{ asked: () => boolean; answer: () => void }> {
  const told = Promise.withResolvers<void>();
  let isAsked = false;
  const upstream = await openRecordingUpstream({
    answer: (_, connection) => {
      isAsked = true;
      void told.promise.then(() => connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate"));
      return undefined;
    },
  });
  scene.onClose(() => upstream.close());
  await scene.write("front.yaml", frontText({ ...scene.place, endpointPort: upstream.port }));
  return { asked: () => isAsked, answer: () => told.resolve() };
}

const request = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

describe.each(forms)("%s", (form) => {
  test("SIGTERM: not ready at once, the request under way is answered with Connection: close, exit code 0", () =>
    withScene(async (scene) => {
      const slow = await slowFront(scene);
      const running = await scene.start(form);
      const ready = form === "one process" ? running.statusAddress : await readinessAddress(running.waypoint);
      expect((await ask(`http://${ready}/healthz/ready`)).status).toBe(200);
      const client = await openRawClient({ host: scene.address, port: scene.port });
      await client.send(request);
      await eventually(slow.asked, "the request is under way");

      running.waypoint.signal("SIGTERM");
      await eventually(
        async () => (await ask(`http://${ready}/healthz/ready`)).status === 503,
        "it is not ready",
      );
      expect((await ask(`http://${ready}/healthz/ready`)).body).toContain("draining");
      expect(running.waypoint.hasExited).toBe(false);
      slow.answer();
      const response = await client.readResponse();
      expect([response.status, response.body.toString()]).toEqual([200, "late"]);
      expect(response.headers.map(([name, value]) => `${name}: ${value}`.toLowerCase())).toContain(
        "connection: close",
      );
      expect((await client.readUntilEnd()).state).toBe("ended");
      client.close();
      expect(await running.waypoint.exited).toBe(0);
      expect(running.waypoint.stdout).toContain('"response_code":200');
    }));
});

test("an idle connection does not hold the end back", () =>
  withScene(async (scene) => {
    await scene.front();
    const { waypoint } = await scene.start("one process");
    const client = await openRawClient({ host: scene.address, port: scene.port });
    await client.send(request);
    expect((await client.readResponse()).status).toBe(200);
    const start = performance.now();
    expect(await waypoint.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect((await client.readUntilEnd()).state).toBe("ended");
    client.close();
  }));

test("a second SIGTERM ends it at once, whatever is under way", () =>
  withScene(async (scene) => {
    const slow = await slowFront(scene);
    const { waypoint } = await scene.start("one process");
    const client = await openRawClient({ host: scene.address, port: scene.port });
    await client.send(request);
    await eventually(slow.asked, "the request is under way");
    waypoint.signal("SIGTERM");
    await waypoint.find(/shutting down/, "it drains");
    waypoint.signal("SIGTERM");
    expect(await waypoint.exited).toBe(128 + 15);
    await client.readUntilEnd();
    client.close();
  }));

test("what is still under way at the deadline is cut off, and the exit code is 0", () =>
  withScene(async (scene) => {
    const slow = await slowFront(scene);
    const { waypoint } = await scene.start("one process", "--drain-timeout", "200ms");
    const client = await openRawClient({ host: scene.address, port: scene.port });
    await client.send(request);
    await eventually(slow.asked, "the request is under way");
    expect(await waypoint.stop()).toBe(0);
    await client.readUntilEnd();
    client.close();
  }));

test("the port is free when it has ended", () =>
  withScene(async (scene) => {
    await scene.front();
    const { waypoint } = await scene.start("one process");
    expect(await waypoint.stop()).toBe(0);
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(scene.port, scene.address, resolve);
    });
    server.close();
  }));
