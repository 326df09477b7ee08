/**
 * Until a Service is answered as it should be, by what its clients see: what the API server has, and what a node's kube-proxy
 * and every waypoint make of it, are moments apart.
 */
import { until } from "../until.ts";
import type { LoadAnswer } from "./steady-load.ts";

export interface AnsweredPlace {
  readonly clusterIp: string;
  readonly port?: number;
}

/** Ten times in a row, on fresh connections: a kept one would stay where it once led. */
export async function untilAnswered(
  { clusterIp, port = 80 }: AnsweredPlace,
  isRight: (answer: LoadAnswer) => boolean,
): Promise<void> {
  const headers = { connection: "close" };
  const ask = async (): Promise<LoadAnswer | undefined> => {
    const response = await fetch(`http://${clusterIp}:${port}/`, { headers }).catch(() => undefined);
    return response?.status === 200 ? ((await response.json()) as LoadAnswer) : undefined;
  };
  let inARow = 0;
  await until(
    async () => {
      const answer = await ask();
      inARow = answer !== undefined && isRight(answer) ? inARow + 1 : 0;
      return inARow === 10;
    },
    { deadlineMs: 60_000, describe: () => `port ${port} of ${clusterIp} is not answered as it should` },
  );
}
