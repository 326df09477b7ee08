/** The status document of an admin address. */
import type { StatusReport } from "@waystone/controller/status/report";
import { ask } from "../../../examples/harness/ask.ts";

export async function statusOf(address: string): Promise<StatusReport> {
  return JSON.parse((await ask(`http://${address}/status`)).body) as StatusReport;
}
