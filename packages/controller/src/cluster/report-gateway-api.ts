/**
 * Says in the log whether the Gateway API is there, when it is not, when it comes and when it is odd: once each. Its
 * definitions are applied one after the other, and what lies between is not worth a word.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Collection } from "@waystone/collection/collection";
import {
  describeAbsent,
  type GatewayApiRelease,
  installCommand,
  isInstalled,
} from "./gateway-api-release.ts";

const quietMs = 1_000;

export interface ReportGatewayApiOptions {
  /** A collection of one. */
  readonly release: Collection<GatewayApiRelease>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Returns the way to stop. To be called when the definitions are known: until then none are there. */
export function reportGatewayApi({ release, clock, logger }: ReportGatewayApiOptions): () => void {
  let said: GatewayApiRelease | undefined;
  let timer: Timer | undefined;
  const say = (): void => {
    const [now] = release.list();
    if (now === undefined || now === said) return;
    said = now;
    report(now, logger);
  };
  const stop = release.subscribe(() => {
    timer?.cancel();
    timer = clock.after(quietMs, say);
  });
  say();
  return () => {
    stop();
    timer?.cancel();
  };
}

function report(release: GatewayApiRelease, logger: Logger): void {
  const { missing, versions, channels, oddity } = release;
  const fields = { versions, channels };
  if (versions.length === 0) {
    logger.warn(
      {},
      "the Gateway API is not installed: enrolled Services get a waypoint, but there are no routes and no declared " +
        `waypoints until it is. ${installCommand}`,
    );
  } else if (!isInstalled(release)) {
    logger.warn(
      { ...fields, missing },
      `the Gateway API is not whole: ${oddity}. routes and declared waypoints may be missed until it is. ${installCommand}`,
    );
  } else if (oddity !== undefined) {
    logger.warn(
      fields,
      `the Gateway API is of an odd version: ${oddity}. it is used as it is. ${installCommand}`,
    );
  } else {
    logger.info(
      fields,
      `the Gateway API is installed: ${versions.join(", ")}, ${channels.join(", ")} channel${describeAbsent(release)}`,
    );
  }
}
