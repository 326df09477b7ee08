/** Policies in files, from the saved file to the answer, in one process and in two: in force, changed, shadowed, told, restarted. */
import { describe, expect, test } from "vitest";
import { ask, askMany, tally } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { forms } from "../../examples/harness/forms.ts";
import { TrafficFlow } from "../../examples/harness/traffic-flow.ts";
import { withScene } from "./harness/scene.ts";
import { statusOf } from "./harness/status-of.ts";

const frontend = { localAddress: "127.99.0.1" };
const stranger = { localAddress: "127.99.0.2" };

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: frontend, namespace: shop}
spec: {serviceAccountName: frontend, containers: [{name: frontend}]}
status: {phase: Running, podIP: 127.99.0.1, podIPs: [{ip: 127.99.0.1}]}
`;

function policy(rules: string, { mode = "Enforce", port = "", action = "ALLOW" } = {}): string {
  const section = port === "" ? "" : `, sectionName: ${port}`;
  return `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: guard, namespace: shop}
spec:
  mode: ${mode}
  action: ${action}
  targetRefs: [{group: "", kind: Service, name: web${section}}]
  rules: ${rules}
`;
}

const onlyFrontend = "[{from: [{source: {serviceAccounts: [frontend]}}]}]";

describe.each(forms)("%s", (form) => {
  test(
    "a policy is in force with the first request, and each change of it with the next",
    () =>
      withScene(async (scene) => {
        await scene.front();
        await scene.write("pod.yaml", pod);
        await scene.write("policy.yaml", policy(onlyFrontend));
        const { statusAddress } = await scene.start(form);
        expect(tally(await askMany(20, scene.url, stranger))).toEqual({ 403: 20 });
        expect((await ask(scene.url, frontend)).status).toBe(200);

        await eventually(async () => {
          const found = (await statusOf(statusAddress)).policies.find(({ name }) => name === "guard");
          const said = found?.conditions.map(({ type, status }) => `${type}=${status}`) ?? [];
          return said.join() === "Accepted=True,ResolvedRefs=True,Programmed=True";
        }, "the status says that it is in force");

        await scene.write("policy.yaml", policy(onlyFrontend, { mode: "Shadow" }));
        await eventually(
          async () => (await ask(scene.url, stranger)).status === 200,
          "a shadow denies nobody",
        );
        await scene.write("policy.yaml", policy("[{}]", { action: "DENY" }));
        await eventually(async () => (await ask(scene.url, frontend)).status === 403, "a DENY denies");
        // From now on nobody gets through, while it is said anew and anew.
        const flow = new TrafficFlow(scene.url, ({ status }) => status === 403);
        for (let i = 0; i < 5; i++) {
          await scene.write("policy.yaml", policy(`[{name: r${i}}]`, { action: "DENY" }));
          await askMany(20, scene.url);
        }
        expect((await flow.stop()).failures).toEqual([]);

        await scene.write("policy.yaml", policy("[{}]", { port: "lost" }));
        await eventually(async () => {
          const found = (await statusOf(statusAddress)).policies.find(({ name }) => name === "guard");
          return found?.conditions.find(({ type }) => type === "ResolvedRefs")?.reason === "SectionNotFound";
        }, "the status says that there is no such port");
        expect((await ask(scene.url, frontend)).status).toBe(403);
      }),
    60_000,
  );
});
