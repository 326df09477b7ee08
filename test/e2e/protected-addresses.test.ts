/** No request reaches our own admin and push addresses, whatever the files say. */
import { freePort } from "@waystone/testkit/free-port";
import { expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { pushAddress, startController, startWaypoint } from "../../examples/harness/forms.ts";
import { frontText, withScene } from "./harness/scene.ts";

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(":") + 1));

test("`waystone run`: an endpoint that is its admin address is not dialled", () =>
  withScene(async (scene) => {
    const admin = await freePort();
    await scene.write("front.yaml", frontText({ ...scene.place, endpointPort: admin }));
    const run = scene.command(["run", "-f", scene.folder, "--admin", `127.0.0.1:${admin}`]);
    await run.find(/ serving/, "it serves");
    expect((await ask(`http://127.0.0.1:${admin}/status`)).status).toBe(200);
    const { status, body } = await ask(`${scene.url}/status`);
    expect([status, body.trim()]).toEqual([503, "the endpoint's address may not be dialled"]);
  }));

test("`waystone waypoint`: nor its admin, its metrics, its readiness or the controller's push address", () =>
  withScene(async (scene) => {
    await scene.front();
    const controller = startController(scene.folder, "127.0.0.1:0");
    scene.onClose(() => controller.stop());
    const push = await pushAddress(controller);
    const waypoint = startWaypoint(push);
    scene.onClose(() => waypoint.stop());
    await waypoint.find(/"serving"/, "it serves");
    const places = [...waypoint.stderr.matchAll(/(?:readiness|metrics|admin) on http:\/\/([\d.:]+\d)/g)];
    const addresses = [push, ...places.map(([, place = ""]) => place)];
    expect(addresses).toHaveLength(4);
    for (const address of addresses) {
      await scene.write("front.yaml", frontText({ ...scene.place, endpointPort: portOf(address) }));
      await waypoint.find(/"serving"/, "it serves");
      await expect
        .poll(async () => (await ask(scene.url)).body.trim())
        .toBe("the endpoint's address may not be dialled");
    }
  }));
