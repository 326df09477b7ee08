/** `waystone enroll`: what would happen to every Service, as the controller would decide it; then the annotation. */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import { fieldManagers, useWaypointKey, useWaypointNamespaceKey } from "@waystone/api/names";
import { renderTable } from "@waystone/base/table";
import type { CaptureTarget } from "@waystone/controller/capture/capture-view";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import { describeTarget, parseTarget, type Target } from "../cluster/parse-target.ts";
import { type Preview, previewCapture } from "../cluster/preview-capture.ts";
import type { EnrollOptions } from "../commands/enroll.ts";
import { renderYaml } from "../output/render-yaml.ts";

export async function enroll(words: readonly string[], options: EnrollOptions): Promise<string> {
  return await withCluster(options, async ({ transport, namespace }) => {
    const target = parseTarget(words, namespace);
    await requireTarget(transport, target);
    const enrolment = {
      target,
      waypoint: options.waypoint,
      waypointNamespace: options.waypointNamespace,
    };
    const preview = await previewCapture(transport, enrolment, options.systemNamespace);
    if (options.dryRun !== true) await annotate(transport, target, options);
    return render(preview, target, options);
  });
}

async function requireTarget(transport: Transport, target: Target): Promise<void> {
  const id = target.kind === "namespace" ? { name: target.name } : target;
  const object = await getObject<Namespace | Service>(transport, kinds[target.kind], id);
  if (object !== undefined) return;
  const where = target.kind === "service" ? ` in namespace ${target.namespace}` : "";
  throw new CliError(`${describeTarget(target)} does not exist${where}`);
}

async function annotate(transport: Transport, target: Target, options: EnrollOptions): Promise<void> {
  const patch = {
    metadata: {
      annotations: {
        [useWaypointKey]: options.waypoint,
        [useWaypointNamespaceKey]: options.waypointNamespace ?? null,
      },
    },
  };
  const id = target.kind === "namespace" ? { name: target.name } : target;
  const write = { fieldManager: `${fieldManagers.controller}-cli` };
  await patchObject(transport, kinds[target.kind], id, { type: "merge", patch }, write);
}

function render(preview: Preview, target: Target, options: EnrollOptions): string {
  const { services: rows, egressPolicies } = preview;
  if (options.output === "json") return `${JSON.stringify(preview, null, 2)}\n`;
  if (options.output === "yaml") return renderYaml(preview);
  const done =
    options.dryRun === true
      ? `${describeTarget(target)} would be enrolled (dry run)`
      : `${describeTarget(target)} enrolled`;
  if (rows.length === 0) return `${done}; there are no Services in it yet\n`;
  const table = renderTable(
    ["NAMESPACE", "SERVICE", "CHANGE", "WHY"],
    rows.map(({ service, before, after }) => {
      const [namespace = "", name = ""] = service.split("/");
      return [namespace, name, describeChange(before, after), describeReason(after)];
    }),
  );
  const next = options.dryRun === true ? "" : "\nwaystone status shows how far it has come\n";
  return `${done}\n\n${table}${describeEgress(egressPolicies, options.waypoint)}${next}`;
}

/** Which of them select a client of these Services nobody can know beforehand: any pod may be one. */
function describeEgress(policies: readonly string[], waypoint: string): string {
  if (policies.length === 0) return "";
  return (
    `\nthese NetworkPolicies limit where their pods may go: ${policies.join(", ")}; clients among them must be allowed to ` +
    `reach the waypoint (pods labelled waystone.dev/waypoint=${waypoint}, TCP ports 10000 to 29999), as they are the Services' pods now\n`
  );
}

function describeChange(before: CaptureTarget, after: CaptureTarget): string {
  if (after.is === "direct") return before.is === "captured" ? "given back" : "stays direct";
  if (before.is === "captured" && before.waypoint === after.waypoint) return `already at ${after.waypoint}`;
  const verb = before.is === "captured" ? "moves to" : "captured by";
  return `${verb} ${after.waypoint}`;
}

function describeReason(after: CaptureTarget): string {
  if (after.is === "direct") {
    if (after.refusal === undefined) return "opted out";
    return `${after.refusal.reason}: ${after.refusal.message}`;
  }
  const ports = after.ports.join(", ");
  const how =
    after.way === "by-selector"
      ? "its selector and targetPorts change"
      : "its selector changes, and EndpointSlices of Waystone take the place of its own";
  return `${after.by}; port ${ports}; ${how}; connections that are open now stay where they are until they close`;
}
