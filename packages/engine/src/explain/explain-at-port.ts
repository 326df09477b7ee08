/** One question to one Service port of a waypoint: a request, or a connection where the port is not HTTP. */
import type { AskedPort, AskedWaypoint } from "./asked-port.ts";
import { Chain } from "./chain.ts";
import { explainConnection } from "./explain-connection.ts";
import { explainRequest } from "./explain-request.ts";
import type { Explanation } from "./explanation.ts";
import type { Question } from "./question.ts";

/** `chain`: with what is known before the request comes to the port. */
export function explainAtPort(
  port: AskedPort,
  waypoint: AskedWaypoint,
  question: Question,
  chain: Chain = new Chain(),
): Explanation {
  if (port.protocol === "http") explainRequest(chain, port, waypoint, question);
  else explainConnection(chain, port, waypoint, question);
  return chain.finish();
}
