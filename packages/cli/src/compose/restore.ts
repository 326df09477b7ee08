/** `waystone restore`: every captured Service that is meant, put back one after another; what fails does not stop the rest. */
import { errorMessage } from "@waystone/base/error-message";
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { isPointedByUs } from "@waystone/controller/capture/restore-front";
import { isServiceCondition } from "@waystone/controller/status/merge-status";
import { listObjects } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import { type CapturedService, putBack, removeMarks } from "../cluster/put-back.ts";
import { removeRuntimeObjects, stopController } from "../cluster/uninstall.ts";
import type { RestoreOptions } from "../commands/restore.ts";

export async function restore(
  names: readonly string[],
  options: RestoreOptions,
  print: (line: string) => void,
): Promise<void> {
  if (options.uninstall === true && options.all !== true) {
    throw new CliError("--uninstall is for all Services: give --all too");
  }
  if (options.all === true && names.length > 0) {
    throw new CliError(`--all means every Service: leave out ${names.join(", ")}, or --all`);
  }
  await withCluster(options, async ({ transport, namespace }) => {
    const isUninstall = options.uninstall === true && options.dryRun !== true;
    // First, or it would capture again what is put back.
    if (isUninstall) await stopController(transport, options.systemNamespace, options.timeout, print);
    const all = await listCaptured(transport, options.all === true ? undefined : namespace);
    const captured = pick(all, names, namespace);
    const failures = await putAllBack(transport, captured, options, print);
    if (failures > 0)
      throw new CliError(`${failures} of ${captured.length} Services are not put back; see above`);
    if (captured.length > 0 && !isUninstall && options.dryRun !== true) print(leftToController);
    if (captured.length === 0)
      print(`no Service is captured${options.all === true ? "" : ` in ${namespace}`}`);
    if (!isUninstall) return;
    await forgetStatuses(transport);
    await removeRuntimeObjects(transport, options.systemNamespace, print);
  });
}

const leftToController =
  "shadows stay while clients keep connections to a waypoint: a controller takes them away, now or when it is back; " +
  "with none to come, run this command once more";

/** At a time: whoever waits for one Service's endpoints need not wait for another's. */
const concurrency = 8;

/** How many could not be put back. */
async function putAllBack(
  transport: Transport,
  captured: readonly CapturedService[],
  options: RestoreOptions,
  print: (line: string) => void,
): Promise<number> {
  const waiting = [...captured];
  let failures = 0;
  const work = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      if (!(await putOneBack(transport, each, options, print))) failures++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return failures;
}

async function putOneBack(
  transport: Transport,
  captured: CapturedService,
  options: RestoreOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const name = `${captured.front.metadata.namespace}/${captured.front.metadata.name}`;
  if (options.dryRun === true) {
    print(`service/${name} would be put back (dry run)`);
    return true;
  }
  try {
    const keepsMarker = options.uninstall !== true;
    const remark = await putBack(transport, captured, { timeoutMs: options.timeout, keepsMarker });
    print(`service/${name} put back${remark}`);
    return true;
  } catch (thrown) {
    print(`service/${name} not put back: ${errorMessage(thrown)}`);
    return false;
  }
}

/** All that point at us, and those that only have a shadow left of us. */
async function listCaptured(
  transport: Transport,
  namespace: string | undefined,
): Promise<readonly CapturedService[]> {
  const services = await listObjects<Service>(
    transport,
    kinds.service,
    namespace === undefined ? {} : { namespace },
  );
  const shadows = new Map<string, Service>();
  for (const service of services) {
    const front = service.metadata.labels?.[captureKeys.shadowOf];
    if (front !== undefined) shadows.set(`${service.metadata.namespace}/${front}`, service);
  }
  return services.flatMap((front) => {
    if (front.metadata.labels?.[captureKeys.shadowOf] !== undefined) return [];
    const shadow = shadows.get(`${front.metadata.namespace}/${front.metadata.name}`);
    return shadow !== undefined || isPointedByUs(front, undefined) ? [{ front, shadow }] : [];
  });
}

/** Services that were only meant to be captured say so in their status: nobody would keep that true. */
async function forgetStatuses(transport: Transport): Promise<void> {
  for (const service of await listObjects<Service>(transport, kinds.service)) {
    const isMarked = service.status?.conditions?.some(({ type }) => isServiceCondition(type)) ?? false;
    if (isMarked) await removeMarks(transport, service, false);
  }
}

function pick(
  captured: readonly CapturedService[],
  names: readonly string[],
  namespace: string,
): readonly CapturedService[] {
  if (names.length === 0) return captured;
  const wanted = names.map((name) => name.replace(/^(service|services|svc)\//, ""));
  const missing = wanted.filter((name) => !captured.some(({ front }) => front.metadata.name === name));
  if (missing.length > 0) {
    throw new CliError(
      `${missing.join(", ")}: no captured Service of that name in namespace ${namespace}; waystone status shows those that are`,
    );
  }
  return captured.filter(({ front }) => wanted.includes(front.metadata.name));
}
