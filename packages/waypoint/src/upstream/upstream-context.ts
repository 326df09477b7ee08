/** What every connection to an endpoint needs; one per worker. */
import type { Clock } from "@waystone/base/clock";
import type { Deadlines } from "../listener/deadlines.ts";
import type { ReadBuffers } from "../listener/socket-reader.ts";
import type { Http2Context } from "../http/h2/http2-context.ts";
import type { WaypointSettings } from "../settings.ts";
import type { DialPace } from "./dial-pace.ts";

export interface UpstreamContext {
  readonly settings: WaypointSettings;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly buffers: ReadBuffers;
  readonly dials: DialPace;
  readonly http2: Http2Context;
}
