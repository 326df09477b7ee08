/**
 * `npm run demo`: the canary, played through. Two real HTTP servers, a real `waystone run` (`--two`: a controller and a
 * waypoint) on a copy of this folder's manifests, real requests. Exits 0 only if everything that it claims was so.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ask, askMany, closeConnections, tally } from "../harness/ask.ts";
import { BackendProcess } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { type Form, startWaystone } from "../harness/forms.ts";
import { Story } from "../harness/story.ts";
import { TrafficFlow } from "../harness/traffic-flow.ts";

const web = "http://127.20.0.10:8080";
const form: Form = process.argv.includes("--two") ? "two processes" : "one process";
const story = new Story();
const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-demo-"));
const routeFile = path.join(folder, "route.yaml");
await cp(path.join(import.meta.dirname, "manifests"), folder, { recursive: true });

/** What `kubectl edit` would do: one number in the file. */
async function setWeights(stable: number, canary: number): Promise<void> {
  const text = await readFile(routeFile, "utf8");
  const weigh = (name: string, weight: number) => (before: string) =>
    before.replace(new RegExp(`(name: ${name}, .*weight: )\\d+`), `$1${weight}`);
  await writeFile(routeFile, weigh("web-canary", canary)(weigh("web-stable", stable)(text)));
}

story.chapter("two servers, stable and canary, and waystone between them and their clients");
const stable = await BackendProcess.start("canary", "stable");
const canary = await BackendProcess.start("canary", "canary");
const waystone = await startWaystone(form, folder);
story.say(
  form === "one process"
    ? "$ waystone run -f manifests/"
    : "$ waystone controller ... & waystone waypoint ...",
);

try {
  story.chapter("who asks for the canary gets it: 50 requests with x-canary: true");
  const asked = tally(await askMany(50, web, { headers: { "x-canary": "true" } }));
  story.claim(asked["canary"] === 50, `answered by: ${describe(asked)}`);

  story.chapter("of all others, one in ten does: 1000 requests");
  const others = tally(await askMany(1000, web));
  story.claim(isAbout(others["canary"], 100, 50), `answered by: ${describe(others)}`);

  story.chapter("90/10 becomes 50/50 in the file, while traffic flows");
  const flow = new TrafficFlow(web);
  await flow.reach(300);
  await setWeights(50, 50);
  // From 10 to 50 of 100 at a time: three in ten are far from both by chance.
  await eventually(() => flow.recent(100)["canary"]! >= 30, "the new weights are in effect");
  await flow.reach(flow.count + 600);
  const changed = await flow.stop();
  story.claim(isAbout(flow.recent(500)["canary"], 250, 60), `the last 500: ${describe(flow.recent(500))}`);
  story.claim(changed.failed === 0, `${changed.total} requests during the change, ${changed.failed} failed`);

  story.chapter("the canary dies");
  await canary.kill();
  const dead = await ask(web, { headers: { "x-canary": "true" } });
  story.claim(dead.status === 503, `x-canary: true gets ${dead.status} at once: ${dead.body.trim()}`);
  await setWeights(100, 0);
  await eventually(
    async () => (await askMany(40, web)).every(({ status }) => status === 200),
    "the weights are 100/0",
  );
  const saved = tally(await askMany(200, web));
  story.claim(saved["stable"] === 200, `weights 100/0 in the file, answered by: ${describe(saved)}`);

  story.chapter("what the access log says of the request that failed");
  const isFailure = (line: string): boolean => line.includes('"response_code":503');
  await eventually(() => waystone.waypoint.stdout.split("\n").some(isFailure), "the access log has it");
  const line = waystone.waypoint.stdout.split("\n").find(isFailure) ?? "{}";
  const entry = JSON.parse(line) as Record<string, unknown>;
  story.show(
    pick(entry, [
      "method",
      "path",
      "response_code",
      "response_flags",
      "reason",
      "route_name",
      "upstream_host",
      "upstream_transport_failure_reason",
    ]),
  );
  story.claim(
    entry["response_flags"] === "UF" && entry["route_name"] === "shop/web/0",
    "it names the route, the endpoint and the cause",
  );

  story.chapter("what the metrics say");
  const metrics = (await ask(`http://${waystone.metricsAddress}/metrics`)).body;
  const counts = metrics.split("\n").filter((each) => each.startsWith("istio_requests_total{"));
  const summary = counts.map(shorten);
  for (const each of summary) story.say(each);
  const total = counts.reduce((sum, each) => sum + Number(each.slice(each.lastIndexOf(" "))), 0);
  story.claim(total >= 2000, `${total} requests, by version and outcome`);
} catch (error) {
  story.claim(false, error instanceof Error ? error.message : String(error));
} finally {
  closeConnections();
  await waystone.stop();
  await stable.kill();
  await canary.kill();
  await rm(folder, { recursive: true });
}
story.end();

function isAbout(count: number | undefined, expected: number, tolerance: number): boolean {
  return count !== undefined && Math.abs(count - expected) <= tolerance;
}

function describe(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

function pick(
  entry: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, entry[key]]));
}

/** Of thirty labels, those that differ here. */
function shorten(line: string): string {
  const label = (name: string): string => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? "";
  const labels = ["destination_service_name", "destination_version", "response_code", "response_flags"];
  const shown = labels.map((name) => `${name}="${label(name)}"`).join(",");
  return `istio_requests_total{${shown},...}${line.slice(line.lastIndexOf(" "))}`;
}
