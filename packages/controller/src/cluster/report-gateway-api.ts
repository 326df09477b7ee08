/** Says in the log whether the Gateway API is there, when it is not, when it comes and when it is odd: once each. */
import type { Logger } from "@waystone/base/logger";
import type { Collection } from "@waystone/collection/collection";
import { type GatewayApiRelease, installCommand, isInstalled } from "./gateway-api-release.ts";

/** Returns the way to stop. To be called when the definitions are known: until then none are there. */
export function reportGatewayApi(release: Collection<GatewayApiRelease>, logger: Logger): () => void {
  return release.subscribe(
    (events) => {
      for (const event of events) if (event.type !== "delete") report(event.item, logger);
    },
    { replay: true },
  );
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
      `the Gateway API is not whole: ${oddity}. without them routes and waypoints are not read; ${installCommand}`,
    );
  } else if (oddity !== undefined) {
    logger.warn(
      fields,
      `the Gateway API is of an odd version: ${oddity}. it is used as it is; ${installCommand}`,
    );
  } else {
    logger.info(
      fields,
      `the Gateway API is installed: ${versions.join(", ")}, ${channels.join(", ")} channel`,
    );
  }
}
